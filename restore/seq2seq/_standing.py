"""What stands in a text and is read as it stands: a spinner leaves little of what it replaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore.lattice._lattice import KEEP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from restore.seq2seq._block import Block
    from restore.seq2seq._pieces import Pieces
    from restore.seq2seq._speak import Speech


class Standing(NamedTuple):
    """How often words stand in a text.

    Attributes:
        counts: of each piece, where it is a word and not read as something else.
        words: of the text, whatever they are read as.
    """

    counts: NDArray[np.int64]
    words: int


def standing(block: Block, speeches: Sequence[Speech], pieces: Pieces) -> Standing:
    """Count the words of a block that are not read as something else, by their pieces."""
    changed = {
        block.unit_of(speech.view, slot)
        for speech in speeches
        for slot in speech.slots
        if slot.choice != KEEP
    }
    words = np.flatnonzero(block.units.is_word).tolist()
    out = np.zeros(len(pieces.pieces), np.int64)
    for unit in words:
        ids = pieces.ids(block.units.names[unit])
        if len(ids) == 1 and unit not in changed:
            out[ids[0]] += 1
    return Standing(out, len(words))
