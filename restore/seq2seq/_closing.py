"""The closing round: every reading again, by what the network's posteriors tell of the document.

The network saw the document through fast mode's eyes: the features that tell of the document's key
and of its spinner rested on fast mode's posteriors. Here they are computed again from what the
network made of them, and a small scorer like fast mode's own has the last word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from restore.lattice._scorer import log_softmax_groups
from restore.seq2seq._block import FLOOR
from restore.seq2seq._speak import best_listed
from restore.seq2seq._steps import UNKNOWN_ROW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from restore.lattice._features import Written
    from restore.lattice._scorer import Scorer
    from restore.seq2seq._block import Block
    from restore.seq2seq._speak import Speech
    from restore.seq2seq._steps import Slot


def close(block: Block, speeches: Sequence[Speech], scorer: Scorer, written: Written) -> None:
    """Rescore the slots of `speeches`, and choose anew.

    Args:
        block: the sentences; nothing happens where fast mode's lattice has no position.
        speeches: all that was said of them, finished; changed in place.
        scorer: fitted by `training.seq2seq._closing`.
        written: what is written that no reading says.
    """
    lattice, describer = block.lattice, block.describer
    if lattice is None or describer is None or not any(speech.slots for speech in speeches):
        return
    described = describer.describe(beliefs(block, speeches), written)
    raw = scorer.scores(described, lattice.readings.relation[lattice.slot])
    posterior = log_softmax_groups(raw, lattice.starts)
    for slot, rows in _places(block, speeches):
        there = rows >= 0
        known = np.logaddexp.reduce(slot.rows[there])  # the rest are the speller's
        _rescore(slot, np.where(there, posterior[rows] + known, slot.rows))


def beliefs(block: Block, speeches: Sequence[Speech]) -> NDArray[np.float32]:
    """Return the log posterior of each row of the lattice: the network's, or else fast mode's.

    Returns:
        Shape (M,).
    """
    lattice = block.lattice
    if lattice is None:
        return np.zeros(0, np.float32)
    found = block.scores.copy()
    for slot, rows in _places(block, speeches):
        there = rows >= 0
        found[rows[there]] = np.maximum(slot.rows[there], FLOOR)
    return log_softmax_groups(found, lattice.starts)


def _places(block: Block, speeches: Sequence[Speech]) -> Iterator[tuple[Slot, NDArray[np.int64]]]:
    """Yield each slot that the lattice knows, and the lattice's row of each of its readings."""
    for speech in speeches:
        for slot in speech.slots:
            rows = block.row_of[speech.view.positions[slot.position]]
            if rows[0] >= 0:
                yield slot, rows


def _rescore(slot: Slot, rows: NDArray[np.float32]) -> None:
    if slot.written is not None:
        slot.log_written += float(rows[UNKNOWN_ROW] - slot.rows[UNKNOWN_ROW])
    slot.rows = rows
    best = best_listed(slot)
    writes = slot.written is not None and slot.log_written > rows[best]
    slot.choice = UNKNOWN_ROW if writes else best
