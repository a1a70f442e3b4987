"""Topic vectors: how well a word goes with the words around it, near and far.

An n-gram model sees two words on each side. Whether a text is about courts or about quakes shows
in all of its words: those that often share a stretch of text have like vectors (latent semantic
analysis, Deerwester et al. 1990; built by `restore train topics`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from restore._container import DATA, FOUR_BITS, eight_bits, read_container, write_container
from restore._errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from restore.lattice._ngram import NgramModel

SHIPPED = DATA / "topics.bin"
FORMAT, VERSION = "restore-topics", 1
NEAR = 25  # units on either side that are near


@dataclass(frozen=True, slots=True)
class Topics:
    """A vector and a weight for each word that tells of a topic.

    Attributes:
        words: in small letters, (N,).
        vectors: of any length, (N, D); only their directions count.
        weight: log of how rare a word is, (N,).
    """

    words: list[str]
    vectors: NDArray[np.floating]
    weight: NDArray[np.float32]


def save_topics(topics: Topics, path: Path) -> str:
    """Write vectors in 4 bits, a byte each; return the content's SHA-256."""
    arrays: dict[str, NDArray[np.generic]] = {
        "vectors": eight_bits(topics.vectors, 1, FOUR_BITS)[0],
        "weight": topics.weight.astype(np.float32),
        "words": np.frombuffer("\n".join(topics.words).encode(), np.uint8),
    }
    return write_container(path, FORMAT, VERSION, {}, arrays)


def load_topics(path: Path = SHIPPED) -> Topics:
    """Read the table, by default the shipped one.

    Raises:
        ModelError: the file is missing, damaged or of another format.
    """
    _, arrays = read_container(path, FORMAT, VERSION, ModelError)
    try:
        words = arrays["words"].tobytes().decode().split("\n")
        return Topics(words, arrays["vectors"], arrays["weight"])
    except (KeyError, UnicodeDecodeError) as error:
        message = f"{path} lacks a part of its table ({error}): install or build it again"
        raise ModelError(message) from error


class TopicModel:
    """Topic vectors by language-model ids; read-only after construction.

    Args:
        topics: the table.
        model: gives the ids.
    """

    def __init__(self, topics: Topics, model: NgramModel) -> None:
        ids = model.ids(topics.words)
        self._row = np.full(len(model.unigram), len(topics.words), np.int32)
        self._row[ids] = np.arange(len(ids))
        self._row[0] = len(topics.words)  # whatever is unknown
        nothing = np.zeros((1, topics.vectors.shape[1]), topics.vectors.dtype)
        self._vectors = np.concatenate([topics.vectors, nothing])
        length = np.linalg.norm(self._vectors.astype(np.float32), axis=1)
        self._scale = (1 / np.maximum(length, 1)).astype(np.float32)
        self._weight = np.append(topics.weight, np.float32(0))

    def weight(self, ids: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return how much words tell of a topic; 0 for those that tell nothing."""
        found: NDArray[np.float32] = self._weight[self._row[ids]]
        return found

    def unit_vectors(self, ids: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return the vectors of words, of length 1, or 0 for words without: (..., D)."""
        row = self._row[ids]
        vectors: NDArray[np.float32] = self._vectors[row] * self._scale[row][..., None]
        return vectors

    def around(
        self, ids: NDArray[np.int32], types: NDArray[np.int32], at: NDArray[np.integer]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the directions of the topics around places: of the text, and of what is near.

        Args:
            ids: of a text's units as they are read, (N,).
            types: number of each unit's form, (N,).
            at: the places, as units, (P,).

        Returns:
            Each (P, D). The units of a place's own form are no part of its text, nor the place
            itself of what is near it.
        """
        weighed = self.unit_vectors(ids) * self.weight(ids)[:, None]
        own = np.zeros((int(types.max(initial=-1)) + 1, weighed.shape[1]), np.float32)
        np.add.at(own, types, weighed)
        sums = np.concatenate([np.zeros_like(weighed[:1]), np.cumsum(weighed, axis=0)])
        low, high = np.maximum(at - NEAR, 0), np.minimum(at + NEAR + 1, len(ids))
        near = sums[high] - sums[low] - weighed[at]
        return _directions(sums[-1] - own[types[at]]), _directions(near)


def _directions(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    directions: NDArray[np.float32] = vectors / np.maximum(length, np.float32(1e-6))
    return directions
