"""Scores posteriors against labels: fixes, breaks, and what each threshold makes of them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from restore._policy import Policy
from restore.lattice._context import best_rows
from restore.lattice._lattice import KEEP, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from training.fast._examples import Example

THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)


@dataclass(slots=True)
class Tally:
    """Counts over a set of examples; add them up, then read the rates.

    Attributes:
        words: all words.
        garbled: altered words, whether a reading exists for them or not.
        listed: altered words whose original is among the readings.
        fixed: altered words put right.
        wrong: altered words changed to something else.
        broken: intact words changed.
    """

    words: int = 0
    garbled: int = 0
    listed: int = 0
    fixed: int = 0
    wrong: int = 0
    broken: int = 0

    def add(self, other: Tally) -> None:
        """Add the counts of `other`."""
        for name in (field.name for field in fields(self)):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def error_reduction(self) -> float:
        """(TP - FP) / (TP + FN) over words, 1 at best; 0 where nothing was garbled."""
        return (self.fixed - self.broken) / self.garbled if self.garbled else 0.0

    @property
    def broken_per_1000(self) -> float:
        """Intact words changed, of 1,000 intact words."""
        return 1000 * self.broken / max(1, self.words - self.garbled)


def tally(example: Example, scores: NDArray[np.float32], threshold: float) -> Tally:
    """Count what the policy would make of the scores at `threshold`."""
    lattice = example.lattice
    relation = lattice.readings.relation[lattice.slot]
    rows = best_rows(lattice, scores)
    policy = Policy.from_threshold(threshold)
    needed = np.array(
        [policy.min_confidence, policy.min_confidence_start, policy.min_confidence_name,
         policy.min_confidence_name]
    )[lattice.case]  # fmt: skip
    edited = (relation[rows] != KEEP) & (np.exp(scores[rows]) >= needed)
    intact = example.gold[lattice.starts[:-1]]
    known = np.logical_or.reduceat(example.gold & (relation > UNKNOWN), lattice.starts[:-1])
    right = example.gold[rows]
    return Tally(
        words=lattice.size,
        garbled=example.garbled,
        listed=int(known.sum()),
        fixed=int((edited & right).sum()),
        wrong=int((edited & ~right & ~intact).sum()),
        broken=int((edited & intact).sum()),
    )


def table(
    examples: Sequence[Example], scores: Sequence[NDArray[np.float32]]
) -> dict[tuple[str, float], Tally]:
    """Return a tally for each dialect (and ``all``) at each threshold."""
    out: dict[tuple[str, float], Tally] = {}
    for example, score in zip(examples, scores, strict=True):
        for threshold in THRESHOLDS:
            counts = tally(example, score, threshold)
            for key in (example.dialect, "all"):
                out.setdefault((key, threshold), Tally()).add(counts)
    return out


def as_text(result: dict[tuple[str, float], Tally], threshold: float) -> str:
    """Return a line for each dialect at one threshold."""
    lines = [
        f"{dialect:18} words {t.words:8} garbled {t.garbled / max(1, t.words):.3f} "
        f"listed {t.listed / max(1, t.garbled):.3f} ERR {t.error_reduction:.3f} "
        f"wrong {t.wrong / max(1, t.garbled):.3f} broken/1000 {t.broken_per_1000:.2f}"
        for (dialect, at), t in sorted(result.items())
        if at == threshold
    ]
    return "\n".join(lines)


def choose_threshold(
    result: dict[tuple[str, float], Tally], limits_per_1000: dict[str, float]
) -> float:
    """Return the lowest threshold that changes clean text of each size within its limit."""
    for threshold in THRESHOLDS:
        if all(
            result[f"clean {size}", threshold].broken_per_1000 <= limit
            for size, limit in limits_per_1000.items()
        ):
            return threshold
    return THRESHOLDS[-1]
