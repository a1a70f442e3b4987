"""Stretches of clean news with gaps, their surroundings put out of order here and there.

What stands around a gap in a spun text is spun itself, and restored at best as far as somebody has
read it. So some of the words around are others here: any usual word, another function word, or one
that nobody knows; and some stretches begin or end amid their margin, as texts do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore.lattice._gaps import FAR
from restore.lattice._ngram import NUMBER, SENTENCE_END, SENTENCE_START, UNKNOWN
from training.ngram._encode import SENTENCE_END as STREAM_END

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from restore.lattice import NgramModel

    Ids = NDArray[np.int64]

LENGTH = 256  # words of a stretch that may be gaps; `FAR` more on either side are surroundings
OTHERS = 0.12  # share of the words that are no function words which are gaps too
SHARES = (0.0, 0.08, 0.2, 0.35)  # of the surroundings that are others: one of these a stretch
KINDS = (0.45, 0.15, 0.4)  # of them: any word, a function word, an unknown one
ANY, FUNCTION = 0.8, 0.5  # powers of the usual frequency that the first two are drawn by
ENDS = 0.3  # share of stretches whose margin holds another text on either side


class Gaps(NamedTuple):
    """Places of stretches.

    Attributes:
        ids: language-model ids of B stretches, (B, `LENGTH` + 2 `FAR`).
        row: stretch of each of n gaps, (n,).
        column: its place there, (n,).
        gold: number of the function word that belongs there, their count for anything else, (n,).
    """

    ids: Ids
    row: Ids
    column: Ids
    gold: Ids


def running(streams: dict[str, NDArray[np.int32]], ids: NDArray[np.int64]) -> NDArray[np.uint16]:
    """Return encoded corpora as one text: ids of the language model, marks between sentences.

    Args:
        streams: of `training.ngram._encode.Streams`.
        ids: language-model id of each stream id, that of the end of sentences first.
    """
    parts = []
    for _, stream in sorted(streams.items()):
        words = ids[stream].astype(np.uint16)
        words[stream == STREAM_END] = SENTENCE_END
        parts.append(np.insert(words, np.flatnonzero(stream == STREAM_END) + 1, SENTENCE_START))
    return np.concatenate(parts)


class Stretches:
    """Draws stretches of a text.

    Args:
        text: language-model ids, (N,).
        model: the language model.
        words: ids of the function words.
        seed: of what is drawn.
    """

    def __init__(self, text: NDArray[np.uint16], model: NgramModel, words: Ids, seed: int) -> None:
        self._text, self._words = text, words
        self._random = np.random.default_rng(seed)
        self.classes = np.full(len(model.unigram), len(words), np.int64)
        self.classes[words] = np.arange(len(words))
        self.classes[: NUMBER + 1] = -1
        usual = np.exp(model.log_frequency.astype(np.float64))
        self._any, self._function = _steps(usual**ANY), _steps(usual[words] ** FUNCTION)

    def draw(self, count: int, *, noisy: bool = True) -> Gaps:
        """Return gaps in some stretches.

        Args:
            count: of stretches.
            noisy: whether their surroundings are put out of order.
        """
        ids = self._stretches(count)
        row, column, gold = self._gaps(ids)
        return Gaps(self._ended(self._disturbed(ids)) if noisy else ids, row, column, gold)

    def _stretches(self, count: int) -> Ids:
        width = LENGTH + 2 * FAR
        first = self._random.integers(0, len(self._text) - width, count)
        ids: Ids = self._text[first[:, None] + np.arange(width)].astype(np.int64)
        return ids

    def _gaps(self, ids: Ids) -> tuple[Ids, Ids, Ids]:
        classes = self.classes[ids[:, FAR : FAR + LENGTH]]
        drawn = self._random.random(classes.shape) < OTHERS
        row, column = np.nonzero((classes >= 0) & ((classes < len(self._words)) | drawn))
        return row, column + FAR, classes[row, column]

    def _disturbed(self, ids: Ids) -> Ids:
        """Put other words into the place of some."""
        out, share = ids.copy(), self._random.choice(SHARES, (len(ids), 1))
        lot = self._random.random(ids.shape) / np.maximum(share, 1e-9)
        lot[ids <= NUMBER] = 1
        any_word, unknown = lot < KINDS[0], (lot < 1) & (lot >= KINDS[0] + KINDS[1])
        function = (lot < KINDS[0] + KINDS[1]) & ~any_word & (self.classes[ids] < len(self._words))
        out[any_word] = self._drawn(self._any, int(any_word.sum()))
        out[function] = self._words[self._drawn(self._function, int(function.sum()))]
        out[unknown] = UNKNOWN
        return out

    def _drawn(self, steps: NDArray[np.float64], count: int) -> Ids:
        return np.searchsorted(steps, self._random.random(count)).clip(max=len(steps) - 1)

    def _ended(self, ids: Ids) -> Ids:
        """Let the texts of some stretches begin or end within the margin."""
        out, at = ids.copy(), np.arange(ids.shape[1])
        for beyond in (at[None] < self._margin(len(ids)), at[None, ::-1] < self._margin(len(ids))):
            out[beyond] = SENTENCE_END
        return out

    def _margin(self, count: int) -> Ids:
        within = self._random.integers(0, FAR + 1, (count, 1))
        return np.where(self._random.random((count, 1)) < ENDS, within, 0)


def _steps(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    steps: NDArray[np.float64] = np.cumsum(weights) / weights.sum()
    return steps
