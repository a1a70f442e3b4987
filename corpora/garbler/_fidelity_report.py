"""The fidelity report as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpora.garbler._reach import OFFERED

if TYPE_CHECKING:
    from corpora.garbler.fidelity import Behaviour, Fidelity, Reach

_ROWS = (
    ("tokens altered", "altered"),
    ("pairs one WordNet step apart", "one_step"),
    ("pairs two steps apart, sisters included", "far"),
    ("words with one replacement", "consistent"),
    ("altered words with a capital", "capitalised"),
    ("altered words with an ending", "inflected"),
    ("replacements of several words", "expanded"),
)
_FROM_TEXTS = frozenset({"altered", "capitalised"})  # unknown without texts of the spinner


def fidelity_lines(report: Fidelity) -> list[str]:
    """Lay the report out as Markdown lines: behaviours side by side, then the reach."""
    columns: list[tuple[str, Behaviour, bool]] = []
    for name, behaviour in report.garbled.items():
        columns.append((f"{name} garbled", behaviour, True))
        if name in report.observed:
            observed = report.observed[name]
            columns.append((f"{name} observed", observed, observed.altered > 0))
    lines = [
        "| | " + " | ".join(head for head, _, _ in columns) + " |",
        "|---|" + "---:|" * len(columns),
    ]
    for label, field in _ROWS:
        cells = [_cell(field, behaviour, known) for _, behaviour, known in columns]
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    lines.append("| distinct pairs | " + " | ".join(str(b.pairs) for _, b, _ in columns) + " |")
    return [*lines, "", *_reach_lines(report.reach)]


def _cell(field: str, behaviour: Behaviour, has_texts: bool) -> str:
    return "-" if field in _FROM_TEXTS and not has_texts else f"{getattr(behaviour, field):.1%}"


def _reach_lines(reach: Reach) -> list[str]:
    ways = ", ".join(f"{name} {count}" for name, count in reach.ways.items() if name)
    offered = "no dictionary here" if reach.offered is None else f"{reach.offered:.1%}"
    missed = "; ".join(f"{original} -> {garbled} ({d})" for d, original, garbled in reach.missed)
    return [
        f"- single-word pairs outside the arbitrary class: {reach.pairs}",
        f"- some sampled dialect produces {reach.by_relation:.1%} of them by relations alone",
        f"- the same with the observed keys: {reach.with_keys:.1%}",
        f"- by the shortest way: {ways}",
        f"- arbitrary pairs: {reach.arbitrary}, {reach.arbitrary_in_keys:.1%} of them in the keys",
        f"- original among the dictionary's first {OFFERED} candidates: {offered}",
        f"- not reached: {missed or 'none'}",
    ]
