"""What the language model would put at a place, its neighbours read as the network reads them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from restore.lattice._features import Written
from restore.lattice._gaps import LEAST
from restore.lattice._lattice import KEEP, sequence
from restore.seq2seq._steps import UNKNOWN_ROW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from restore.lattice._gaps import GapModel, Memo
    from restore.lattice._ngram import NgramModel
    from restore.seq2seq._block import Block
    from restore.seq2seq._pieces import Pieces
    from restore.seq2seq._speak import Speech
    from restore.seq2seq._steps import Slot

NOTHING: Mapping[str, str] = MappingProxyType({})


class Cloze:
    """Compares words at places of a block, in the context that was chosen so far.

    Args:
        block: the sentences.
        speeches: what has been said of them.
        pieces: spells what was written.
        model: the language model.
        key: words that forms are taken to stand for, whatever was chosen.
    """

    def __init__(
        self,
        block: Block,
        speeches: Sequence[Speech],
        pieces: Pieces,
        model: NgramModel,
        key: Mapping[str, str] = NOTHING,
    ) -> None:
        self._model = model
        units = block.units
        first, last = units.first.copy(), units.last.copy()
        for _, unit, text in _chosen(block, speeches, pieces):
            if text:
                first[unit], last[unit] = _ends(text, model)
        read = dict(zip(key, model.ids(list(key.values())).tolist(), strict=True))
        there = [unit for unit, name in enumerate(units.names) if name in read]
        first[there] = last[there] = [read[units.names[unit]] for unit in there]
        self._firsts, self._lasts, self._at = sequence(first, last, units.begins)

    def logs(
        self, units: Sequence[int] | NDArray[np.int64], words: NDArray[np.int32]
    ) -> NDArray[np.float32]:
        """Return the log probability of the three trigrams that hold each word at each place.

        Args:
            units: the places, by their units.
            words: language-model ids, (F,), or others at each place, (units, F).

        Returns:
            Shape (units, F).
        """
        place = self._at[np.array(units, np.int64)][:, None]
        before2, before1 = self._lasts[place - 2], self._lasts[place - 1]
        after1, after2 = self._firsts[place + 1], self._firsts[place + 2]
        pairs, follow = self._model.pairs, self._model.follow
        begin, end = pairs(before1, words), pairs(words, after1)
        logs = follow(pairs(before2, before1), begin)[0]
        logs += follow(begin, end)[0]
        logs += follow(end, pairs(after1, after2))[0]
        return logs

    def gaps(
        self,
        units: Sequence[int] | NDArray[np.int64],
        model: GapModel,
        memo: Memo | None = None,
    ) -> NDArray[np.float32]:
        """Return the log probability of each function word, and of anything else, at each place.

        Args:
            units: the places, by their units.
            model: the network for gaps.
            memo: what it said of this block before.

        Returns:
            Shape (units, words of the model + 1).
        """
        return model.logs(self._firsts, self._lasts, self._at[np.array(units, np.int64)], memo)

    def shares(self, units: Sequence[int], words: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return how well each word suits each place, if it is one of these, at least `LEAST`.

        Arguments and shape as of `logs`.
        """
        logs = self.logs(units, words)
        logs -= np.logaddexp.reduce(logs, axis=1, keepdims=True)
        return np.maximum(logs, np.float32(LEAST))


def written_words(
    block: Block, speeches: Sequence[Speech], pieces: Pieces, model: NgramModel
) -> Written:
    """Return what is written that no reading says, as a lattice's features take it."""
    units = block.units
    at = sequence(units.first, units.last, units.begins)[2]
    found = [
        (at[unit], *_ends(text, model))
        for slot, unit, text in _chosen(block, speeches, pieces)
        if slot.choice == UNKNOWN_ROW and text
    ]
    places, first, last = np.array(found, np.int64).reshape(-1, 3).T
    return Written(places, first.astype(np.int32), last.astype(np.int32))


def _chosen(
    block: Block, speeches: Sequence[Speech], pieces: Pieces
) -> Iterator[tuple[Slot, int, str]]:
    """Yield the slots that are read as something else, their units, and as what."""
    for speech in speeches:
        row_text = speech.view.inputs["row_text"]
        for slot in speech.slots:
            unit = block.unit_of(speech.view, slot)
            if slot.choice == UNKNOWN_ROW:
                yield slot, unit, pieces.text(slot.written or [])
            elif slot.choice != KEEP:
                yield slot, unit, block.texts[int(row_text[slot.position, slot.choice])]


def _ends(text: str, model: NgramModel) -> tuple[int, int]:
    """Return the ids of the first and the last word of a text that is not empty."""
    words = text.split()
    first, last = model.ids([words[0], words[-1]]).tolist()
    return first, last
