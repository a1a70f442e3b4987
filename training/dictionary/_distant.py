"""Up to two WordNet steps, with the probability that a random walk takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corpora.wordnet import Relation as Step
from restore.dictionary import Relation
from training.dictionary._walk import emit

if TYPE_CHECKING:
    from numpy.typing import NDArray
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
# Most probable targets kept for each source, by its Zipf frequency: nearly all running words are
# among the most frequent, and for them the far targets pay.
KEPT = ((4.5, 300), (4.0, 150), (0.0, 60))
FAR = 0.5  # what a second step counts against a first
_CHUNK = 1000


def step_matrix(wordnet: WordNet) -> csr_matrix:
    """Return the walk's transition matrix over lemmas, rows summing to at most one."""
    from scipy.sparse import csr_matrix

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
    store: ColumnStore,
    sources: Sources,
    inflector: Inflector,
    wordnet: WordNet,
    zipf: NDArray[np.float32],
) -> None:
    """Add the most probable targets of two steps for each source, sisters among them.

    Args:
        store: where the links go.
        sources: what each original is looked up as.
        inflector: gives the forms of targets.
        wordnet: the relations.
        zipf: frequencies of the originals.
    """
    step = step_matrix(wordnet)
    lemmas, which = np.unique(sources.lemma, return_inverse=True)
    kept = _kept(zipf[sources.original], which, len(lemmas))
    order = np.argsort(which, kind="stable")
    edges = np.searchsorted(which[order], np.arange(len(lemmas) + 1))
    for first in range(0, len(lemmas), _CHUNK):
        chunk = lemmas[first : first + _CHUNK]
        near = step[chunk]
        walked = (near + FAR * (near @ step)).tocsr()
        rows, targets, values = _best(walked, chunk, kept[first : first + _CHUNK])
        here = first + rows
        counts = edges[here + 1] - edges[here]
        copy = np.repeat(np.arange(len(rows)), counts)
        within = np.arange(len(copy)) - np.repeat(np.cumsum(counts) - counts, counts)
        owner = order[edges[here][copy] + within]
        zero = np.zeros(len(copy), np.uint8)
        columns = (Relation.TWO_STEP, np.log(values[copy]), zero, zero, zero)
        emit(store, sources, inflector, owner, targets[copy], columns)


def _kept(zipf: NDArray[np.float32], which: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """How many targets to keep for each lemma, by its most frequent original."""
    highest = np.zeros(count, np.float32)
    np.maximum.at(highest, which, zipf)
    return np.select([highest >= least for least, _ in KEPT], [kept for _, kept in KEPT])


def _best(
    walked: csr_matrix, chunk: NDArray[np.int32], kept: NDArray[np.int64]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Keep the largest values of each row, the lemma itself left out."""
    rows = np.repeat(np.arange(walked.shape[0]), np.diff(walked.indptr))
    keep = walked.indices != chunk[rows]
    rows, targets, values = rows[keep], walked.indices[keep], walked.data[keep]
    order = np.lexsort((targets, -values, rows))
    rows, targets, values = rows[order], targets[order], values[order]
    starts = np.searchsorted(rows, np.arange(walked.shape[0]))
    best = np.arange(len(rows)) - starts[rows] < kept[rows]
    return rows[best], targets[best], values[best]
