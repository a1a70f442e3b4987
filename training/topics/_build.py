"""Topic vectors by latent semantic analysis (Deerwester et al. 1990): which words share texts.

Stretches of running text by the words in them, weighed by how rare these are, are decomposed into
singular vectors; words that stand in the same stretches get like vectors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore import InputError
from restore.lattice._topics import Topics, save_topics
from training.ngram._encode import SENTENCE_END

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

    from restore.lattice import NgramModel
    from training.ngram._encode import Streams

STRETCH = 96  # tokens
SIZE = 64  # of a vector
FEWEST = 20  # stretches that a word stands in
MOST = 8e-4  # share of running words: what is more frequent tells of no topic


class _Counts(NamedTuple):
    """Stretches by words.

    Attributes:
        matrix: sparse, 1 where a stretch has a word, (stretches, words).
        ids: language-model id of each word.
        weight: log of how many stretches there are for each that has the word.
    """

    matrix: Any
    ids: NDArray[np.int64]
    weight: NDArray[np.float32]


def build_topics(streams: Streams, out: Path, model: NgramModel, log: Callable[[str], None]) -> int:
    """Build the table and write it; the same corpora give the same words and topics.

    Args:
        streams: the encoded corpora; what measures is not read.
        out: the file to write.
        model: gives the vocabulary, and how frequent words are.
        log: told what is being done.

    Returns:
        How many words have a vector.

    Raises:
        InputError: the corpora are too small.
    """
    log("counting")
    counts = _count(streams, model)
    if min(counts.matrix.shape) <= SIZE:
        message = f"too little text for {SIZE} topics: give more corpora"
        raise InputError(message)
    log("decomposing")
    vectors = _decompose(counts)
    words = {number: word for word, number in model.vocabulary.items()}
    names = [words[number] for number in counts.ids.tolist()]
    save_topics(Topics(names, vectors, counts.weight), out)
    return len(names)


def _count(streams: Streams, model: NgramModel) -> _Counts:
    from scipy import sparse

    ids = streams.ids(model)
    tells = model.log_frequency < np.log(MOST)
    tells[[0, *model.ids(["<s>", "</s>", "<num>"])]] = False
    rows, columns, first = [], [], 0
    for part in _stretches(streams, ids):
        there = np.nonzero(tells[part])
        rows.append((first + there[0]).astype(np.int32))
        columns.append(part[there].astype(np.int32))
        first += len(part)
    pair = (np.concatenate(rows), np.concatenate(columns))
    shape = (first, len(model.log_frequency))
    matrix = sparse.csr_matrix((np.ones(len(pair[0]), np.float32), pair), shape)
    matrix.data[:] = 1  # duplicates were summed
    stand = np.asarray(matrix.sum(0)).ravel()
    kept = np.flatnonzero(stand > FEWEST)
    return _Counts(matrix[:, kept], kept, np.log(first / stand[kept]).astype(np.float32))


def _stretches(streams: Streams, ids: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Yield the training text of each source as ids, (stretches, `STRETCH`)."""
    for _, stream in sorted(streams.train.items()):
        running = ids[stream[stream != SENTENCE_END]]
        count = len(running) // STRETCH
        yield running[: count * STRETCH].reshape(count, STRETCH)


def _decompose(counts: _Counts) -> NDArray[np.float32]:
    """Return the right singular vectors of the weighed counts, a row for each word."""
    from scipy import sparse
    from scipy.sparse.linalg import svds

    weighed = counts.matrix @ sparse.diags(counts.weight)
    length = np.sqrt(np.asarray(weighed.multiply(weighed).sum(1)).ravel())
    even = sparse.diags(1 / np.maximum(length, 1e-6)) @ weighed
    start = np.ones(min(even.shape), np.float32)
    vectors: NDArray[np.float32] = svds(even.astype(np.float32), SIZE, v0=start)[2].T
    return vectors
