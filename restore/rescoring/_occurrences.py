"""What a language model said at all places of a form: a document has one key."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from restore.rescoring._model import Score
    from restore.seq2seq._choice import Choice, Reading

FARTHEST = -20.0  # nats: one place rules nothing out for all others

Said = dict[str, float]  # of each reading of a place, how far it is behind the best one, in nats


class Occurrences:
    """Collects what was said of one document, place by place."""

    def __init__(self) -> None:
        self._said: defaultdict[str, dict[int, Said]] = defaultdict(dict)

    def hear(self, choice: Choice, readings: Sequence[Reading], scores: Sequence[Score]) -> None:
        """Take down what was said of the readings of a place; what was said before is forgotten."""
        both = [score.both for score in scores]
        said = {
            name_of(reading): max(FARTHEST, value - max(both))
            for reading, value in zip(readings, both, strict=True)
        }
        self._said[choice.before.lower()][choice.start] = said

    def elsewhere(
        self, choice: Choice, readings: Sequence[Reading]
    ) -> tuple[NDArray[np.float32], int]:
        """Return what the other places of the form say.

        Args:
            choice: the place.
            readings: of it.

        Returns:
            For each reading the sum over the other places of how far it is behind the best there,
            in nats, a reading that was not asked about there being as bad as the worst; and the
            number of these places.
        """
        places = self._said[choice.before.lower()]
        others = [said for start, said in places.items() if start != choice.start]
        names = [name_of(reading) for reading in readings]
        rows = [[said.get(name, min(said.values())) for name in names] for said in others]
        return np.array(rows, np.float32).reshape(-1, len(names)).sum(0), len(others)


def name_of(reading: Reading) -> str:
    """Return what a reading has in common with those of other places of its form.

    The word itself is one whatever its capitals, and not what a list may hold of the same letters.
    """
    return "\0" if reading.source == "keep" else reading.text.lower()
