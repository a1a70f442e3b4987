"""What belongs into a gap: function words by the words on either side, near and far.

The n-gram model sees two words on each side of a place. Whether `was` or `has` is missing often
hangs on the fifth, or on the tense of the whole paragraph. A feed-forward network over the vectors
of the nearest words (Bengio et al. 2003, section 2), each with weights for how far it stands, and
over the sum of those farther off says which function word stood there, if any. It is fitted on
clean news (`restore train gaps`), some of whose words are put out of place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore._container import DATA, FOUR_BITS, eight_bits, read_container, write_container
from restore._errors import ModelError
from restore.lattice._ngram import SENTENCE_END, SPECIAL_WORDS
from restore.lattice._scorer import product

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from restore.lattice._ngram import NgramModel

    Floats = NDArray[np.float32]
    Memo = dict[tuple[int, bytes], Floats]  # by place and its nearest words

SHIPPED = DATA / "gaps.bin"
FORMAT, VERSION = "restore-gaps", 1
NEAR = 8  # words on either side that have a place of their own
FAR = 40  # words on either side, the place among them, that are summed up
DAMP = 8.0  # of that sum
LEAST = -9.0  # log probability of a word by its neighbours: one odd one refutes nothing
VECTORS = ("near", "far")
MATRICES = (*VECTORS, "first", "second", "last")


class Layers(NamedTuple):
    """Weights of a network for gaps; V words read, W function words.

    Attributes:
        near: vectors of words for their places, (V, D).
        far: vectors of words for the sum, (V, S).
        first: of the neighbours' vectors in order, then the sum, (2 `NEAR` D + S, H).
        first_bias: (H,).
        second: (H, G).
        second_bias: (G,).
        last: (G, W + 1), whatever is no function word coming last.
        last_bias: (W + 1,).
    """

    near: NDArray[np.floating]
    far: NDArray[np.floating]
    first: Floats
    first_bias: Floats
    second: Floats
    second_bias: Floats
    last: Floats
    last_bias: Floats


class GapModel:
    """Says which function word belongs into a gap; read-only after construction.

    Args:
        layers: the network.
        words: the W function words, in its order.
        known: the V words that have vectors, in their order; the first ones are `SPECIAL_WORDS`.
        model: gives the ids of words.

    Attributes:
        words: the same.
        column: of each language-model id, its number among these, or W.
    """

    def __init__(
        self, layers: Layers, words: list[str], known: list[str], model: NgramModel
    ) -> None:
        self.words = words
        self.column = np.full(len(model.unigram), len(words), np.int64)
        self.column[model.ids(words)] = np.arange(len(words))
        self._row = np.zeros(len(model.unigram), np.int64)
        self._row[model.ids(known)] = np.arange(len(known))
        self._row[: len(SPECIAL_WORDS)] = np.arange(len(SPECIAL_WORDS))
        self._layers = layers

    @classmethod
    def load(cls, model: NgramModel, path: Path = SHIPPED) -> GapModel:
        """Read a network, by default the shipped one.

        Args:
            model: gives the ids of words.
            path: the file.

        Raises:
            ModelError: the file is missing, damaged or of another format.
        """
        header, arrays = read_container(path, FORMAT, VERSION, ModelError)
        try:
            known = arrays["known"].tobytes().decode().split("\n")
            return cls(Layers(**unpacked(arrays)), list(header["words"]), known, model)
        except (KeyError, TypeError, UnicodeDecodeError) as error:
            message = f"{path} lacks a part of its network ({error}): install or build it again"
            raise ModelError(message) from error

    def logs(
        self,
        firsts: NDArray[np.int32],
        lasts: NDArray[np.int32],
        at: NDArray[np.integer],
        memo: Memo | None = None,
    ) -> Floats:
        """Return the log probability of each function word, and of anything else, at each place.

        What stands at the places themselves is not looked at.

        Args:
            firsts: language-model ids of a text, of several words at a place the first, (N,).
            lasts: the same, the last.
            at: n places.
            memo: what was said of this text before, to be filled; a place whose nearest words are
                the same is not asked about again, though words farther off may have changed.

        Returns:
            Shape (n, W + 1), each at least `LEAST`.
        """
        before, after = self._padded(lasts), self._padded(firsts)
        place, steps = at + FAR, np.arange(1, NEAR + 1)
        ids = np.concatenate(
            [before[place[:, None] - steps[::-1]], after[place[:, None] + steps]], axis=1
        )
        if memo is None:
            return self._scored(ids, before, place)
        keys = [(one, row.tobytes()) for one, row in zip(place.tolist(), ids, strict=True)]
        new = [number for number, key in enumerate(keys) if key not in memo]
        for number, found in zip(new, self._scored(ids[new], before, place[new]), strict=True):
            memo[keys[number]] = found
        width = len(self.words) + 1
        return np.array([memo[key] for key in keys], np.float32).reshape(len(keys), width)

    def _scored(
        self, ids: NDArray[np.int64], text: NDArray[np.int64], place: NDArray[np.integer]
    ) -> Floats:
        """Run the network on the nearest words of places of a padded text, (n, 2 `NEAR`)."""
        layers = self._layers
        near = layers.near[ids].reshape(len(ids), ids.shape[1] * layers.near.shape[1])
        sums = np.cumsum(layers.far[text], axis=0, dtype=np.float64)
        sums = np.concatenate([np.zeros_like(sums[:1]), sums])
        far = sums[place + FAR] - sums[place + 1] + sums[place] - sums[place - FAR]
        hidden = np.concatenate([near, far / DAMP], axis=1, dtype=np.float32)
        for matrix, bias in (
            (layers.first, layers.first_bias), (layers.second, layers.second_bias),
        ):  # fmt: skip
            hidden = _gelu(product(hidden, matrix) + bias)
        scores = product(hidden, layers.last) + layers.last_bias
        scores -= scores.max(axis=1, keepdims=True)
        scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
        logs: Floats = np.maximum(scores, np.float32(LEAST))
        return logs

    def _padded(self, ids: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return the rows of a text's words, with room on either side."""
        return np.pad(self._row[ids], FAR, constant_values=SENTENCE_END)


