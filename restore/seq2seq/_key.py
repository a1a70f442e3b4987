"""The document's key, as the network sees it: which function word each arbitrary form stands for.

A spinner replaces a function word by the same arbitrary form throughout a document. What the
network would write at one occurrence is a guess, and so is what the language model would put there;
all occurrences together are the key (a product of experts, Hinton 2002), and no two forms stand for
the same word.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore.seq2seq._block import NAME
from restore.seq2seq._cloze import Cloze
from restore.seq2seq._steps import UNKNOWN_ROW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from restore.lattice._lexicon import Lexicon
    from restore.seq2seq._batch import View
    from restore.seq2seq._block import Block
    from restore.seq2seq._network import Network
    from restore.seq2seq._speak import Speech
    from restore.seq2seq._steps import Slot

    Said = dict[str, tuple[list[int], list[NDArray[np.float64]]]]

FEWEST = 2  # occurrences of a form that stands for a function word
LEAST_WRITTEN = 0.2  # mean probability of a form that it stands for any function word
BELIEVED = 0.3  # probability of a form's word among those that are left
FLOOR = 0.003  # probability: one occurrence in an odd place refutes nothing
UNASKED = np.log(0.02)  # "not listed" is less probable than this: what it would be is no matter
SETTLED = 0.9  # mean probability of a form's word from which nothing is left to be found out


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
        other: log probability of no function word, summed over the occurrences.
        kept: occurrences that the network does not think garbled.
        often: log of the number of the others.
        bias: of no function word.
    """

    written: float = 0.512
    suits: float = 0.568
    each: float = -0.454
    usual: float = 0.451
    deficit: float = 0.926
    amiss: float = 0.312
    present: float = -1.922
    other: float = 0.504
    kept: float = 0.292
    often: float = -1.826
    bias: float = -2.324


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
        forms: of each form that stands several times.
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


class Solver:
    """Gathers evidence and finds the key.

    Args:
        lexicon: gives the function words and their usual rates.
        network: gives the probability of what it would write.
        weights: of the evidence.
    """

    def __init__(
        self, lexicon: Lexicon, network: Network, weights: Weights = Weights()
    ) -> None:
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
        said = self._said(block, speeches, out.counts)
        likely = {
            form: (units, np.stack(found))
            for form, (units, found) in said.items()
            if sum(map(np.sum, found)) >= LEAST_WRITTEN * len(found)
        }
        if likely:
            cloze = Cloze(block, speeches, self.network.pieces, self._model)
            for form, (units, found) in likely.items():
                out.add(form, Tally.of(found, cloze.shares(units, self._ids)))
        return out

    def _said(self, block: Block, speeches: Sequence[Speech], counts: Counter[str]) -> Said:
        """Return the units where each form may be garbled, and the function words it may be."""
        out: Said = {}
        for speech in speeches:
            slots, units = [], []
            for slot in speech.slots:
                unit = int(block.unit[speech.view.positions[slot.position]])
                name = block.units.names[unit]
                often = counts[name] >= FEWEST
                if often and block.units.case[unit] != NAME and name not in self._number:
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

    def solve(self, evidence: Evidence) -> dict[str, str]:
        """Return the function word of each form that stands for one throughout."""
        prior = self._prior(evidence)
        forms, gains = [], []
        for form, tally in evidence.forms.items():
            if tally.count >= FEWEST:
                forms.append(form)
                gains.append(self._gains(prior, tally, evidence.counts[form] - tally.count))
        return self._assigned(forms, np.array(gains)) if forms else {}

    def _gains(self, prior: NDArray[np.float64], tally: Tally, kept: int) -> NDArray[np.float64]:
        """Return the log odds of each word against no function word, (F,)."""
        w = self.weights
        words = prior + w.written * tally.written + w.suits * tally.suits
        words += w.each * tally.count * self._usual
        other = w.other * tally.other + w.kept * kept + w.often * np.log(tally.count) + w.bias
        gains: NDArray[np.float64] = words - other
        return gains

    def unsettled(self, evidence: Evidence, key: dict[str, str]) -> bool:
        """Does a key say something that the network does not know without it?"""
        tallies = ((evidence.forms[form], self._number[word]) for form, word in key.items())
        return any(float(tally.mass[word]) < SETTLED * tally.count for tally, word in tallies)

    def _prior(self, evidence: Evidence) -> NDArray[np.float64]:
        """Return what speaks for each word being replaced in this text: those amiss first."""
        w = self.weights
        expected = np.exp(self._usual) * evidence.counts.total()
        counts = np.array([evidence.counts[word] for word in self.words], np.float64)
        prior: NDArray[np.float64] = w.usual * self._usual + w.present * (counts > 0)
        prior += w.deficit * np.log((counts + 0.5) / (expected + 0.5))
        prior += w.amiss * np.log(np.maximum(expected - counts, 0.02))
        return prior

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
