"""What the dictionary's links reach from a form: its originals, and the originals of these."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from restore.lattice._lexicon import Lexicon


class Links:
    """Follows the dictionary from form to original, and on from there.

    Args:
        lexicon: the dictionary.
        words: what is asked for, in small letters.
    """

    def __init__(self, lexicon: Lexicon, words: Sequence[str]) -> None:
        self._lexicon, self._words = lexicon, words
        self._candidates, self._offsets = lexicon.table.candidates, lexicon.table.offsets

    @cached_property
    def _row(self) -> NDArray[np.int32]:
        """The dictionary's row of each original as a form, -1 for none."""
        return self._lexicon.rows(self._lexicon.small)

    @cached_property
    def _word(self) -> NDArray[np.int64]:
        """The number of each original among the words; one past the last for none."""
        number = {word: at for at, word in enumerate(self._words)}
        none = len(self._words)
        return np.array([number.get(text, none) for text in self._lexicon.small], np.int64)

    def listed(self, form: str) -> list[str]:
        """Return the originals that the dictionary has for a form, in small letters."""
        return [self._lexicon.small[number] for number in self._near(form).tolist()]

    def paths(self, form: str) -> NDArray[np.float32]:
        """Count the originals of a form that lead on to each word as theirs, (words,)."""
        rows = self._row[self._near(form)]
        begins, ends = self._offsets[rows[rows >= 0]], self._offsets[rows[rows >= 0] + 1]
        out = np.zeros(len(self._words) + 1, np.float32)
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            out[self._word[self._candidates[begin:end]]] += 1
        return out[:-1]

    def _near(self, form: str) -> NDArray[np.int32]:
        row = self._lexicon.table.forms.get(form, -1)
        if row < 0:
            return np.zeros(0, np.int32)
        near: NDArray[np.int32] = self._candidates[self._offsets[row] : self._offsets[row + 1]]
        return near
