"""The document's key, as the network sees it: which function word each arbitrary form stands for.

A spinner replaces a function word by the same arbitrary form throughout a document. What the
network would write at one occurrence is a guess, and so is what the models of language would put
there; all occurrences together are the key (a product of experts, Hinton 2002), and no two forms
stand for the same word. What is found of one form tells what stands beside the others, so they are
looked at again in its light (iterated conditional modes; Besag 1986).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore.seq2seq._evidence import Evidence
from restore.seq2seq._key_features import describe, load_judge
from restore.seq2seq._listener import Listener

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from restore.lattice._gaps import Memo
    from restore.lattice._lexicon import Lexicon
    from restore.lattice._scorer import Scorer
    from restore.seq2seq._block import Block
    from restore.seq2seq._network import Network
    from restore.seq2seq._speak import Speech

BELIEVED = 0.3  # probability of a form's word among those that are left
FEWEST = 2  # occurrences of a form in texts that may not be spun: it may be misspelt
LEAST_HEARD = 0.25  # share of its occurrences at which a form has to be doubted
LOOKS = 3  # at most, at the neighbours of forms


class Told(NamedTuple):
    """What is known of a key before a reading.

    Attributes:
        key: words that the network was told.
        before: what was said of the same sentences at the reading before.
        past: what was said of the sentences before them.
    """

    key: dict[str, str]
    before: Evidence
    past: Evidence


class Solver:
    """Gathers evidence and finds the key.

    Args:
        lexicon: gives the function words and their usual rates.
        network: gives the probability of what it would write.
        judge: scores what a form may stand for, by `KEY_NAMES`; None: the shipped one.
    """

    def __init__(self, lexicon: Lexicon, network: Network, judge: Scorer | None = None) -> None:
        self.listener = Listener(lexicon, network)
        self.judge = load_judge() if judge is None else judge

    def settle(
        self, block: Block, speeches: Sequence[Speech], told: Told, *, spun: bool
    ) -> tuple[Evidence, dict[str, str]]:
        """Gather evidence and find the key; then again, the neighbours read by what was found.

        Args:
            block: the sentences.
            speeches: what has been said of them.
            told: what is known from before.
            spun: whether the sentences are.

        Returns:
            What was said of the block, and the key of all that was read.
        """
        said, found = self.listener.hear(block, speeches), dict[str, str]()
        evidence = Evidence()
        memo: Memo = {}
        for _ in range(LOOKS):
            by = {**told.key, **found}
            evidence = self.listener.evidence(block, speeches, said, by, memo)
            evidence = evidence.unprompted(told.key, told.before)
            before, found = found, self.solve(told.past + evidence, 1 if spun else FEWEST)
            if found == before:
                break
        return evidence, found

    def solve(self, evidence: Evidence, fewest: int = 1) -> dict[str, str]:
        """Return the function word of each form that stands for one throughout.

        Args:
            evidence: what has been said.
            fewest: occurrences of a form that is looked at.
        """
        listener = self.listener
        forms = [
            form
            for form, tally in evidence.forms.items()
            if tally.count >= max(fewest, LEAST_HEARD * evidence.counts[form])
        ]
        if not forms:
            return {}
        rows = describe(evidence, forms, listener.usual, listener.words)
        scores = self.judge.scores(rows.features, rows.relation)
        gains = np.full((len(forms), len(listener.words)), -np.inf)
        for number, (first, end) in enumerate(zip(rows.starts, rows.starts[1:], strict=False)):
            gains[number, rows.word[first : end - 1]] = scores[first : end - 1] - scores[end - 1]
        return self._assigned(forms, gains)

    def news(self, evidence: Evidence, key: dict[str, str]) -> float:
        """Return at how many places a key says something else than the network without it."""
        number = self.listener.number
        tallies = ((evidence.forms[form], number[word]) for form, word in key.items())
        return sum(tally.count - float(tally.mass[word]) for tally, word in tallies)

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
                    key[forms[number]] = self.listener.words[word]
        return key
