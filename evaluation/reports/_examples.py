"""The rows that a page shows: of each system and set the worst, those made worse first."""

from __future__ import annotations

import heapq
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluation.jobs._store import read_rows
from evaluation.reports._aligned import Mark, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evaluation.jobs._plan import Plan

_LONGEST = 2000  # characters of each plain text shown; the job's score files hold all


def examples(plan: Plan) -> list[dict[str, Any]]:
    """Return the rows to show, the worst of all first.

    Each has ``set``, ``system``, ``id``, ``worse`` (wrong tokens more than before), ``counts``,
    ``pieces`` (see `_aligned.pieces`) and the three texts.
    """
    shown = []
    for pair in plan.pairs:
        for _, _, row in _worst(plan, pair):
            shown.append(_example(pair, row))
    shown.sort(key=lambda one: (-one["worse"], -one["broken"], one["set"], one["system"]))
    return shown


def _worst(
    plan: Plan, pair: tuple[str, str]
) -> list[tuple[tuple[float, ...], int, dict[str, Any]]]:
    """Return the worst rows: most tokens more wrong than before, then most broken, then wrong."""
    rows = (
        (_harm(row), -number, row)
        for number, row in enumerate(_rows(plan, pair))
        if any(_harm(row)[1:])
    )
    return heapq.nlargest(plan.config.examples, rows, key=lambda one: one[:2])


def _rows(plan: Plan, pair: tuple[str, str]) -> Iterator[dict[str, Any]]:
    for task in plan.scored(pair):
        yield from read_rows(Path(task["target"]))


def _harm(row: dict[str, Any]) -> tuple[float, ...]:
    counts = row["counts"]
    worse = counts.get("after", 0) - counts.get("garbled", 0)
    return (worse, *(counts.get(name, 0) for name in ("broken", "wrong", "missed")))


def _example(pair: tuple[str, str], row: dict[str, Any]) -> dict[str, Any]:
    system, name = pair
    worse, broken, wrong, missed = _harm(row)
    found = pieces(row)
    verdicts = sorted({one.verdict for one in found if isinstance(one, Mark)})
    return {
        "set": name,
        "system": system,
        "id": row["id"],
        "worse": int(worse),
        "broken": int(broken),
        "wrong": int(wrong),
        "missed": int(missed),
        "fixed": int(row["counts"].get("fixed", 0)),
        "verdicts": " ".join(verdicts),
        "pieces": found,
        **{key: _cut(row[key]) for key in ("source", "hypothesis", "reference")},
    }


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"
