"""The best reading of every position so far, and the text that it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from restore.lattice._lattice import UNKNOWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from restore.lattice._lattice import Lattice


def best_rows(lattice: Lattice, scores: NDArray[np.float32]) -> NDArray[np.int32]:
    """Return the row with the highest score at each position, unknown readings left out.

    Args:
        lattice: the readings.
        scores: any score of each row, shape (M,).

    Returns:
        Rows, shape (E,); the first among equals.
    """
    known = np.where(lattice.readings.relation[lattice.slot] == UNKNOWN, -np.inf, scores)
    top = np.maximum.reduceat(known, lattice.starts[:-1])
    hits = np.flatnonzero(known == top[lattice.owner])
    first = np.searchsorted(lattice.owner[hits], np.arange(len(lattice.unit)))
    return hits[first].astype(np.int32)


def best_context(
    lattice: Lattice, scores: NDArray[np.float32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the text's language-model ids with every position read as best so far.

    Returns:
        Last words and first words of all units, sentence marks between, each of shape (L,).
    """
    slots = lattice.slot[best_rows(lattice, scores)]
    firsts, lasts = lattice.firsts.copy(), lattice.lasts.copy()
    firsts[lattice.place] = lattice.readings.first[slots]
    lasts[lattice.place] = lattice.readings.last[slots]
    return lasts, firsts
