"""The document's key, as the network sees it: which function word each arbitrary form stands for.

A spinner replaces a function word by the same arbitrary form throughout a document. What the
network would write at one occurrence is a guess, and so is what the language model would put there;
all occurrences together are the key (a product of experts, Hinton 2002), and no two forms stand for
the same word.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore.seq2seq._block import NAME
from restore.seq2seq._cloze import LEAST, Cloze
from restore.seq2seq._evidence import Evidence, Tally, over
from restore.seq2seq._steps import UNKNOWN_ROW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from restore.lattice._lexicon import Lexicon
    from restore.seq2seq._batch import View
    from restore.seq2seq._block import Block
    from restore.seq2seq._network import Network
    from restore.seq2seq._speak import Speech
    from restore.seq2seq._steps import Slot

    Floats = NDArray[np.float64]
    Said = dict[str, tuple[list[int], list[NDArray[np.float64]]]]

LEAST_WRITTEN = 0.2  # mean probability of a form that it stands for any function word
BELIEVED = 0.3  # probability of a form's word among those that are left
SETTLED = 0.9  # mean probability of a form's word from which the language model is not asked
LEAST_AMISS = 0.02  # words missing
AGREE = 0.5  # the evidence of n occurrences counts as n to this power: they share their errors
UNASKED = np.log(0.1)  # "not listed" is less probable than this: what it would be is no matter


class Weights(NamedTuple):
    """Log-linear weights of what speaks for a form standing for a word, or for anything else.

    Fitted by `training.seq2seq._keys` on forms of garbled news that nothing was trained on.

    Attributes:
        written: log probability of the word under the network, summed over the occurrences.
        suits: the same under the language model.
        each: the word's usual log frequency, once for each occurrence: both of these know it.
        usual: the same once.
        deficit: log of how often the word stands in the text over how often it should.
        amiss: log of how many of it are missing.
        present: 1 for a word that stands in the text.
        excess: log of how often the form stands in the text over how often the word should.
        other: log probability of no function word, summed over the occurrences.
        kept: occurrences that the network does not think garbled, or no function word.
        often: log of the number of the others.
        bias: of no function word.
    """

    written: float = 0.495
    suits: float = 0.634
    each: float = -0.389
    usual: float = 0.487
    deficit: float = -0.207
    amiss: float = 0.258
    present: float = 0.057
    excess: float = 1.613
    other: float = 0.491
    kept: float = 0.1
    often: float = -1.469
    bias: float = -2.283


FITTED = Weights()
WORDS = 8  # of the weights are about words, the rest about anything else


class Solver:
    """Gathers evidence and finds the key.

    Args:
        lexicon: gives the function words and their usual rates.
        network: gives the probability of what it would write.
        weights: of the evidence.
    """

    def __init__(self, lexicon: Lexicon, network: Network, weights: Weights = FITTED) -> None:
        self.network, self.weights = network, weights
        pieces = {word: network.pieces.ids(word) for word in lexicon.function_text}
        self.words = [word for word, ids in pieces.items() if len(ids) == 1]
        self._pieces = np.array([pieces[word][0] for word in self.words], np.int64)
        self._model = lexicon.model
        self._ids = self._model.ids(self.words)
        self._usual: NDArray[np.float64] = lexicon.log_frequency[self._ids].astype(np.float64)

    @cached_property
    def _number(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words)}

    def evidence(self, block: Block, speeches: Sequence[Speech]) -> Evidence:
        """Return what has been said of the forms of a block so far."""
        words = np.flatnonzero(block.units.is_word).tolist()
        out = Evidence(counts=Counter(block.units.names[unit] for unit in words))
        said = self._said(block, speeches)
        likely = {
            form: (units, np.stack(found))
            for form, (units, found) in said.items()
            if sum(map(np.sum, found)) >= LEAST_WRITTEN * len(found)
        }
        if likely:
            suits = self._suits(block, speeches, likely)
            for form, (_, found) in likely.items():
                out.add(form, Tally.of(found, suits[form]))
        return out

    def _suits(
        self, block: Block, speeches: Sequence[Speech], said: dict[str, tuple[list[int], Floats]]
    ) -> dict[str, NDArray[np.float32]]:
        """Return how well each word suits each place; where that is settled, what was said."""
        out: dict[str, NDArray[np.float32]] = {}
        asked: list[str] = []
        for form, (_, found) in said.items():
            if found.mean(0).max() < SETTLED:
                asked.append(form)
            else:
                out[form] = np.log(np.maximum(found, np.exp(LEAST))).astype(np.float32)
        if asked:
            cloze = Cloze(block, speeches, self.network.pieces, self._model)
            shares = cloze.shares([unit for form in asked for unit in said[form][0]], self._ids)
            ends = np.cumsum([len(said[form][0]) for form in asked])
            out |= zip(asked, np.split(shares, ends[:-1]), strict=True)
        return out

    def _said(self, block: Block, speeches: Sequence[Speech]) -> Said:
        """Return the units where each form may be garbled, and the function words it may be."""
        out: Said = {}
        for speech in speeches:
            slots, units = [], []
            for slot in speech.slots:
                unit = block.unit_of(speech.view, slot)
                name = block.units.names[unit]
                if block.units.case[unit] != NAME and name not in self._number:
                    slots.append(slot)
                    units.append(unit)
            for slot, unit, found in zip(slots, units, self._written(slots), strict=True):
                self._add_listed(found, block, speech.view, slot)
                where, what = out.setdefault(block.units.names[unit], ([], []))
                where.append(unit)
                what.append(found)
        return out

    def _written(self, slots: list[Slot]) -> NDArray[np.float64]:
        """Return the probability that each word is written at each slot, (slots, F)."""
        out = np.zeros((len(slots), len(self.words)))
        open_ones = [
            n
            for n, slot in enumerate(slots)
            if len(slot.query) and slot.rows[UNKNOWN_ROW] > UNASKED
        ]
        if open_ones:
            scores = self.network.spell(np.stack([slots[n].query for n in open_ones]))
            unlisted = np.array([slots[n].rows[UNKNOWN_ROW] for n in open_ones])
            out[open_ones] = np.exp(scores[:, self._pieces] + unlisted[:, None])
        return out

    def _add_listed(self, found: NDArray[np.float64], block: Block, view: View, slot: Slot) -> None:
        texts = view.inputs["row_text"][slot.position].tolist()
        there = view.inputs["row_mask"][slot.position].tolist()
        for row in range(UNKNOWN_ROW + 1, len(texts)):
            number = self._number.get(block.texts[texts[row]], -1) if there[row] else -1
            if number >= 0:
                found[number] += np.exp(slot.rows[row])

    def solve(self, evidence: Evidence, fewest: int = 1) -> dict[str, str]:
        """Return the function word of each form that stands for one throughout.

        Args:
            evidence: what has been said.
            fewest: occurrences of a form that is looked at.
        """
        words, other = np.array(self.weights[:WORDS]), np.array(self.weights[WORDS:])
        gains = {
            form: about @ words - rest @ other
            for form, (about, rest) in zip(evidence.forms, self.describe(evidence), strict=True)
            if evidence.forms[form].count >= fewest
        }
        return self._assigned(list(gains), np.array(list(gains.values()))) if gains else {}

    def describe(self, evidence: Evidence) -> Iterator[tuple[Floats, Floats]]:
        """Yield what speaks for each form standing for each word, and for anything else.

        Returns:
            Shapes (F, `WORDS`) and (others,), in the order of `Weights`.
        """
        expected = self._expected(evidence)
        absence = self._absence(evidence, expected)
        for form, tally in evidence.forms.items():
            each, count = tally.count ** (AGREE - 1), tally.count
            said = (tally.written, tally.suits, count * self._usual)
            kept = evidence.counts[form] - count
            other = np.array([each * tally.other, kept, np.log(count), 1.0])
            excess = over(count, expected)
            yield np.stack([*(each * part for part in said), *absence, excess], 1), other

    def news(self, evidence: Evidence, key: dict[str, str]) -> float:
        """Return at how many places a key says something else than the network without it."""
        tallies = ((evidence.forms[form], self._number[word]) for form, word in key.items())
        return sum(tally.count - float(tally.mass[word]) for tally, word in tallies)

    def _expected(self, evidence: Evidence) -> Floats:
        """Return how often each word usually stands in so long a text."""
        rate: Floats = np.exp(self._usual)
        return rate * evidence.counts.total()

    def _absence(self, evidence: Evidence, expected: Floats) -> tuple[Floats, ...]:
        """Return what speaks for each word being replaced in this text: those amiss first."""
        counts = np.array([evidence.counts[word] for word in self.words], np.float64)
        amiss = np.log(np.maximum(expected - counts, LEAST_AMISS))
        return self._usual, over(counts, expected), amiss, (counts > 0).astype(np.float64)

    def _assigned(self, forms: list[str], gains: NDArray[np.float64]) -> dict[str, str]:
        """Give each form its best word that is left, the clearest cases first."""
        two = np.sort(gains, axis=1)[:, -2:]
        clear = np.minimum(two[:, 1] - two[:, 0], two[:, 1])
        key: dict[str, str] = {}
        for number in np.argsort(-clear, kind="stable").tolist():
            word = int(gains[number].argmax())
            gain = gains[number, word]
            others = np.logaddexp.reduce(np.append(gains[number], 0.0))
            if gain > 0:
                gains[:, word] = -np.inf
                if gain - others >= np.log(BELIEVED):
                    key[forms[number]] = self.words[word]
        return key
