"""The document's key, as the network sees it: which function word each arbitrary form stands for.

A spinner replaces a function word by the same arbitrary form throughout a document. What the
network would write at one occurrence is a guess; all occurrences together are the key (a product
of experts, Hinton 2002), and no two forms stand for the same word.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from restore.seq2seq._block import NAME
from restore.seq2seq._steps import UNKNOWN_ROW

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from restore.lattice._lexicon import Lexicon
    from restore.seq2seq._batch import View
    from restore.seq2seq._block import Block
    from restore.seq2seq._network import Network
    from restore.seq2seq._speak import Speech
    from restore.seq2seq._steps import Slot

FEWEST = 2  # occurrences of a form that stands for a function word
LEAST_GARBLED = 0.3  # mean probability of a form that it is garbled
BELIEVED = 0.3  # probability of a form's word among those that are left
FLOOR = 0.003  # probability: one occurrence in an odd place refutes nothing
ARBITRARY = 0.1  # share of suspicious forms that stand for a function word
UNASKED = np.log(0.02)  # "not listed" is less probable than this: what it would be is no matter
SETTLED = 0.9  # mean probability of a form's word from which nothing is left to be found out
KEPT_PENALTY = 3.0  # of an occurrence that is certainly honest, in nats
PRESENT = 0.3  # words expected of one that the document does not lack


@dataclass(slots=True)
class Tally:
    """Sums over the occurrences of a form.

    F function words, in the order of `Solver.words`.

    Attributes:
        count: occurrences that may be garbled.
        inside: log probability of each word over `ARBITRARY`, (F,).
        outside: log probability of anything else over its own share.
        mass: probability of each word, (F,).
    """

    count: int
    inside: NDArray[np.float64]
    outside: float
    mass: NDArray[np.float64]

    @classmethod
    def of(cls, found: NDArray[np.float64]) -> Tally:
        """Count one occurrence: the probability of each word there, (F,)."""
        inside = np.log(np.maximum(found, FLOOR) / ARBITRARY)
        outside = np.log(max(1 - float(found.sum()), FLOOR) / (1 - ARBITRARY))
        return cls(1, inside, float(outside), found)

    def __add__(self, other: Tally) -> Tally:
        """Count the occurrences of both."""
        return Tally(
            self.count + other.count,
            self.inside + other.inside,
            self.outside + other.outside,
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
    """

    def __init__(self, lexicon: Lexicon, network: Network) -> None:
        self.network = network
        pieces = {word: network.pieces.ids(word) for word in lexicon.function_text}
        self.words = [word for word, ids in pieces.items() if len(ids) == 1]
        self._pieces = np.array([pieces[word][0] for word in self.words], np.int64)
        ids = lexicon.model.ids(self.words)
        self._rates: NDArray[np.float64] = np.exp(lexicon.log_frequency[ids].astype(np.float64))

    @cached_property
    def _number(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words)}

    def evidence(self, block: Block, speeches: Iterable[Speech]) -> Evidence:
        """Return what has been said of the forms of a block so far."""
        words = np.flatnonzero(block.units.is_word).tolist()
        out = Evidence(counts=Counter(block.units.names[unit] for unit in words))
        for speech in speeches:
            self._add(out, block, speech)
        return out

    def _add(self, evidence: Evidence, block: Block, speech: Speech) -> None:
        slots, names = [], []
        for slot in speech.slots:
            unit = int(block.unit[speech.view.positions[slot.position]])
            name = block.units.names[unit]
            often = evidence.counts[name] >= FEWEST
            if often and block.units.case[unit] != NAME and name not in self._number:
                slots.append(slot)
                names.append(name)
        written = self._written(slots)
        for slot, name, found in zip(slots, names, written, strict=True):
            self._add_listed(found, block, speech.view, slot)
            evidence.add(name, Tally.of(found))

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
            if tally.count < FEWEST or tally.mass.sum() < LEAST_GARBLED * tally.count:
                continue
            kept = max(0, evidence.counts[form] - tally.count)
            forms.append(form)
            gains.append(prior + tally.inside - tally.outside - KEPT_PENALTY * kept)
        return self._assigned(forms, np.array(gains)) if forms else {}

    def unsettled(self, evidence: Evidence, key: dict[str, str]) -> bool:
        """Does a key say something that the network does not know without it?"""
        tallies = ((evidence.forms[form], self._number[word]) for form, word in key.items())
        return any(float(tally.mass[word]) < SETTLED * tally.count for tally, word in tallies)

    def _prior(self, evidence: Evidence) -> NDArray[np.float64]:
        """Return the log odds that a suspicious form stands for each word: those amiss first."""
        expected = self._rates * evidence.counts.total()
        counts = np.array([evidence.counts[word] for word in self.words], np.float64)
        amiss = np.maximum(expected - counts, PRESENT * np.minimum(1, expected) + 1e-3)
        odds: NDArray[np.float64] = np.log(amiss / amiss.sum() * ARBITRARY / (1 - ARBITRARY))
        return odds

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
