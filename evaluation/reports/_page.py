"""The HTML page: one file that needs nothing else, and runs nothing but its own small script."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from evaluation import _report
from evaluation._metrics import MEANINGS
from evaluation._templates import jinja
from evaluation.reports._aligned import VERDICTS, Mark
from evaluation.reports._examples import examples
from evaluation.reports._plots import error_types, plots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation.jobs._job import Outcome
    from evaluation.jobs._plan import Plan

Report = dict[str, Any]


def needed() -> Any:  # noqa: ANN401 - a module that may be missing
    """Return what makes the page: Jinja2.

    Raises:
        EvaluationError: it is not installed.
    """
    return jinja("the HTML report", ", or leave html out of `formats`")


def page(outcome: Outcome, plan: Plan) -> str:
    """Return the page.

    All text goes through Jinja2's escaping, and the page's own policy lets browsers run no script
    but the one whose hash it names: HTML in a corpus is shown, never run.

    Raises:
        EvaluationError: Jinja2 is not installed.
    """
    jinja2 = needed()
    loader = jinja2.PackageLoader("evaluation.reports", "templates")
    made: Any = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    made.tests["mark"] = lambda one: isinstance(one, Mark)
    script, style = _resource("page.js"), _resource("page.css")
    found: str = made.get_template("page.html").render(
        style=style, script=script, policy=_policy(script, style), verdicts=VERDICTS,
        sets=[_set(name, group) for name, group in _report.by_set(outcome.reports).items()],
        examples=examples(plan), outcome=outcome, gates=plan.config.fail_on,
        differences=[(d.title, *_report.differences(d.differences)) for d in outcome.differences],
        costs=_report.footprint_table(outcome.footprints),
        unmeasured=_report.unmeasured(outcome.footprints),
        baseline=plan.config.baseline, **_totals(outcome.reports),
    )  # fmt: skip
    return found


def _resource(name: str) -> str:
    return (files("evaluation.reports") / "templates" / name).read_text(encoding="utf-8")


def _policy(script: str, style: str) -> str:
    """Return a content security policy: nothing is fetched, only what has these hashes runs."""
    hashes = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in (script, style)
    ]
    return (
        f"default-src 'none'; script-src 'sha256-{hashes[0]}'; style-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _totals(reports: Sequence[Report]) -> dict[str, Any]:
    return {
        "systems": list(dict.fromkeys(one["system"] for one in reports)),
        "set_names": list(dict.fromkeys(one["set"] for one in reports)),
        "failed": [
            (one, name, reason) for one in reports for name, reason in one["failed"].items()
        ],
    }


def _set(name: str, group: list[Report]) -> dict[str, Any]:
    """Return all that the page shows of a test set."""
    names = _report.leading(group)
    return {
        "name": name,
        "kind": group[0]["kind"],
        "group": group,
        "columns": [(one, MEANINGS[one][0], MEANINGS[one][1]) for one in names],
        "rows": [_row(names, one, group) for one in group],
        "counts": [(one["system"], _report.count_line(one)) for one in group],
        "bars": error_types(group),
        "plots": plots(group),
        "slices": _slices(group, names),
        "relations": _relations(group),
        "preservation": _preservation(group),
    }


def _row(names: Sequence[str], one: Report, group: Sequence[Report]) -> dict[str, Any]:
    cells = []
    for name in names:
        value, low, high = one["metrics"].get(name, [None] * 3)
        cells.append({
            "value": _report.show(name, value),
            "sort": "" if value is None else value,
            "interval": _interval(name, low, high),
            "best": value is not None and len(group) > 1 and value == _best(name, group),
        })  # fmt: skip
    speed = one["speed"]["words_per_second"]
    return {"system": one["system"], "cells": cells, "speed": speed,
            "speed_text": f"{speed:,}" if speed else "-"}  # fmt: skip


def _interval(name: str, low: float | None, high: float | None) -> str:
    if low is None or low == high:
        return ""
    return f"{_report.show(name, low)} to {_report.show(name, high)}"


def _best(name: str, group: Sequence[Report]) -> float | None:
    values = [one["metrics"][name][0] for one in group if name in one["metrics"]]
    known = [value for value in values if value is not None]
    sign = MEANINGS[name][1]
    if not known or sign == "0":
        return None
    return float(max(known) if sign == "+" else min(known))


def _slices(group: Sequence[Report], names: Sequence[str]) -> list[dict[str, Any]]:
    """Return a table a slice: a row for each value, a column for each system's leading metric."""
    lead = [name for name in (names[0], "break_rate") if name in group[0]["metrics"]]
    lead = list(dict.fromkeys(lead))
    tables = []
    for key in dict.fromkeys(key for one in group for key in one["slices"]):
        values = dict.fromkeys(v for one in group for v in one["slices"].get(key, ()))
        rows = [(value, _size(group, key, value), _sliced(group, key, value, lead))
                for value in values]  # fmt: skip
        heads = [f"{one['system']}: {name}" for one in group for name in lead]
        tables.append({"key": key, "heads": heads, "rows": rows})
    return tables


def _size(group: Sequence[Report], key: str, value: str) -> int:
    sizes = [one["slices"].get(key, {}).get(value, {}).get("n", 0) for one in group]
    return int(max(sizes))


def _sliced(group: Sequence[Report], key: str, value: str, lead: Sequence[str]) -> list[str]:
    parts = [one["slices"].get(key, {}).get(value, {}).get("metrics", {}) for one in group]
    return [_report.show(name, part.get(name)) for part in parts for name in lead]


def _relations(group: Sequence[Report]) -> dict[str, Any] | None:
    names = dict.fromkeys(name for one in group for name in one["relations"])
    if not names:
        return None
    rows = []
    for name in names:
        pairs = [one["relations"].get(name, (0, 0)) for one in group]
        shares = [f"{fixed / total:.3f}" if total else "-" for total, fixed in pairs]
        rows.append((name, max(total for total, _ in pairs), shares))
    return {"heads": [one["system"] for one in group], "rows": rows}


def _preservation(group: Sequence[Report]) -> list[tuple[str, list[str]]]:
    """Return what was lost or made up of each kind, a column a system; none if all was kept."""
    rows = []
    for kind in group[0]["preservation"]:
        found = [one["preservation"][kind] for one in group]
        if any(one["lost"] or one["made_up"] for one in found):
            cells = [f"{one['lost']} lost, {one['made_up']} made up" for one in found]
            rows.append((kind, cells))
    return rows
