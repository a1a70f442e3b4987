"""What has been said of the forms of a text, occurrence by occurrence: the evidence for a key."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

FLOOR = 0.001  # probability: one occurrence in an odd place refutes nothing
AGREE = 0.5  # the evidence of n occurrences counts as n to this power: they share their errors


@dataclass(slots=True)
class Tally:
    """Sums over the occurrences of a form.

    F function words, in the order of `Listener.words`.

    Attributes:
        count: occurrences that may be garbled.
        written: log probability of each word, (F,).
        suits: the same by the language model, (F,).
        gap: the same by the network for gaps, and last of anything else, (F + 1,).
        other: log probability of anything else.
        mass: probability of each word, (F,).
    """

    count: int
    written: NDArray[np.float64]
    suits: NDArray[np.float64]
    gap: NDArray[np.float64]
    other: float
    mass: NDArray[np.float64]

    @classmethod
    def of(
        cls, found: NDArray[np.float64], suits: NDArray[np.float64], gap: NDArray[np.float64]
    ) -> Tally:
        """Count occurrences.

        Args:
            found: the probability of each word there, (n, F).
            suits: its log share by the language model, summed, (F,).
            gap: its log probability in a gap, and that of anything else, summed, (F + 1,).
        """
        return cls(
            len(found),
            np.log(np.maximum(found, FLOOR)).sum(0),
            suits,
            gap,
            float(np.log(np.maximum(1 - found.sum(1), FLOOR)).sum()),
            found.sum(0),
        )

    def unprompted(self, before: Tally) -> Tally:
        """Return this tally with what the network said before it was told what to say."""
        return replace(self, written=before.written, other=before.other, mass=before.mass)

    def __add__(self, other: Tally) -> Tally:
        """Count the occurrences of both."""
        return Tally(
            self.count + other.count,
            self.written + other.written,
            self.suits + other.suits,
            self.gap + other.gap,
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

    def unprompted(self, told: Collection[str], before: Evidence) -> Evidence:
        """Return this evidence, but of forms whose word was told what was said before that.

        The network believes most of what it is told: asked again, it would bear out any key.

        Args:
            told: forms that the network was told the word of.
            before: what was said of the same text at the reading before.
        """
        forms = dict(self.forms)
        for form in told:
            if form in forms and form in before.forms:
                now, earlier = forms[form], before.forms[form]
                if now.count == earlier.count:
                    forms[form] = now.unprompted(earlier)
        return Evidence(forms, self.counts)

    def __add__(self, other: Evidence) -> Evidence:
        """Join what is said of two parts of a text."""
        joined = Evidence(dict(self.forms), self.counts + other.counts)
        for form, tally in other.forms.items():
            joined.add(form, tally)
        return joined


def over(count: int | NDArray[Any], expected: NDArray[Any]) -> NDArray[Any]:
    """Return the log of how often something stands over how often it should, half a use added."""
    log: NDArray[Any] = np.log((count + 0.5) / (expected + 0.5))
    return log
