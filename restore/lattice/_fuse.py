"""A static map from 64-bit keys to small codes that keeps fingerprints instead of keys.

A binary fuse filter (Graf and Lemire 2022, "Binary Fuse Filters", section 3) whose cells hold a
fingerprint and a value, as Talbot and Brants (2008) do for n-grams: a key's value is the exclusive
or of three cells. Keys that are absent are mistaken for present once in 2**fingerprint_bits times.
"""

from __future__ import annotations

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


class FuseTable:
    """Read-only look-up of codes by key; never changes, so threads may share it."""

    def __init__(
        self,
        cells: NDArray[np.uint8],
        *,
        seed: int,
        segments: int,
        segment_bits: int,
        fingerprint_bits: int,
        value_bits: int,
    ) -> None:
        """Wrap `cells`, packed bits of the cells from the lowest bit on plus 3 spare bytes.

        Raises:
            ValueError: the sizes contradict each other.
        """
        width = fingerprint_bits + value_bits
        bits = width * ((segments + 2) << segment_bits)
        if width > MAX_CELL_BITS or len(cells) != (bits + 7) // 8 + 3:
            raise ValueError(len(cells))
        self.missing = 1 << value_bits
        self._words = np.ndarray((len(cells) - 3,), "<u4", cells, 0, (1,))
        self._width = width
        self._seed = np.uint64(seed)
        self._segments, self._segment_bits = segments, segment_bits
        self._value_bits, self._fingerprint_bits = value_bits, fingerprint_bits

    def codes(self, keys: NDArray[np.uint64]) -> NDArray[np.uint32]:
        """The code of each key, uint32 of the shape of `keys`; `missing` where there is none."""
        flat = keys.reshape(-1)
        result = np.empty(flat.shape, np.uint32)
        for start in range(0, len(flat), _BLOCK):
            part = slice(start, start + _BLOCK)
            result[part] = self._codes(flat[part])
        return result.reshape(keys.shape)

    def _codes(self, keys: NDArray[np.uint64]) -> NDArray[np.uint32]:
        hashes = mix(keys, self._seed)
        cells = fingerprints(hashes, self._fingerprint_bits) << self._value_bits
        for place in places(hashes, self._segments, self._segment_bits):
            bits = place * self._width
            cells ^= self._words[bits >> 3] >> (bits & 7).astype(np.uint32)
        # Only where the fingerprints cancel out is what is left as small as a value.
        cells &= np.uint32((1 << self._width) - 1)
        return np.minimum(cells, np.uint32(self.missing))


def mix(keys: NDArray[np.uint64], seed: np.uint64) -> NDArray[np.uint64]:
    """Hash keys one to one: different keys never share all 64 bits."""
    hashes = (keys ^ seed) * _MIX_1
    hashes ^= hashes >> _HALF
    hashes *= _MIX_2
    hashes ^= hashes >> _HALF
    return hashes


def fingerprints(hashes: NDArray[np.uint64], bits: int) -> NDArray[np.uint32]:
    """The fingerprint of each hash, `bits` bits from its middle."""
    return (hashes >> np.uint64(28)).astype(np.uint32) & np.uint32((1 << bits) - 1)


def places(
    hashes: NDArray[np.uint64], segments: int, segment_bits: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The three cells of each hash, one in each of three neighbouring segments."""
    length = 1 << segment_bits
    first = ((hashes >> _HALF) * np.uint64(segments << segment_bits) >> _HALF).astype(np.int64)
    low = hashes.astype(np.int64)
    second = (first + length) ^ (low >> 14 & (length - 1))
    third = (first + 2 * length) ^ (low & (length - 1))
    return first, second, third
