"""Which choices are unsure, and what a language model's scores make of their probabilities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from restore._sources import NO_EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from restore.seq2seq._choice import Choice, Reading


@dataclass(frozen=True, slots=True)
class Rescoring:
    """How far a language model is asked, and believed.

    Attributes:
        sure: a choice this probable is not asked about.
        least: a reading less probable than this is no variant.
        most: number of variants, at most.
        own: weight of full mode's log probabilities.
        model: weight of the language model's.
    """

    sure: float = 0.9
    least: float = 0.02
    most: int = 3
    own: float = 0.7
    model: float = 0.3

    def unsure(self, choice: Choice) -> tuple[Reading, ...]:
        """Return the readings that the language model is to compare; none where one is clear.

        A user's own entries are none of its business; nor may it delete debris of encodings.
        """
        readings = choice.readings
        own = any(reading.source == "user" for reading in readings)
        if own or readings[0].share >= self.sure:
            return ()
        plain = choice.before.isascii()
        found = [r for r in readings if r.share >= self.least and (r.text or plain)][: self.most]
        return tuple(found) if len(found) > 1 else ()

    def rescored(self, choice: Choice, scores: Sequence[float]) -> Choice:
        """Share the probability of the unsure readings out anew.

        Args:
            choice: full mode's.
            scores: natural log probability of each of its unsure readings in context.
        """
        asked = self.unsure(choice)
        shares = np.array([reading.share for reading in asked])
        raw = self.own * np.log(shares) + self.model * np.array(scores)
        raw = np.exp(raw - raw.max())
        shares = raw * (shares.sum() / raw.sum())
        fresh = [r._replace(share=float(s)) for r, s in zip(asked, shares, strict=True)]
        rest = [reading for reading in choice.readings if reading not in asked]
        readings = tuple(sorted((*fresh, *rest), key=lambda reading: -reading.share))
        return replace(
            choice,
            readings=readings,
            keeps=readings[0].source == "keep",
            garbled=_moved(choice.garbled, choice.readings, readings, {"keep"}),
            explained=_moved(choice.explained, choice.readings, readings, {"keep", *NO_EVIDENCE}),
        )


def _moved(
    value: float, before: Sequence[Reading], after: Sequence[Reading], others: set[str]
) -> float:
    """Move a probability by what the readings of all but some sources have gained."""
    gained, had = (
        sum(reading.share for reading in readings if reading.source not in others)
        for readings in (after, before)
    )
    return min(1.0, max(0.0, value + gained - had))
