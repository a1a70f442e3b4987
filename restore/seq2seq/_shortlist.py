"""Which words are compared at a place where what is written is weighed once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore.seq2seq._pieces import INSIDE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from restore.seq2seq._links import Links
    from restore.seq2seq._network import Network
    from restore.seq2seq._wording import Place

    Floats = NDArray[np.float32]

COMPARED = 200  # words compared at a place
AT_ONCE = 64  # places whose words are asked for together: bounds memory
LEAST = -20.0  # log probability
# Which words are compared: those likeliest by the decoder, the rarer, and where links lead.
WRITTEN, USUAL, LINKED = np.array([0.66, -0.32, 1.05], np.float32)
SPREAD = 16  # numbers of which only the largest is looked at first


class Likeliest(NamedTuple):
    """Words to compare at n places: what is known of them by themselves.

    Attributes:
        pieces: (n, W).
        written: log probability by the decoder, (n, W).
        paths: how many originals of the form lead on to each, (n, W).
        listed: log probability by the decoder of the reading that is listed, (n,).
    """

    pieces: NDArray[np.int64]
    written: Floats
    paths: Floats
    listed: Floats


class Shortlist:
    """Chooses the words to compare; read-only after construction.

    Args:
        links: of the dictionary, to the network's pieces.
        network: says what it would write.
        usual: log frequency of each of its pieces.
    """

    def __init__(self, links: Links, network: Network, usual: Floats) -> None:
        self._links, self._network = links, network
        whole = np.array([is_word(piece) for piece in network.pieces.pieces])
        self._by_itself = np.where(whole, USUAL * usual, np.float32(-np.inf))

    def of(self, places: Sequence[Place]) -> Likeliest:
        """Return the words to compare, and what decoder and links say of them."""
        parts = [
            self._some(places[first : first + AT_ONCE]) for first in range(0, len(places), AT_ONCE)
        ]
        return Likeliest(*(np.concatenate(part) for part in zip(*parts, strict=True)))

    def _some(self, places: Sequence[Place]) -> Likeliest:
        paths = np.stack([self._links.paths(place.form) for place in places])
        written = self._network.spell(np.stack([place.slot.query for place in places]))
        said = [
            self._said_of(row, place.listed) for row, place in zip(written, places, strict=True)
        ]
        value = written * WRITTEN
        value += self._by_itself
        value += LINKED * (paths > 0)
        pieces = largest(value, COMPARED)
        there = np.isfinite(np.take_along_axis(value, pieces, 1))
        top = np.maximum(np.take_along_axis(written, pieces, 1), LEAST)
        linked = np.take_along_axis(paths, pieces, 1)
        return Likeliest(pieces, np.where(there, top, LEAST), linked, np.array(said, np.float32))

    def _said_of(self, written: Floats, text: str) -> float:
        """Return the decoder's log probability of a reading, if it is a piece."""
        pieces = self._network.pieces.ids(text)
        return float(written[pieces[0]]) if len(pieces) == 1 else LEAST


def largest(values: Floats, most: int) -> NDArray[np.int64]:
    """Return the columns of the largest values of each row, in no order, all if there are fewer.

    Of `SPREAD` values only the largest is looked at first: enough of these give a bound.

    Args:
        values: shape (n, W).
        most: how many.

    Returns:
        Shape (n, min(most, W)).
    """
    number, width = values.shape
    most, groups = min(most, width), width // SPREAD
    out = np.empty((number, most), np.int64)
    if groups < most:
        return np.argpartition(-values, most - 1, axis=1)[:, :most]
    tops = values[:, : groups * SPREAD].reshape(number, SPREAD, groups).max(1)
    bounds = np.partition(tops, groups - most, axis=1)[:, groups - most]
    for row, (own, bound) in enumerate(zip(values, bounds, strict=True)):
        among = np.flatnonzero(own >= bound)
        out[row] = among[np.argpartition(-own[among], most - 1)[:most]]
    return out


def is_word(piece: str) -> bool:
    """Tell whether a piece is a word by itself.

    >>> [is_word(piece) for piece in ("town", "##s", "a", "b", ".")]
    [True, False, True, False, False]
    """
    return piece.isalpha() and not piece.startswith(INSIDE) and (len(piece) > 1 or piece in "ai")
