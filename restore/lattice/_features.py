"""What the scorer sees of each reading: language model, dictionary prior, form, document key."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore.lattice._columns import (
    CAPITAL_INSIDE,
    CAPITAL_START,
    CAPITALS,
    DETERMINISTIC,
    DOCUMENT_CAPITAL_SHARE,
    DOCUMENT_SHARE,
    EXCESS,
    FORM_LOG_FREQUENCY,
    FORM_RESTORED_ELSEWHERE,
    FORM_UNKNOWN,
    INFLECTED,
    IS_KEEP,
    IS_UNKNOWN,
    KEEP_ORDER_LEFT,
    KEEP_ORDER_MIDDLE,
    KEEP_ORDER_RIGHT,
    LEFT_ALTERED,
    LM_LEFT,
    LM_MIDDLE,
    LM_OVER_BEST,
    LM_OVER_KEEP,
    LM_RIGHT,
    LM_TOTAL,
    LOG_COUNT,
    LOG_FREQUENCY,
    LOG_PRIOR,
    LOG_RANK,
    LOG_READINGS,
    LOG_SIZE,
    NAMES,
    OBSERVED,
    ORDER_LEFT,
    ORDER_MIDDLE,
    ORDER_RIGHT,
    ORIGINAL_DEFICIT,
    ORIGINAL_KEPT,
    PMI_OVER_KEEP,
    POOLED,
    POOLED_OTHERS,
    POOLED_OVER_KEEP,
    PREVIOUS,
    PREVIOUS_KEEP,
    RIGHT_ALTERED,
    SAME_ENDING,
)
from restore.lattice._context import best_context
from restore.lattice._dialect import dialect_columns, log_odds
from restore.lattice._lattice import KEEP, UNKNOWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from restore.lattice._lattice import Lattice
    from restore.lattice._lexicon import Lexicon

_CLIP = -12.0


class Written(NamedTuple):
    """Words at places of a lattice's sequence.

    Attributes:
        places: indexes into `Lattice.firsts`, shape (W,).
        first: language-model id of the first word at each.
        last: the same of the last word.
    """

    places: NDArray[np.int64]
    first: NDArray[np.int32]
    last: NDArray[np.int32]


class Describer:
    """Describes the rows of one lattice, round after round.

    What does not change between rounds is computed once: the dictionary's columns, and the
    language model's wherever the best readings of the neighbours stay the same.
    """

    def __init__(self, lattice: Lattice, lexicon: Lexicon) -> None:
        self._lattice = lattice
        self._lexicon = lexicon
        self._columns = np.zeros((len(NAMES), len(lattice.slot)), np.float32)
        self._context: NDArray[np.int32] = np.full((4, len(lattice.unit)), -1, np.int32)
        _dictionary_columns(self._columns, lattice, lexicon)

    def describe(
        self, previous: NDArray[np.float32], written: Written | None = None
    ) -> NDArray[np.float32]:
        """Return the features, given log posteriors of the round before.

        Args:
            previous: log posterior of each row, shape (M,).
            written: what is written at places of the lattice's sequence that no reading says.

        Returns:
            Shape (M, len(NAMES)), in the order of `NAMES`; valid until the next call.
        """
        context = _contexts(self._lattice, previous, written)
        stale = (context != self._context).any(axis=0)
        rows = np.flatnonzero(stale[self._lattice.owner])
        _language_columns(self._columns, self._lattice, self._lexicon, context, rows)
        self._context = context
        _comparison_columns(self._columns, self._lattice)
        _key_columns(self._columns, self._lattice, self._lexicon, np.maximum(previous, _CLIP))
        return self._columns.T


def features(
    lattice: Lattice,
    lexicon: Lexicon,
    previous: NDArray[np.float32],
    written: Written | None = None,
) -> NDArray[np.float32]:
    """Describe each row once; see `Describer.describe`."""
    return Describer(lattice, lexicon).describe(previous, written)


def _dictionary_columns(out: NDArray[np.float32], lattice: Lattice, lexicon: Lexicon) -> None:
    readings, slot = lattice.readings, lattice.slot
    form = readings.type_of
    out[IS_KEEP] = (readings.relation == KEEP)[slot]
    out[IS_UNKNOWN] = (readings.relation == UNKNOWN)[slot]
    out[LOG_FREQUENCY] = (lexicon.log_frequency[readings.first] + readings.inner)[slot]
    out[FORM_LOG_FREQUENCY] = lattice.log_frequency[form][slot]
    out[FORM_UNKNOWN] = (lattice.type_id[form] == 0)[slot]
    out[LOG_PRIOR] = readings.log_prior[slot]
    out[LOG_RANK] = np.log1p(readings.rank)[slot]
    out[OBSERVED] = readings.observed[slot]
    out[LOG_READINGS] = np.log(np.diff(readings.starts).astype(np.float32))[lattice.types][
        lattice.owner
    ]
    case = lattice.case[lattice.owner]
    out[CAPITAL_START] = case == 1
    out[CAPITAL_INSIDE] = case == 2
    out[CAPITALS] = case == 3
    endings = lattice.endings[form]
    original = np.where(readings.text >= 0, lexicon.ending[readings.text], endings)
    out[SAME_ENDING] = (original == endings)[slot]
    out[INFLECTED] = (endings > 0)[slot]
    out[DETERMINISTIC] = lattice.deterministic[form][slot]


def _contexts(
    lattice: Lattice, previous: NDArray[np.float32], written: Written | None
) -> NDArray[np.int32]:
    """Return the two words before and the two after each position, as read best: shape (4, E)."""
    lasts, firsts = best_context(lattice, previous)
    if written is not None:
        firsts[written.places], lasts[written.places] = written.first, written.last
    place = lattice.place
    return np.stack([lasts[place - 2], lasts[place - 1], firsts[place + 1], firsts[place + 2]])


def _language_columns(
    out: NDArray[np.float32],
    lattice: Lattice,
    lexicon: Lexicon,
    context: NDArray[np.int32],
    rows: NDArray[np.intp],
) -> None:
    """Score the readings of `rows` in their contexts: three trigrams hold each."""
    readings, slot, owner = lattice.readings, lattice.slot[rows], lattice.owner[rows]
    model, (before2, before1, after1, after2) = lexicon.model, context
    first, last = readings.first[slot], readings.last[slot]
    edge = model.pairs(before2, before1).take(owner)
    begin = model.pairs(before1[owner], first)
    several = np.flatnonzero(first != last)
    inside = begin.replaced(several, model.pairs(before1[owner[several]], last[several]))
    end = model.pairs(last, after1[owner])
    left, out[ORDER_LEFT, rows] = model.follow(edge, begin)
    out[LM_LEFT, rows] = left + readings.inner[slot]
    out[LM_MIDDLE, rows], out[ORDER_MIDDLE, rows] = model.follow(inside, end)
    after = model.pairs(after1, after2).take(owner)
    out[LM_RIGHT, rows], out[ORDER_RIGHT, rows] = model.follow(end, after)


def _comparison_columns(out: NDArray[np.float32], lattice: Lattice) -> None:
    """Set the language model's view of each reading against those of the others."""
    readings, slot, owner = lattice.readings, lattice.slot, lattice.owner
    total = out[LM_LEFT] + out[LM_MIDDLE] + out[LM_RIGHT]
    keep = lattice.starts[:-1][owner]
    known = np.where(readings.relation[slot] == UNKNOWN, -np.inf, total)
    out[LM_TOTAL] = total
    out[LM_OVER_KEEP] = total - total[keep]
    out[LM_OVER_BEST] = total - np.maximum.reduceat(known, lattice.starts[:-1])[owner]
    for order, kept in (
        (ORDER_LEFT, KEEP_ORDER_LEFT),
        (ORDER_MIDDLE, KEEP_ORDER_MIDDLE),
        (ORDER_RIGHT, KEEP_ORDER_RIGHT),
    ):
        out[kept] = out[order][keep]
    out[PMI_OVER_KEEP] = out[LM_OVER_KEEP] - out[LOG_FREQUENCY] + out[FORM_LOG_FREQUENCY]


