"""Fast mode: three rounds over the lattice, each with the document's key of the round before."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore._capitals import fit_case, is_titled
from restore._decoder import Proposal
from restore._edits import Edit
from restore._signs import is_spun
from restore.dictionary import Relation
from restore.lattice._casing import Casing
from restore.lattice._context import best_rows
from restore.lattice._features import Describer
from restore.lattice._forward import posteriors
from restore.lattice._lattice import FIRST_RELATION, KEEP, KEY, UNKNOWN, build_lattice
from restore.lattice._prune import KEPT, promising, select_rows
from restore.lattice._scorer import log_softmax_groups
from restore.lattice._units import split_units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from restore._document import Document
    from restore.lattice._lattice import Lattice
    from restore.lattice._lexicon import Lexicon
    from restore.lattice._weights import Weights

WINDOW = 4000  # tokens decoded at once: bounds memory, and is far more than a key needs
ALTERNATIVES = 3
IMPOSSIBLE = np.float32(-99.0)  # a log probability: far below all others, yet finite
NAME = 2  # `Units.case` of a capitalised word inside a sentence


class Decoded(NamedTuple):
    """What fast mode says of a lattice.

    Attributes:
        lattice: pruned.
        scores: log probability of each of its rows, shape (M,).
        describer: of its rows; knows what the language model says of them.
    """

    lattice: Lattice
    scores: NDArray[np.float32]
    describer: Describer


class LatticeDecoder:
    """Chooses among the dictionary's candidates in context; see `propose`."""

    name = "fast"

    def __init__(self, lexicon: Lexicon, weights: Weights) -> None:
        self.lexicon = lexicon
        self.weights = weights

    def knows(self, word: str) -> bool:
        """Tell whether a lower-case word is usual English: in the language model's vocabulary."""
        return word in self.lexicon.model.vocabulary

    def propose(self, document: Document) -> Proposal:
        """Return an edit wherever the best reading is not what stands there."""
        edits: list[Edit] = []
        garbled = explained = 0.0
        words = 0
        for sentences in windows(document.sentences, WINDOW):
            units = split_units(document, sentences, self.lexicon)
            words += int(units.is_word.sum())
            lattice = build_lattice(units, self.lexicon)
            if lattice is None:
                continue
            lattice, scores, _ = decode(lattice, self.lexicon, self.weights)
            obey_rules(lattice, self.lexicon, scores)
            edits += self.edits(document, lattice, scores)
            garbled += float((1 - np.exp(scores[lattice.starts[:-1]])).sum())
            explains = is_evidence(lattice.readings.relation[lattice.slot])
            explained += float(np.exp(scores[explains]).sum())
        titled = is_titled(document.text)
        made = Proposal(tuple(edits), garbled, words, explained, titled)
        return self.recased(document, made)

    def recased(self, document: Document, proposal: Proposal) -> Proposal:
        """Return what is proposed for a document, with better capitals if it is spun."""
        tells = is_spun(proposal) and not proposal.titled  # capitals tell of something
        return self.casing.recased(document, proposal) if tells else proposal

    @cached_property
    def casing(self) -> Casing:
        """How news writes words; read when it is first asked for."""
        return Casing.load()

    def edits(
        self,
        document: Document,
        lattice: Lattice,
        scores: NDArray[np.float32],
        only: NDArray[np.bool_] | None = None,
    ) -> Iterator[Edit]:
        """Yield the edits of a decoded lattice, at the positions of `only` if it is given."""
        relation = lattice.readings.relation[lattice.slot]
        chosen = best_rows(lattice, scores)
        changed = relation[chosen] != KEEP
        for position in np.flatnonzero(changed if only is None else changed & only).tolist():
            edit = self._edit(document, lattice, scores, position, int(chosen[position]))
            if edit is not None:
                yield edit

    def _edit(
        self,
        document: Document,
        lattice: Lattice,
        scores: NDArray[np.float32],
        position: int,
        row: int,
    ) -> Edit | None:
        units, unit = lattice.units, int(lattice.unit[position])
        first = int(units.token[unit])
        last = first + int(units.length[unit]) - 1
        start = document.starts[first]
        end = document.end(last)
        before = document.text[start:end]
        named = partial(self._named, document.text, start, end)
        after = named(int(lattice.readings.text[lattice.slot[row]]))
        if after == before:
            return None
        return Edit(
            start,
            end,
            before,
            after,
            f"fast:{self._relation(lattice, row)}",
            probability(scores[row]),
            self._alternatives(lattice, scores, position, row, named),
        )

    def _named(self, text: str, start: int, end: int, number: int) -> str:
        """Return an original, by its number, as it would stand there; the word itself for -1."""
        if number < 0:
            return text[start:end]
        return fit_case(text, start, end, self.lexicon.originals[number])

    def _relation(self, lattice: Lattice, row: int) -> str:
        code = int(lattice.readings.relation[lattice.slot[row]])
        return "key" if code == KEY else self.lexicon.relation_name(code - FIRST_RELATION)

    def _alternatives(
        self,
        lattice: Lattice,
        scores: NDArray[np.float32],
        position: int,
        row: int,
        named: Callable[[int], str],
    ) -> tuple[tuple[str, float], ...]:
        begin, end = int(lattice.starts[position]), int(lattice.starts[position + 1])
        order = begin + np.argsort(-scores[begin:end], kind="stable")[: ALTERNATIVES + 2]
        out: list[tuple[str, float]] = []
        for other in order.tolist():
            text = int(lattice.readings.text[lattice.slot[other]])
            if other != row and text != -2 and scores[other] > -7:
                out.append((named(text), probability(scores[other])))
        return tuple(out[:ALTERNATIVES])


