"""Is the true original among the first candidates, with the observed table left out?

Every figure is cross-fitted: the prior that ranks a dialect's pairs was fitted without that
dialect, and no observed pair is a candidate for being observed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from training.dictionary._assemble import (
    add_aligned,
    add_closed_class,
    add_phrases,
    derived,
)
from training.dictionary._broken import add_broken
from training.dictionary._build import RIDGE, choices, development_pairs, score_all
from training.dictionary._prior import curve, fit_prior
from training.dictionary._sources import aligned_words, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from training.dictionary._assemble import Draft
    from training.dictionary._build import Inputs, Linked

AT = (1, 4, 8, 24, 64)
_ABSENT = 10**6


@dataclass(frozen=True, slots=True)
class Coverage:
    """One line of the coverage table.

    Attributes:
        name: which pairs.
        total: their number.
        shares: share whose original is among the first 1, 4, 8, 24, 64 candidates.
        median: median number of candidates of their forms.
        p95: 95th percentile of the same.
    """

    name: str
    total: int
    shares: tuple[float, ...]
    median: float
    p95: float


def read_key(path: Path) -> list[tuple[str, str]]:
    """Read (garbled, original) of each altered token of an aligned text."""
    rows = read_rows(path, 5)[1:]
    return [(row[2], row[3]) for row in rows]


def drafts_without(linked: Linked, inputs: Inputs, dialect: str) -> Iterator[tuple[str, Draft]]:
    """Assemble candidates without the observed table and, in the prior's fit, without one dialect.

    Yields:
        What the draft lacks beside that ("" or the closed-class table), and the draft.
    """
    pairs = development_pairs(inputs, without=lambda pair: pair.dialect == dialect)
    prior = fit_prior(choices(linked, pairs)[0], RIDGE)
    scores = score_all(prior, linked.pairs.features)
    for lacks in ("", ", no closed-class table"):
        draft = derived(linked.pairs, scores, linked.forms, linked.words)
        if not lacks:
            add_closed_class(draft, inputs.closed_class, inputs.honest)
        add_broken(draft)
        add_aligned(draft, aligned_words(inputs.tortured))
        add_phrases(draft, inputs.tortured)
        yield lacks, draft


def measure(name: str, draft: Draft, pairs: list[tuple[str, str]]) -> Coverage:
    """Find the rank of each true original; deletions and phrases without entry count as missed."""
    ranks, counts = [], []
    for garbled, original in pairs:
        here = draft.rows.get(garbled.lower(), {})
        counts.append(len(here))
        ordered = sorted(here, key=lambda other: (-here[other].prior, other))
        found = original.lower() in here
        ranks.append(ordered.index(original.lower()) if found else _ABSENT)
    shares = curve(ranks, [1.0] * len(ranks), AT)
    return Coverage(name, len(pairs), tuple(shares), float(np.median(counts)),
                    float(np.percentile(counts, 95)))  # fmt: skip


def coverage(linked: Linked, inputs: Inputs, key: list[tuple[str, str]] | None) -> list[Coverage]:
    """Measure the aligned text (if given) and the single-word pairs of every dialect."""
    lines: list[Coverage] = []
    for dialect in sorted({pair.dialect for pair in inputs.observed}):
        single = [
            (pair.garbled, pair.original)
            for pair in inputs.observed
            if pair.dialect == dialect and " " not in pair.garbled + pair.original
        ]
        for lacks, draft in drafts_without(linked, inputs, dialect):
            if dialect == "A" and key:
                lines.append(measure(f"sample article, tokens{lacks}", draft, key))
                lines.append(measure(f"sample article, types{lacks}", draft, sorted(set(key))))
            lines.append(measure(f"dialect {dialect}, single-word pairs{lacks}", draft, single))
    return lines


def as_markdown(lines: list[Coverage]) -> str:
    """Format the table as Markdown."""
    rows = ["| pairs | number | " + " | ".join(f"first {n}" for n in AT)
            + " | candidates: median | p95 |"]  # fmt: skip
    rows.append("|---|" + "---:|" * (len(AT) + 3))
    for line in lines:
        shares = " | ".join(f"{100 * share:.1f} %" for share in line.shares)
        rows.append(
            f"| {line.name} | {line.total} | {shares} | {line.median:.0f} | {line.p95:.0f} |"
        )
    return "\n".join(rows)