def _key_columns(
    out: NDArray[np.float32], lattice: Lattice, lexicon: Lexicon, previous: NDArray[np.float32]
) -> None:
    """Pool the evidence of all occurrences of a form, and ask whether the document is spun."""
    readings, slot, owner = lattice.readings, lattice.slot, lattice.owner
    keep = lattice.starts[:-1]
    n = lattice.type_count[lattice.types][owner]
    size = len(readings.text)
    # Where a reading was pruned it stands at the floor.
    pruned = lattice.type_count[readings.type_of] - np.bincount(slot, minlength=size)
    total = (np.bincount(slot, previous, size) + _CLIP * pruned).astype(np.float32)
    mean = total[slot] / n
    out[PREVIOUS] = previous
    out[PREVIOUS_KEEP] = previous[keep][owner]
    out[POOLED] = mean
    out[POOLED_OTHERS] = (total[slot] - previous) / np.maximum(n - 1, 1) * (n > 1)
    out[POOLED_OVER_KEEP] = mean - mean[keep][owner]
    out[LOG_COUNT] = np.log(n)
    usual = np.exp(lattice.log_frequency) * lattice.size
    out[EXCESS] = (np.log(lattice.type_count + 0.5) - np.log(usual + 0.5))[lattice.types][owner]
    altered = 1 - np.exp(previous[keep])
    _document_columns(out, lattice, altered)
    kept = _absence_columns(out, lattice, lexicon, previous)
    dialect_columns(out, lattice, lexicon, previous, kept)


