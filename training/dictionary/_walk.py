"""One WordNet step forward from every original, as spinners take it; inverted later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corpora.wordnet import Relation as Step
from restore.dictionary import Relation
from training.dictionary._morphology import analyse, inflect_like
from training.dictionary._pairs import (
    BASE_FOR_INFLECTED,
    INFLECTED_ALIKE,
    SAME,
    Columns,
    ColumnStore,
    Forms,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpora.wordnet import Links, WordNet
    from training.dictionary._vocabulary import Vocabulary

STEPS = {
    Step.SYNONYM: Relation.SYNONYM,
    Step.SIMILAR: Relation.SIMILAR,
    Step.HYPERNYM: Relation.HYPERNYM,
    Step.HYPONYM: Relation.HYPONYM,
    Step.ALSO: Relation.ALSO,
    Step.DERIVED: Relation.DERIVED,
    Step.PERTAINYM: Relation.PERTAINYM,
    Step.ANTONYM: Relation.ANTONYM,
}


class Sources:
    """Which WordNet lemmas each original may be looked up as.

    Attributes:
        original: number of the original, int32[k].
        lemma: number of the lemma, int32[k].
        tags: Penn tag of the original as a form of the lemma, "" where it is the lemma.
    """

    def __init__(self, vocabulary: Vocabulary, wordnet: WordNet) -> None:
        rows = [
            (number, wordnet.index[word], "")
            for number, word in enumerate(vocabulary.words)
            if word in wordnet.index
        ]
        single = [lemma for lemma in wordnet.lemmas if lemma.isascii() and lemma.isalpha()]
        for word, analyses in analyse(vocabulary.words, single).items():
            number = vocabulary.index[word]
            rows += [(number, wordnet.index[lemma], tag) for lemma, tag in analyses]
        self.original = np.array([row[0] for row in rows], np.int32)
        self.lemma = np.array([row[1] for row in rows], np.int32)
        self.tags = [row[2] for row in rows]


class Inflector:
    """Garbled forms of WordNet lemmas by tag, as form numbers."""

    def __init__(self, wordnet: WordNet, forms: Forms) -> None:
        self._lemmas = wordnet.lemmas
        self._forms = forms
        self.base = forms.numbers(wordnet.lemmas)
        self._cache: dict[tuple[str, int, bool], int] = {}

    def inflected(
        self, tags: list[str], lemmas: NDArray[Any], *, by_rule: bool
    ) -> NDArray[np.int32]:
        """Return form numbers of the lemmas inflected by the tags, -1 where there is none."""
        out = np.empty(len(lemmas), np.int32)
        for i, (tag, lemma) in enumerate(zip(tags, lemmas.tolist(), strict=True)):
            key = (tag, lemma, by_rule)
            found = self._cache.get(key)
            if found is None:
                text = inflect_like(self._lemmas[lemma], tag, by_rule=by_rule)
                found = -1 if text is None else self._forms.number(text)
                self._cache[key] = found
            out[i] = found
        return out


def expand(links: Links, lemmas: NDArray[np.int32]) -> tuple[NDArray[Any], NDArray[Any]]:
    """For each lemma, the places of its links: (which lemma, which link)."""
    counts = links.offsets[lemmas + 1] - links.offsets[lemmas]
    owner = np.repeat(np.arange(len(lemmas)), counts)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    return owner, links.offsets[lemmas][owner] + within


def emit(  # noqa: PLR0913, PLR0917 - one parameter a column
    store: ColumnStore,
    sources: Sources,
    inflector: Inflector,
    owner: NDArray[Any],
    lemma: NDArray[Any],
    columns: tuple[Any, NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]],
) -> None:
    """Add links (source, target lemma) as forms: as they stand, and inflected like the original.

    What no dictionary inflects is inflected by rule one step away only: distant ones are too many.
    """
    link, log_share, rank, form_rank, form_place = columns
    tagged = np.array([tag != "" for tag in sources.tags])[owner]
    base = Columns(
        sources.original[owner],
        inflector.base[lemma],
        np.full(len(owner), link, np.uint8),
        log_share.astype(np.float32),
        np.minimum(rank, 255).astype(np.uint8),
        np.minimum(form_rank, 255).astype(np.uint8),
        np.minimum(form_place, 255).astype(np.uint8),
        np.where(tagged, BASE_FOR_INFLECTED, SAME).astype(np.uint8),
    )
    store.add(base)
    alike = base.where(tagged)
    tags, near = [sources.tags[i] for i in owner[tagged]], link != Relation.TWO_STEP
    alike.form = inflector.inflected(tags, lemma[tagged], by_rule=near)
    alike.inflection = np.full(len(alike), INFLECTED_ALIKE, np.uint8)
    store.add(alike)


def walk(store: ColumnStore, sources: Sources, inflector: Inflector, wordnet: WordNet) -> None:
    """Add every link of one step."""
    for step, relation in STEPS.items():
        links = wordnet.links(step)
        fan = np.maximum(np.diff(links.offsets), 1)
        owner, place = expand(links, sources.lemma)
        share = -np.log(fan[sources.lemma[owner]])
        ranks = (links.ranks[place], links.target_ranks[place], links.places[place])
        columns = (relation, share, *ranks)
        emit(store, sources, inflector, owner, links.targets[place], columns)
