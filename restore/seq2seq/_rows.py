"""The readings of each position of a block: what the lattice says, what the speller says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from restore.lattice._columns import LOG_PRIOR, LOG_RANK
from restore.lattice._decoder import decode, obey_rules
from restore.lattice._lattice import KEEP, KEY, UNKNOWN
from restore.seq2seq._block import CANDIDATES, FLOOR, ROWS, SPELLING

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from restore.lattice._lattice import Lattice
    from restore.lattice._lexicon import Lexicon
    from restore.lattice._weights import Weights
    from restore.seq2seq._block import Block, Texts
    from restore.seq2seq._spelling import Speller

# What is believed of words that the lattice says nothing about, such as misspelt ones.
_LONE_KEEP, _LONE_UNKNOWN = -0.05, -3.0
# The same of words that even the language model hardly knows, and of their candidates together.
_STRANGE_KEEP, _STRANGE_UNKNOWN, _STRANGE_SPELT = 0.4, 0.1, 0.5
_ACCENTED_KEEP = 0.1


def lone_rows(block: Block) -> None:
    """Write keep and "not listed" of all positions, as of words that no list knows."""
    block.row_text[:, :2] = block.unit_text[block.unit][:, None]
    block.log_fast[:, 0], block.log_fast[:, 1] = _LONE_KEEP, _LONE_UNKNOWN
    block.relation[:, 0], block.relation[:, 1] = KEEP, UNKNOWN
    block.features[:, 0, 0] = block.features[:, 1, 1] = 1


def run_fast(block: Block, lattice: Lattice, lexicon: Lexicon, weights: Weights) -> None:
    """Decode the lattice, and note how sure each word is right as it stands."""
    lattice, block.scores, block.describer = decode(lattice, lexicon, weights, CANDIDATES)
    block.lattice = lattice
    keep = np.maximum(block.scores[lattice.starts[:-1]], FLOOR)
    block.log_fast[np.searchsorted(block.unit, lattice.unit), 0] = keep


def find_strange(block: Block, speller: Speller, *, accents: bool) -> None:
    """Find the words that neither the lattice nor the language knows.

    A word of the document's key may be a misspelt word after all. With `accents` words that nobody
    writes with theirs are strange as well.
    """
    listed = np.zeros(len(block.unit), bool)
    if (lattice := block.lattice) is not None:
        known = lattice.owner[lattice.readings.relation[lattice.slot] > KEY]
        listed[np.searchsorted(block.unit, lattice.unit[known])] = True
    for position in np.flatnonzero(~listed).tolist():
        word = block.texts[block.unit_text[block.unit[position]]]
        block.strange[position] = speller.is_strange(word) or (
            accents and speller.is_accented(word)
        )


def lattice_rows(block: Block, lexicon: Lexicon, texts: Texts, wanted: NDArray[np.bool_]) -> None:
    """Write the readings of lattice positions, the most probable first.

    Args:
        block: the text.
        lexicon: gives the texts of readings.
        texts: extended by them.
        wanted: of which positions of the block, shape (P,).
    """
    lattice, scores = block.lattice, block.scores
    if lattice is None or block.describer is None:
        return
    described = block.describer.describe(scores)
    relation = lattice.readings.relation[lattice.slot]
    at = np.searchsorted(block.unit, lattice.unit)[lattice.owner]
    rows = np.flatnonzero(wanted[at])
    # Keep and unknown go first whatever their posterior.
    first = np.where(relation == KEEP, 2, np.where(relation == UNKNOWN, 1, 0))[rows]
    order = rows[np.lexsort((-scores[rows], -first, at[rows]))]
    place = np.arange(len(order)) - np.searchsorted(at[order], at[order])
    order, place = order[place < ROWS], place[place < ROWS]
    at = at[order]
    block.row_of[at, place] = order
    block.log_fast[at, place] = np.maximum(scores[order], FLOOR)
    block.relation[at, place] = relation[order]
    block.features[at, place] = described[order]
    text = lattice.readings.text[lattice.slot[order]]
    listed = relation[order] > UNKNOWN
    numbers, each = np.unique(text[listed], return_inverse=True)
    own = [texts.index(lexicon.small[number]) for number in numbers.tolist()]
    block.row_text[at[listed], place[listed]] = np.array(own, np.int64)[each]


def obey(block: Block, lexicon: Lexicon) -> None:
    """Decide by rule what rules decide, and note where."""
    if (lattice := block.lattice) is not None:
        ruled = obey_rules(lattice, lexicon, block.scores)
        block.ruled[np.searchsorted(block.unit, lattice.unit[ruled])] = True


def spelling_rows(block: Block, speller: Speller, texts: Texts) -> None:
    """Give strange words the usual words near them."""
    for position in np.flatnonzero(block.strange).tolist():
        word = block.texts[block.unit_text[block.unit[position]]]
        first = 2 + int((block.row_text[position, 2:] >= 0).sum())
        found = speller.candidates(word)[: ROWS - first]
        if not found:
            continue
        rows = slice(first, first + len(found))
        weights = np.array([weight for _, weight in found], np.float32)
        shares = np.exp(weights - weights.max())
        block.row_text[position, rows] = [texts.index(text) for text, _ in found]
        block.relation[position, rows] = SPELLING
        keep = _STRANGE_KEEP if word.isascii() else _ACCENTED_KEEP
        block.log_fast[position, :2] = np.log([keep, _STRANGE_UNKNOWN])
        block.log_fast[position, rows] = np.log(
            np.maximum(shares / shares.sum() * _STRANGE_SPELT, np.exp(FLOOR))
        )
        block.features[position, rows, LOG_PRIOR] = weights
        block.features[position, rows, LOG_RANK] = np.log1p(np.arange(len(found)))