def _gelu(x: Floats) -> Floats:
    """Gaussian error linear unit, by the tangent (Hendrycks and Gimpel 2016, section 2)."""
    out = x * x
    out *= np.float32(0.044715)
    out += 1
    out *= x
    out *= np.float32(np.sqrt(2 / np.pi))
    np.tanh(out, out=out)
    out += 1
    out *= x
    out *= np.float32(0.5)
    return out


def save_gaps(layers: Layers, words: list[str], known: list[str], path: Path) -> str:
    """Write a network, its matrices in 8 bits, its vectors in 4; return the content's SHA-256.

    Arguments as of `GapModel`.
    """
    arrays: dict[str, NDArray[np.generic]] = {
        "known": np.frombuffer("\n".join(known).encode(), np.uint8)
    }
    for name, array in layers._asdict().items():
        if name in MATRICES:
            most = FOUR_BITS if name in VECTORS else 127
            arrays[name], arrays[f"{name}_scale"] = eight_bits(array, _AXIS[name], most)
        else:
            arrays[name] = array.astype(np.float32)
    return write_container(path, FORMAT, VERSION, {"words": words}, arrays)


_AXIS = {"near": 1, "far": 1, "first": 0, "second": 0, "last": 0}  # a scale a word, or an output


def unpacked(arrays: Mapping[str, NDArray[np.generic]]) -> dict[str, NDArray[np.floating]]:
    """Return the network's weights as they are used: vectors, which are many, in 16 bits."""
    out: dict[str, NDArray[np.floating]] = {}
    for name in Layers._fields:
        whole = arrays[name].astype(np.float32)
        if name in MATRICES:
            whole *= arrays[f"{name}_scale"].astype(np.float32)
        out[name] = whole.astype(np.float16) if name in VECTORS else whole
    return out
