"""Writes a job's reports into its folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from evaluation import _report
from evaluation.jobs._store import MANIFEST, prune, write_data, write_text

if TYPE_CHECKING:
    from pathlib import Path

    from evaluation._resample import Difference
    from evaluation.jobs._job import Outcome
    from evaluation.jobs._plan import Plan

NAMES = {"markdown": "report.md", "json": "report.json", "html": "report.html"}


def write_reports(outcome: Outcome, plan: Plan) -> dict[str, Path]:
    """Write the reports that the job is configured for; return their paths by format."""
    folder = plan.folder / "report"
    files: dict[str, Path] = {one: folder / NAMES[one] for one in plan.config.formats}
    for one, path in files.items():
        write_text(path, _content(one, outcome, plan))
    counts = {f"{r['set']}/{r['system']}": r["counts"] for r in outcome.reports}
    write_data(
        folder / MANIFEST, {"files": [path.name for path in files.values()], "counts": counts}
    )
    prune(folder, {folder / MANIFEST, *files.values()})
    return files


def _content(form: str, outcome: Outcome, plan: Plan) -> str:
    if form == "markdown":
        return as_markdown_text(outcome)
    if form == "json":
        return json.dumps(as_data(outcome), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    from evaluation.reports._page import page

    return page(outcome, plan)


def as_data(outcome: Outcome) -> dict[str, Any]:
    """Return all reports, differences and failed gates as plain data."""
    return {
        "results": outcome.reports,
        "footprints": outcome.footprints,
        "differences": [
            {
                "title": one.title,
                "metrics": {name: _difference(part) for name, part in one.differences.items()},
            }
            for one in outcome.differences
        ],
        "gates_failed": outcome.breaches,
    }


_PARTS = ("first", "second", "difference", "low", "high", "p_randomisation", "p_bootstrap")


def _difference(one: Difference) -> dict[str, float | None]:
    values = {name: float(getattr(one, name)) for name in _PARTS}
    return {name: None if value != value else value for name, value in values.items()}  # noqa: PLR0124


def as_markdown_text(outcome: Outcome) -> str:
    """Return all tables as Markdown: failed gates first, then differences, then results."""
    parts = []
    if outcome.breaches:
        lines = "\n".join(f"- {line}" for line in outcome.breaches)
        parts.append(f"**{len(outcome.breaches)} gates failed**\n\n{lines}\n")
    for one in outcome.differences:
        table = _report.markdown_table(_report.differences(one.differences))
        parts.append(f"### Against the baseline: {one.title}\n\n{table}\n")
    failed = [
        f"- {one['system']} failed on {one['set']}, document `{name}`: {reason}"
        for one in outcome.reports
        for name, reason in one["failed"].items()
    ]
    if failed:
        head = "**Documents that were skipped because a system failed**\n\n"
        parts.append(head + "\n".join(failed) + "\n")
    parts.append(_report.markdown(outcome.reports))
    if outcome.footprints:
        table = _report.markdown_table(_report.footprint_table(outcome.footprints))
        parts.append(f"### Speed and footprint\n\n{table}\n")
        parts += [f"- {line}" for line in _report.unmeasured(outcome.footprints)]
    return "\n".join(parts)
