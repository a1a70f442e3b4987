"""Builds the tables of `restore.lattice._fuse`: finds cells whose exclusive ors are the values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from restore.lattice._fuse import FuseShape, fingerprints, mix, places

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MAX_SEEDS = 50
_MAX_SEGMENT_BITS = 16
_SEED_STEP, _SEED_MASK = 0x9E3779B97F4A7C15, (1 << 64) - 1


def build_table(
    keys: NDArray[np.uint64],
    values: NDArray[np.uint32],
    *,
    fingerprint_bits: int,
    value_bits: int,
) -> tuple[NDArray[np.uint8], FuseShape]:
    """Pack distinct keys and their values: the packed cells, and the shape to read them with.

    Sizes follow Graf and Lemire (2022), section 4; the first seed that peels is taken, so the
    result depends on the arguments alone.

    Raises:
        ValueError: no seed worked, which means that keys repeat.
    """
    segments, segment_bits = _sizes(len(keys))
    for attempt in range(1, _MAX_SEEDS):
        seed = attempt * _SEED_STEP & _SEED_MASK
        shape = FuseShape(seed, segments, segment_bits, fingerprint_bits, value_bits)
        hashes = mix(keys, seed)
        columns = np.stack(places(hashes, shape))
        rounds = _peel(columns, shape.cells)
        if rounds is not None:
            wanted = fingerprints(hashes, fingerprint_bits) << np.uint32(value_bits) | values
            return _pack(_assign(columns, rounds, wanted, shape.cells), shape.width), shape
    message = f"cannot place {len(keys)} keys: they are not distinct"
    raise ValueError(message)


def _sizes(count: int) -> tuple[int, int]:
    """Segments and the logarithm of their length."""
    count = max(count, 2)
    segment_bits = min(max(int(math.log(count) / math.log(3.33) + 2.25), 2), _MAX_SEGMENT_BITS)
    factor = max(1.125, 0.875 + 0.25 * math.log(1e6) / math.log(count))
    segments = math.ceil(count * factor / (1 << segment_bits)) - 2
    return max(segments, 1), segment_bits


def _peel(
    columns: NDArray[np.int64], size: int
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]] | None:
    """Remove keys that are alone in some cell, round by round: (keys, their cells) of each round.

    None if some keys can never be removed. All keys of a round can be assigned at once, since the
    cell of one is no cell of another that is left.
    """
    count = columns.shape[1]
    indexes = np.arange(count)
    degree = np.bincount(columns.reshape(-1), minlength=size)
    # The sum of the keys in a cell names its last key once it is alone.
    total = np.bincount(columns.reshape(-1), np.tile(indexes, 3), size).astype(np.int64)
    rounds = []
    frontier = np.flatnonzero(degree == 1)
    left = count
    while len(frontier):
        keys, first = np.unique(total[frontier], return_index=True)
        rounds.append((keys, frontier[first]))
        left -= len(keys)
        touched = columns[:, keys].reshape(-1)
        np.subtract.at(degree, touched, 1)
        np.subtract.at(total, touched, np.tile(keys, 3))
        frontier = np.unique(touched[degree[touched] == 1])
    return None if left else rounds


def _assign(
    columns: NDArray[np.int64],
    rounds: list[tuple[NDArray[np.int64], NDArray[np.int64]]],
    wanted: NDArray[np.uint32],
    size: int,
) -> NDArray[np.uint32]:
    cells = np.zeros(size, np.uint32)
    for keys, own in reversed(rounds):
        first, second, third = columns[:, keys]
        # The key's own cell is still zero, so that it does not disturb the exclusive or.
        cells[own] = wanted[keys] ^ cells[first] ^ cells[second] ^ cells[third]
    return cells


def _pack(cells: NDArray[np.uint32], width: int) -> NDArray[np.uint8]:
    packed = []
    block = 1 << 16  # a multiple of 8 cells fills whole bytes
    for start in range(0, len(cells), block):
        part = cells[start : start + block, None] >> np.arange(width, dtype=np.uint32) & 1
        packed.append(np.packbits(part.astype(np.uint8).reshape(-1), bitorder="little"))
    return np.concatenate([*packed, np.zeros(3, np.uint8)])
