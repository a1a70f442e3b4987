"""A static map from 64-bit keys to small codes that keeps fingerprints instead of keys.

A binary fuse filter (Graf and Lemire 2022, "Binary Fuse Filters", section 3) whose cells hold a
fingerprint and a value, as Talbot and Brants (2008) do for n-grams: a key's value is the exclusive
or of three cells. Keys that are absent are mistaken for present once in 2**fingerprint_bits times.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_CELL_BITS = 25  # a cell that starts anywhere in a byte still lies within four bytes
# Multipliers of the 64-bit finaliser of MurmurHash3: every bit of a key reaches every bit.
_MIX_1 = np.uint64(0xFF51AFD7ED558CCD)
_MIX_2 = np.uint64(0xC4CEB9FE1A85EC53)
_HALF = np.uint64(32)
_BLOCK = 1 << 14  # keys at a time, so that intermediate arrays stay in the cache


@dataclass(frozen=True, slots=True)
class FuseShape:
    """The sizes of a table, as they stand in the file that holds it.

    Attributes:
        seed: of the hash, 64 bits.
        segments: how many places the first of a key's three segments may take.
        segment_bits: logarithm of the cells in a segment.
        fingerprint_bits, value_bits: what a cell is made of, at most 25 bits together.
    """

    seed: int
    segments: int
    segment_bits: int
    fingerprint_bits: int
    value_bits: int

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return (self.segments + 2) << self.segment_bits

    @property
    def width(self) -> int:
        """Bits of a cell."""
        return self.fingerprint_bits + self.value_bits


class FuseTable:
    """Read-only look-up of codes by key; never changes, so threads may share it."""

    def __init__(self, cells: NDArray[np.uint8], shape: FuseShape) -> None:
        """Wrap `cells`, packed bits of the cells from the lowest bit on plus 3 spare bytes.

        Raises:
            ValueError: the sizes contradict each other.
        """
        if shape.width > MAX_CELL_BITS or len(cells) != (shape.width * shape.cells + 7) // 8 + 3:
            raise ValueError(len(cells))
        self.missing = 1 << shape.value_bits
        self._shape = shape
        self._words: NDArray[np.uint32] = np.ndarray((len(cells) - 3,), "<u4", cells, 0, (1,))

    def codes(self, keys: NDArray[np.uint64]) -> NDArray[np.uint32]:
        """The code of each key, uint32 of the shape of `keys`; `missing` where there is none."""
        flat = keys.reshape(-1)
        result = np.empty(flat.shape, np.uint32)
        for start in range(0, len(flat), _BLOCK):
            part = slice(start, start + _BLOCK)
            result[part] = self._codes(flat[part])
        return result.reshape(keys.shape)

    def _codes(self, keys: NDArray[np.uint64]) -> NDArray[np.uint32]:
        hashes = mix(keys, self._shape.seed)
        cells = fingerprints(hashes, self._shape.fingerprint_bits)
        cells <<= np.uint32(self._shape.value_bits)
        for place in places(hashes, self._shape):
            bits = place * self._shape.width
            cells ^= self._words[bits >> 3] >> (bits & 7).astype(np.uint32)
        # Only where the fingerprints cancel out is what is left as small as a value.
        cells &= np.uint32((1 << self._shape.width) - 1)
        return np.minimum(cells, np.uint32(self.missing), out=cells)


def mix(keys: NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    """Hash keys one to one: different keys never share all 64 bits."""
    hashes = (keys ^ np.uint64(seed)) * _MIX_1
    hashes ^= hashes >> _HALF
    hashes *= _MIX_2
    hashes ^= hashes >> _HALF
    return hashes


def fingerprints(hashes: NDArray[np.uint64], bits: int) -> NDArray[np.uint32]:
    """The fingerprint of each hash, `bits` bits from its middle."""
    return (hashes >> np.uint64(28)).astype(np.uint32) & np.uint32((1 << bits) - 1)


def places(
    hashes: NDArray[np.uint64], shape: FuseShape
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The three cells of each hash, one in each of three neighbouring segments."""
    length = 1 << shape.segment_bits
    span = np.uint64(shape.segments << shape.segment_bits)
    first = ((hashes >> _HALF) * span >> _HALF).astype(np.int64)
    low = hashes.astype(np.int64)
    second = (first + length) ^ (low >> 14 & (length - 1))
    third = (first + 2 * length) ^ (low & (length - 1))
    return first, second, third