def _document_columns(
    out: NDArray[np.float32], lattice: Lattice, altered: NDArray[np.float32]
) -> None:
    capital = lattice.case > 0
    out[DOCUMENT_SHARE] = log_odds(altered[~capital].sum(), float((~capital).sum()))
    out[DOCUMENT_CAPITAL_SHARE] = log_odds(altered[capital].sum(), float(capital.sum()))
    out[LOG_SIZE] = np.log(lattice.size)
    along = np.zeros(len(lattice.firsts), np.float32)
    along[lattice.place] = altered
    out[LEFT_ALTERED] = along[lattice.place - 1][lattice.owner]
    out[RIGHT_ALTERED] = along[lattice.place + 1][lattice.owner]
    by_type = np.bincount(lattice.types, altered, len(lattice.type_id))
    share = (by_type / lattice.type_count).astype(np.float32)
    out[FORM_RESTORED_ELSEWHERE] = share[lattice.types][lattice.owner]


def _absence_columns(
    out: NDArray[np.float32], lattice: Lattice, lexicon: Lexicon, previous: NDArray[np.float32]
) -> NDArray[np.float32]:
    """How often does the original itself stand in the document, against what clean news has?

    Returns:
        How often the first word of each reading stands there and means itself, shape (U,).
    """
    readings, slot = lattice.readings, lattice.slot
    # What stands there but is itself garbled does not count as the word.
    kept = lattice.counts.copy()
    lower = lattice.case == 0
    altered = 1 - np.exp(previous[lattice.starts[:-1]])
    ids = lattice.type_id[lattice.types[lower]]
    kept -= np.bincount(ids, altered[lower], len(kept)).astype(np.float32)
    expected = np.exp(lexicon.log_frequency[readings.first]) * lattice.size
    stands = np.maximum(kept[readings.first], 0)
    out[ORIGINAL_KEPT] = np.log(stands + 0.5)[slot]
    out[ORIGINAL_DEFICIT] = (np.log(stands + 0.5) - np.log(expected + 0.5))[slot]
    return stands
