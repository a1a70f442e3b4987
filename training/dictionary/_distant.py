"""Two WordNet steps, with the probability that a uniform walk takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corpora.wordnet import Relation as Step
from restore.dictionary import Relation
from training.dictionary._walk import emit

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from corpora.wordnet import WordNet
    from training.dictionary._pairs import ColumnStore
    from training.dictionary._walk import Inflector, Sources

# Share of each relation in a step of the walk: what spinners favour, then what thesauri share.
WEIGHTS = {
    Step.SYNONYM: 0.40,
    Step.SIMILAR: 0.15,
    Step.HYPERNYM: 0.15,
    Step.HYPONYM: 0.10,
    Step.DERIVED: 0.10,
    Step.PERTAINYM: 0.05,
    Step.ALSO: 0.05,
}
KEPT = 80  # most probable targets kept for each source
_CHUNK = 2000


def step_matrix(wordnet: WordNet) -> csr_matrix:
    """Return the walk's transition matrix over lemmas, rows summing to at most one."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - needed while building only

    size = len(wordnet.lemmas)
    total = csr_matrix((size, size))
    for step, weight in WEIGHTS.items():
        links = wordnet.links(step)
        fan = np.diff(links.offsets)
        # Frequent senses first: a spinner or a writer reaches them more often.
        value = np.repeat(1.0 / np.maximum(fan, 1), fan) / (1 + 0.25 * links.ranks)
        total = total + weight * csr_matrix((value, links.targets, links.offsets), (size, size))
    total.sum_duplicates()
    return total


def walk_twice(
    store: ColumnStore, sources: Sources, inflector: Inflector, wordnet: WordNet
) -> None:
    """Add the most probable targets of two steps for each source, sisters among them."""
    step = step_matrix(wordnet)
    lemmas, which = np.unique(sources.lemma, return_inverse=True)
    order = np.argsort(which, kind="stable")
    edges = np.searchsorted(which[order], np.arange(len(lemmas) + 1))
    for first in range(0, len(lemmas), _CHUNK):
        chunk = lemmas[first : first + _CHUNK]
        walked = (step[chunk] @ step).tocsr()
        rows, targets, values = _best(walked, chunk)
        here = first + rows
        counts = edges[here + 1] - edges[here]
        copy = np.repeat(np.arange(len(rows)), counts)
        within = np.arange(len(copy)) - np.repeat(np.cumsum(counts) - counts, counts)
        owner = order[edges[here][copy] + within]
        zero = np.zeros(len(copy), np.uint8)
        columns = (Relation.TWO_STEP, np.log(values[copy]), zero, zero)
        emit(store, sources, inflector, owner, targets[copy], columns)


def _best(walked: csr_matrix, chunk: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Keep the largest values of each row, the lemma itself left out."""
    rows = np.repeat(np.arange(walked.shape[0]), np.diff(walked.indptr))
    keep = walked.indices != chunk[rows]
    rows, targets, values = rows[keep], walked.indices[keep], walked.data[keep]
    order = np.lexsort((targets, -values, rows))
    rows, targets, values = rows[order], targets[order], values[order]
    starts = np.searchsorted(rows, np.arange(walked.shape[0]))
    best = np.arange(len(rows)) - starts[rows] < KEPT
    return rows[best], targets[best], values[best]
