"""What has been said of the forms of a text, occurrence by occurrence: the evidence for a key."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FLOOR = 0.001  # probability: one occurrence in an odd place refutes nothing


@dataclass(slots=True)
class Tally:
    """Sums over the occurrences of a form.

    F function words, in the order of `Solver.words`.

    Attributes:
        count: occurrences that may be garbled.
        written: log probability of each word, (F,).
        suits: the same by the language model, (F,).
        other: log probability of anything else.
        mass: probability of each word, (F,).
    """

    count: int
    written: NDArray[np.float64]
    suits: NDArray[np.float64]
    other: float
    mass: NDArray[np.float64]

    @classmethod
    def of(cls, found: NDArray[np.float64], suits: NDArray[np.float32]) -> Tally:
        """Count occurrences: the probability and the log share of each word there, (n, F)."""
        return cls(
            len(found),
            np.log(np.maximum(found, FLOOR)).sum(0),
            suits.sum(0, dtype=np.float64),
            float(np.log(np.maximum(1 - found.sum(1), FLOOR)).sum()),
            found.sum(0),
        )

    def __add__(self, other: Tally) -> Tally:
        """Count the occurrences of both."""
        return Tally(
            self.count + other.count,
            self.written + other.written,
            self.suits + other.suits,
            self.other + other.other,
            self.mass + other.mass,
        )


@dataclass(slots=True)
class Evidence:
    """What the network says of the forms of a text.

    Attributes:
        forms: of each form that may stand for a function word.
        counts: occurrences of every word.
    """

    forms: dict[str, Tally] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, form: str, tally: Tally) -> None:
        """Count more occurrences of a form."""
        self.forms[form] = self.forms[form] + tally if form in self.forms else tally

    def __add__(self, other: Evidence) -> Evidence:
        """Join what is said of two parts of a text."""
        joined = Evidence(dict(self.forms), self.counts + other.counts)
        for form, tally in other.forms.items():
            joined.add(form, tally)
        return joined
