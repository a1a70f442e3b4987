"""Gathers what speaks for each form of a text standing for this or that function word.

Three say it, place by place: the network, by what it would write there; the n-gram model, by the
two words on either side; the network for gaps, by those farther off. The last two read the
neighbours as they are believed to be, so what is found of one form helps with the next.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from restore.lattice._gaps import LEAST
from restore.seq2seq._block import NAME
from restore.seq2seq._cloze import NOTHING, Cloze
from restore.seq2seq._evidence import Evidence, Tally
from restore.seq2seq._steps import UNKNOWN_ROW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from restore.lattice._gaps import Memo
    from restore.lattice._lexicon import Lexicon
    from restore.seq2seq._batch import View
    from restore.seq2seq._block import Block
    from restore.seq2seq._network import Network
    from restore.seq2seq._speak import Speech
    from restore.seq2seq._steps import Slot

    Floats = NDArray[np.float64]
    # Of each form its units, and what the network says of all of them.
    Said = dict[str, tuple[list[int], Tally]]

LEAST_WRITTEN = 0.1  # mean probability of a form that it stands for any function word
UNASKED = np.log(0.1)  # "not listed" is less probable than this: what it would be is no matter
SILENT = np.zeros(0)  # what the others say of a form before they are asked
PLACES = 12  # of a form that are looked at: more of them say little more
CANDIDATES = 24  # words that the n-gram model is asked about; the likeliest by the others


class Listener:
    """Hears what is said of the forms of a text; read-only after construction.

    Args:
        lexicon: gives the function words and the models of language.
        network: gives the probability of what it would write.

    Attributes:
        words: the F function words that are one piece.
        usual: their usual log frequency, (F,).
    """

    def __init__(self, lexicon: Lexicon, network: Network) -> None:
        self._network, self._model = network, lexicon.model
        self._lexicon = lexicon
        pieces = {word: network.pieces.ids(word) for word in lexicon.function_text}
        self.words = [word for word, ids in pieces.items() if len(ids) == 1]
        self._pieces = np.array([pieces[word][0] for word in self.words], np.int64)
        self._ids = self._model.ids(self.words)
        self.usual: Floats = lexicon.log_frequency[self._ids].astype(np.float64)

    @cached_property
    def number(self) -> dict[str, int]:
        """The place of each word among `words`."""
        return {word: number for number, word in enumerate(self.words)}

    @cached_property
    def _columns(self) -> NDArray[np.int64]:
        """What the network for gaps calls the words, and last anything else, (F + 1,)."""
        column = {word: number for number, word in enumerate(self._lexicon.gaps.words)}
        return np.array([*(column[word] for word in self.words), len(column)])

    def hear(self, block: Block, speeches: Sequence[Speech]) -> Said:
        """Return what the network says of forms that may stand for a function word."""
        said: dict[str, tuple[list[int], list[Floats]]] = {}
        for speech in speeches:
            for slot, unit, found in self._heard(block, speech):
                self._add_listed(found, block, speech.view, slot)
                units, every = said.setdefault(block.units.names[unit], ([], []))
                units.append(unit)
                every.append(found)
        return {
            form: (units, Tally.of(np.stack(every), SILENT, SILENT))
            for form, (units, every) in said.items()
            if sum(map(np.sum, every)) >= LEAST_WRITTEN * len(every)
        }

    def evidence(
        self,
        block: Block,
        speeches: Sequence[Speech],
        said: Said,
        key: Mapping[str, str] = NOTHING,
        memo: Memo | None = None,
    ) -> Evidence:
        """Return what speaks for the forms of a block standing for this or that.

        Args:
            block: the sentences.
            speeches: what has been said of them.
            said: what the network says of the forms.
            key: what is believed of forms: neighbours are read by it.
            memo: what the network for gaps said of the same speeches before.
        """
        words = np.flatnonzero(block.units.is_word).tolist()
        out = Evidence(counts=Counter(block.units.names[unit] for unit in words))
        if said:
            cloze = Cloze(block, speeches, self._network.pieces, self._model, key)
            places = {form: _spread(units) for form, (units, _) in said.items()}
            gaps = self._gaps(cloze, places, memo)
            likely = {form: told.written + gaps[form][:-1] for form, (_, told) in said.items()}
            suits = self._suits(cloze, places, likely)
            for form, (units, told) in said.items():
                share = len(units) / len(places[form])
                out.add(form, replace(told, suits=share * suits[form], gap=share * gaps[form]))
        return out

    def _gaps(
        self, cloze: Cloze, places: Mapping[str, list[int]], memo: Memo | None
    ) -> dict[str, Floats]:
        """Return what the network for gaps says of each form, summed over its places, (F + 1,)."""
        units = [unit for own in places.values() for unit in own]
        found = cloze.gaps(units, self._lexicon.gaps, memo)[:, self._columns]
        return dict(zip(places, _by_form(found, places), strict=True))

    def _suits(
        self, cloze: Cloze, places: Mapping[str, list[int]], likely: Mapping[str, Floats]
    ) -> dict[str, Floats]:
        """Return what the n-gram model says of each form's likeliest words, summed, (F,)."""
        asked = {form: np.argsort(-likely[form], kind="stable")[:CANDIDATES] for form in places}
        rows = np.concatenate(
            [np.tile(asked[form], (len(units), 1)) for form, units in places.items()]
        )
        units = [unit for own in places.values() for unit in own]
        out = {}
        for form, found in zip(
            places, _by_form(cloze.shares(units, self._ids[rows]), places), strict=True
        ):
            out[form] = np.full(len(self.words), LEAST * len(places[form]))
            out[form][asked[form]] = found
        return out

    def _heard(self, block: Block, speech: Speech) -> list[tuple[Slot, int, Floats]]:
        """Return the slots that may be garbled function words, and what would be written there."""
        slots, units = [], []
        for slot in speech.slots:
            unit = block.unit_of(speech.view, slot)
            if block.units.case[unit] != NAME and block.units.names[unit] not in self.number:
                slots.append(slot)
                units.append(unit)
        return list(zip(slots, units, self._written(slots), strict=True))

    def _written(self, slots: list[Slot]) -> Floats:
        """Return the probability that each word is written at each slot, (slots, F)."""
        out = np.zeros((len(slots), len(self.words)))
        open_ones = [
            n
            for n, slot in enumerate(slots)
            if len(slot.query) and slot.rows[UNKNOWN_ROW] > UNASKED
        ]
        if open_ones:
            scores = self._network.spell(np.stack([slots[n].query for n in open_ones]))
            unlisted = np.array([slots[n].rows[UNKNOWN_ROW] for n in open_ones])
            out[open_ones] = np.exp(scores[:, self._pieces] + unlisted[:, None])
        return out

    def _add_listed(self, found: Floats, block: Block, view: View, slot: Slot) -> None:
        texts = view.inputs["row_text"][slot.position].tolist()
        there = view.inputs["row_mask"][slot.position].tolist()
        for row in range(UNKNOWN_ROW + 1, len(texts)):
            number = self.number.get(block.texts[texts[row]], -1) if there[row] else -1
            if number >= 0:
                found[number] += np.exp(slot.rows[row])


def _spread(units: list[int]) -> list[int]:
    """Return some of a form's places, evenly spread over the text."""
    if len(units) <= PLACES:
        return units
    return [units[at] for at in np.linspace(0, len(units) - 1, PLACES).round().astype(int)]


def _by_form(found: NDArray[np.float32], places: Mapping[str, list[int]]) -> list[Floats]:
    """Return the sums over the places of each form."""
    ends = np.cumsum([len(units) for units in places.values()])[:-1]
    return [part.sum(0, dtype=np.float64) for part in np.split(found, ends)]
