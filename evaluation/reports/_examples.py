"""The rows that a page shows: of each system and set the worst, those made worse first."""

from __future__ import annotations

import heapq
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluation.jobs._store import MANIFEST, read_manifest, read_rows
from evaluation.reports._aligned import Mark, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.jobs._plan import Pair, Plan

_LONGEST = 2000  # characters of each plain text shown; the job's score files hold all

Harm = tuple[float, ...]  # the worse, the higher: see `_harm`


def examples(plan: Plan) -> list[dict[str, Any]]:
    """Return the rows to show, the worst of all first.

    With a baseline, the rows lead that are worse than there; then, and without one, those that are
    worse than their source. Systems that leave everything as it is are left out.

    Each has ``set``, ``system``, ``id``, ``regressed`` (wrong tokens more than in the baseline, or
    None), ``worse`` (more than in the source), counts, ``pieces`` (see `_aligned.pieces`) and the
    three texts.
    """
    shown = []
    for pair in plan.pairs:
        if plan.systems[pair[0]][1] != "as-is":
            shown += [(harm, _example(pair, row, harm)) for harm, _, row in _worst(plan, pair)]
    shown.sort(key=lambda one: one[0], reverse=True)
    return [one for _, one in shown]


def _worst(plan: Plan, pair: Pair) -> list[tuple[Harm, int, dict[str, Any]]]:
    before = _baseline(plan, pair)
    every = ((_harm(row, before), -n, row) for n, row in enumerate(_rows(plan, pair)))
    wrong = (one for one in every if any(one[0][2:]))
    return heapq.nlargest(plan.config.examples, wrong, key=lambda one: one[:2])


def _rows(plan: Plan, pair: Pair) -> Iterator[dict[str, Any]]:
    for task in plan.scored(pair):
        yield from read_rows(Path(task["target"]))


def _baseline(plan: Plan, pair: Pair) -> dict[str, float]:
    """Return how many tokens of each row were wrong in the baseline, if that is a job's folder."""
    folder = Path(plan.config.baseline) / "score" if plan.config.baseline else None
    if folder is None or not (folder / MANIFEST).exists():
        return {}
    system, name = pair
    files = read_manifest(folder)["files"].get(f"{name}/{system}", ())
    rows = (row for file in files for row in read_rows(folder / name / system / file))
    return {row["id"]: row["counts"].get("after", 0) for row in rows}


def _harm(row: dict[str, Any], before: dict[str, float]) -> Harm:
    """Return tokens more wrong than in the baseline, than in the source; broken, wrong, missed."""
    counts = row["counts"]
    after = counts.get("after", 0)
    regressed = after - before.get(row["id"], after)
    counted = (counts.get(name, 0) for name in ("broken", "wrong", "missed"))
    return (regressed, after - counts.get("garbled", 0), *counted)


def _example(pair: Pair, row: dict[str, Any], harm: Harm) -> dict[str, Any]:
    names = ("regressed", "worse", "broken", "wrong", "missed")
    found = pieces(row)
    verdicts = sorted({one.verdict for one in found if isinstance(one, Mark)})
    return {
        "set": pair[1],
        "system": pair[0],
        "id": row["id"],
        **{name: int(value) for name, value in zip(names, harm, strict=True)},
        "fixed": int(row["counts"].get("fixed", 0)),
        "verdicts": " ".join(verdicts),
        "pieces": found,
        **{key: _cut(row[key]) for key in ("source", "hypothesis", "reference")},
    }


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"