def obey_rules(
    lattice: Lattice, lexicon: Lexicon, scores: NDArray[np.float32]
) -> NDArray[np.int64]:
    """Give the first candidate of rules its prior and the others nothing, whatever the context.

    Returns:
        The positions that rules decide.
    """
    rules = np.array([lexicon.is_rule(name) for name in lattice.names])[lattice.types]
    # A capitalised phrase may be a name; a user knows what the user's own entries mean.
    own = np.array([lexicon.is_own(name) for name in lattice.names])[lattice.types]
    ruled = np.flatnonzero(rules & (own | (lattice.case != NAME)))
    for position in ruled.tolist():
        rows = slice(int(lattice.starts[position]), int(lattice.starts[position + 1]))
        slots = lattice.slot[rows]
        first = (lattice.readings.relation[slots] >= FIRST_RELATION) & (
            lattice.readings.rank[slots] == 0
        )
        scores[rows] = np.where(first, lattice.readings.log_prior[slots], IMPOSSIBLE)
    return ruled


def is_evidence(relation: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Tell which readings, by their relation codes, speak for a spinner if they are right."""
    found: NDArray[np.bool_] = (relation > UNKNOWN) & (relation != FIRST_RELATION + Relation.USER)
    return found


def probability(log_probability: float) -> float:
    """Return a rounded probability: rounding keeps results equal across machines.

    >>> probability(0.0)
    1.0
    """
    return round(float(np.exp(log_probability)), 4)


def windows(sentences: list[tuple[int, int]], limit: int) -> Iterator[list[tuple[int, int]]]:
    """Group consecutive sentences into windows of about `limit` tokens; a longer sentence is cut.

    >>> list(windows([(0, 3), (3, 5), (5, 12)], 6))
    [[(0, 3), (3, 5)], [(5, 11)], [(11, 12)]]
    """
    window: list[tuple[int, int]] = []
    for first, end in sentences:
        for start in range(first, end, limit):
            stop = min(start + limit, end)
            if window and stop - window[0][0] > limit:
                yield window
                window = []
            window.append((start, stop))
    if window:
        yield window


def decode(lattice: Lattice, lexicon: Lexicon, weights: Weights, most: int = KEPT) -> Decoded:
    """Forward-backward, pruning to `most` dictionary candidates a position, scorer rounds."""
    scores = posteriors(lattice, lexicon.model, lexicon.log_frequency, weights.channel)
    kept = promising(lattice, lexicon.model, scores, most)
    lattice, scores = select_rows(lattice, kept), scores[kept]
    relation = lattice.readings.relation[lattice.slot]
    describer = Describer(lattice, lexicon)
    for scorer in weights.rounds:
        raw = scorer.scores(describer.describe(scores), relation)
        scores = log_softmax_groups(raw, lattice.starts)
    return Decoded(lattice, scores, describer)
