"""Pruning: of many candidates, only those that suit their neighbours are looked at closely."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from restore.lattice._context import best_context
from restore.lattice._lattice import FIRST_RELATION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from restore.lattice._lattice import Lattice
    from restore.lattice._ngram import NgramModel

KEPT = 12  # dictionary candidates left at a position
LM_WEIGHT = 0.6  # against the prior; chosen on garbled training text for the originals it retains


def promising(
    lattice: Lattice, model: NgramModel, scores: NDArray[np.float32], most: int = KEPT
) -> NDArray[np.bool_]:
    """Say which rows are worth a close look: all but the dictionary's, and the best of those.

    Args:
        lattice: all readings.
        model: its bigrams judge each candidate between the best readings of its neighbours so far.
        scores: log posterior of each row, shape (M,).
        most: dictionary candidates left at a position.

    Returns:
        Shape (M,).
    """
    lasts, firsts = best_context(lattice, scores)
    readings, slot, owner = lattice.readings, lattice.slot, lattice.owner
    relation = readings.relation[slot]
    rows = np.flatnonzero(relation >= FIRST_RELATION)
    place = lattice.place[owner[rows]]
    slots = slot[rows]
    value = model.bigram(lasts[place - 1], readings.first[slots])
    value += model.bigram(readings.last[slots], firsts[place + 1]) + readings.inner[slots]
    value = LM_WEIGHT * value + readings.log_prior[slots]
    value[readings.rank[slots] == 0] = np.inf  # rules need the first candidate
    order = np.lexsort((-value, owner[rows]))
    begins = np.searchsorted(owner[rows][order], np.arange(len(lattice.unit)))
    rank = np.arange(len(rows)) - begins[owner[rows][order]]
    kept = np.ones(len(slot), bool)
    kept[rows[order[rank >= most]]] = False
    return kept


def select_rows(lattice: Lattice, kept: NDArray[np.bool_]) -> Lattice:
    """Return the lattice with only the rows in `kept`; every position must keep one at least."""
    owner = lattice.owner[kept]
    counts = np.bincount(owner, minlength=len(lattice.unit))
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return replace(lattice, owner=owner, slot=lattice.slot[kept], starts=starts)
