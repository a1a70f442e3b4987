"""Misspelt words, after all is said: what the network leaves to "not listed" goes to the speller.

Where a word that no list knows is wrong, the speller has its original among its candidates nine
times in ten. The network has seen mostly spun text and says "not listed" far more often than that:
it is believed about whether the word is wrong, and about which candidate is the likeliest. Not
where a block of sentences is spun: there a word that nobody knows stands for any other, and of 50
corrections of them none was right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from restore._signs import SLIGHT, is_explained
from restore.lattice._lattice import KEEP
from restore.seq2seq._block import SPELLING, speaks_for_spinner
from restore.seq2seq._steps import UNKNOWN_ROW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from restore.seq2seq._block import Block
    from restore.seq2seq._speak import Speech
    from restore.seq2seq._steps import Slot

LEAST = 1e-9  # probability
LISTED = 0.87  # share of misspelt words whose original the speller proposes


def trust_speller(block: Block, speeches: Sequence[Speech]) -> None:
    """Rescore the slots of strange words that have candidates, and choose anew.

    Args:
        block: the sentences.
        speeches: all that was said of them, finished; changed in place.
    """
    for speech in speeches:
        strange = block.strange[speech.view.positions]
        inputs = speech.view.inputs
        for slot in speech.slots:
            if not strange[slot.position]:
                continue
            near = inputs["relation"][slot.position] == SPELLING
            near &= inputs["row_mask"][slot.position]
            if near.any():
                _rescore(slot, np.flatnonzero(near))


def is_spun(block: Block, speeches: Sequence[Speech]) -> bool:
    """Are these sentences spun, as the policy would say of a text?"""
    explained, misspelt = 0.0, 0.0
    for speech in speeches:
        inputs = speech.view.inputs
        at = [slot.position for slot in speech.slots]
        if not at:
            continue
        shares = np.exp([slot.rows for slot in speech.slots]) * inputs["row_mask"][at]
        near = inputs["relation"][at] == SPELLING
        explained += float(shares[speaks_for_spinner(inputs["relation"][at])].sum())
        misspelt += float(shares[near].sum())
    return is_explained(explained, misspelt, int(block.units.is_word.sum()), SLIGHT)


def _rescore(slot: Slot, near: NDArray[np.int64]) -> None:
    """Give the candidates `near` what is their due of the probability that the word is wrong."""
    rest = float(np.exp(np.append(slot.rows[near], slot.rows[UNKNOWN_ROW])).sum())
    written = float(np.exp(slot.log_written)) if slot.written is not None else 0.0
    unlisted = max((1 - LISTED) * rest, written)
    among = slot.rows[near] - np.logaddexp.reduce(slot.rows[near])
    slot.rows = slot.rows.copy()
    slot.rows[near] = among + np.log(max(rest - unlisted, LEAST))
    slot.rows[UNKNOWN_ROW] = np.log(max(unlisted, LEAST))
    best = int(near[among.argmax()])
    if max(slot.rows[KEEP], slot.log_written) < slot.rows[best]:
        slot.choice = best
