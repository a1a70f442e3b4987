"""What kind of spinner wrote this document: its habits, as far as the readings so far tell.

A document comes from one spinner. So what is known of some of its words tells of the others: which
relations it walks, whether it takes a word's first synonym or any, which classes of words it
alters, whether an original has one replacement. All of this is counted in expectation, by the
posteriors of the round before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from restore.lattice._columns import (
    BIN_SHARE,
    CLASS_SHARE,
    CLOSED_SHARE,
    ELSEWHERE,
    ENDING_KEPT,
    FORM_BIN_SHARE,
    FORM_CONSISTENCY,
    KEY_SHARPNESS,
    LOG_RANK,
    MEAN_PRIOR,
    MEAN_RANK,
    ORIGINAL_CONSISTENCY,
    OVER_MEAN_PRIOR,
    RELATION_SHARE,
    RESTORED_DEFICIT,
    RESTORED_OTHERS,
)
from restore.lattice._lattice import UNKNOWN
from restore.lattice._lexicon import FREQUENCY_CLASSES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from restore.lattice._lattice import Lattice
    from restore.lattice._lexicon import Lexicon

# What is expected of a spinner before anything is known of it, and how many words that counts for.
_PRIOR, _RANK, _DOUBT = -2.0, 1.0, 2.0
_CONSISTENT = 0.8
_SHARPEN = 5.0  # a count of .2 is to be told from none


@dataclass(slots=True)
class _Counts:
    """Expected numbers of words.

    Attributes:
        row: how often each row is right, if it changes anything, shape (M,).
        pair: how often each form stands for each of its readings, shape (U,).
        original: how often the original of each reading is meant by whatever form, shape (U,).
        kept: how often it stands there itself, shape (U,).
    """

    row: NDArray[np.float64]
    pair: NDArray[np.float64]
    original: NDArray[np.float64]
    kept: NDArray[np.float64]


def dialect_columns(
    out: NDArray[np.float32],
    lattice: Lattice,
    lexicon: Lexicon,
    previous: NDArray[np.float32],
    kept: NDArray[np.float32],
) -> None:
    """Fill in what the document tells of its spinner.

    Args:
        out: features by row, shape (len(NAMES), M); changed in place.
        lattice: the readings.
        lexicon: the closed class, and how frequent words are.
        previous: log posterior of each row, shape (M,).
        kept: how often the first word of each reading stands there and means itself, shape (U,).
    """
    counts = _count(lattice, previous, kept)
    altered = 1 - np.exp(previous[lattice.starts[:-1]].astype(np.float64))
    _original_columns(out, lattice, lexicon, counts)
    _walk_columns(out, lattice, counts)
    _ending_columns(out, lattice, lexicon, counts, altered)
    _frequency_columns(out, lattice, lexicon, counts)
    _consistency_columns(out, lattice, counts, altered)


def _count(lattice: Lattice, previous: NDArray[np.float32], kept: NDArray[np.float32]) -> _Counts:
    readings, slot = lattice.readings, lattice.slot
    listed = readings.relation > UNKNOWN
    row = np.where(listed[slot], np.exp(previous.astype(np.float64)), 0)
    pair = np.bincount(slot, row, len(listed)).astype(np.float64)
    single = (readings.first == readings.last) & (readings.first > 0)
    by_word = np.bincount(readings.first, np.where(single, pair, 0))
    original = np.where(single, by_word[readings.first], pair)
    return _Counts(row, pair, original, np.maximum(kept.astype(np.float64), 0))


def _original_columns(
    out: NDArray[np.float32], lattice: Lattice, lexicon: Lexicon, counts: _Counts
) -> None:
    """Does another form stand for the same original? Then this one hardly does."""
    first, slot = lattice.readings.first, lattice.slot
    others = np.maximum(counts.original - counts.pair, 0)
    expected = np.exp(lexicon.log_frequency[first]) * lattice.size
    deficit = np.log((counts.kept + counts.original + 0.5) / (expected + 0.5))
    out[ELSEWHERE] = np.log1p(_SHARPEN * others)[slot]
    out[RESTORED_DEFICIT] = deficit[slot]
    here = np.maximum(counts.pair[slot] - counts.row, 0)
    out[RESTORED_OTHERS] = np.log1p(_SHARPEN * here)


def _walk_columns(out: NDArray[np.float32], lattice: Lattice, counts: _Counts) -> None:
    """Which relations does it walk, and how far down the dictionary's order does it choose?"""
    readings, slot = lattice.readings, lattice.slot
    relation = readings.relation[slot]
    listed = relation > UNKNOWN
    total = float(counts.row.sum())
    by_relation = np.log((np.bincount(relation, counts.row) + 0.3) / (total + 3))
    out[RELATION_SHARE] = np.where(listed, by_relation[relation], 0)
    prior = readings.log_prior[slot]
    mean = (float((counts.row * prior).sum()) + _DOUBT * _PRIOR) / (total + _DOUBT)
    out[MEAN_PRIOR] = mean
    out[OVER_MEAN_PRIOR] = np.where(listed, prior - mean, 0)
    ranks = float((counts.row * out[LOG_RANK]).sum())
    out[MEAN_RANK] = (ranks + _DOUBT * _RANK) / (total + _DOUBT)


def _ending_columns(
    out: NDArray[np.float32],
    lattice: Lattice,
    lexicon: Lexicon,
    counts: _Counts,
    altered: NDArray[np.float64],
) -> None:
    """Does it alter words with an ending, and does the ending survive?"""
    readings, text = lattice.readings, lattice.readings.text
    inflected = (lattice.endings > 0)[lattice.types]
    lower = lattice.case == 0
    shares = np.array(
        [
            log_odds(float(altered[lower & part].sum()), float((lower & part).sum()))
            for part in (~inflected, inflected)
        ]
    )
    out[CLASS_SHARE] = shares[inflected.astype(np.intp)][lattice.owner]
    original = np.where(text >= 0, lexicon.ending[text], 0)
    form = lattice.endings[readings.type_of]
    ended = counts.pair * ((original > 0) | (form > 0))
    out[ENDING_KEPT] = (float(ended[original == form].sum()) + 0.5) / (float(ended.sum()) + 1)


def log_odds(hits: float, size: float) -> float:
    """Return the log odds of a share, two words and a half being on what is usual."""
    return float(np.log(hits + 0.5) - np.log(size - hits + 2.0))


def _frequency_columns(
    out: NDArray[np.float32], lattice: Lattice, lexicon: Lexicon, counts: _Counts
) -> None:
    """Does it alter frequent words, rare ones, function words?"""
    readings, slot, units = lattice.readings, lattice.slot, lattice.units
    size = len(FREQUENCY_CLASSES) + 1
    classes = lexicon.frequency_class[readings.first]
    forms = lexicon.frequency_class[lattice.type_id][readings.type_of]
    ids = units.first[units.plain]
    stand = np.bincount(lexicon.frequency_class[ids], minlength=size) + 2.0
    restored = np.bincount(classes, counts.pair, size) + 0.5
    taken = np.bincount(forms, counts.pair, size) + 0.5
    out[BIN_SHARE] = np.log(restored / stand)[classes][slot]
    out[FORM_BIN_SHARE] = np.log(taken / stand)[forms][slot]
    closed = lexicon.is_closed[readings.first]
    share = (float(counts.pair[closed].sum()) + 0.5) / (int(lexicon.is_closed[ids].sum()) + 2.0)
    out[CLOSED_SHARE] = np.where(closed, np.log(share), 0)[slot]


def _consistency_columns(
    out: NDArray[np.float32],
    lattice: Lattice,
    counts: _Counts,
    altered: NDArray[np.float64],
) -> None:
    """Is a form always garbled, an original always replaced, and always by the same form?"""
    lower = (lattice.case == 0).astype(np.float64)
    by_type = np.bincount(lattice.types, altered * lower).astype(np.float64)
    stands = np.bincount(lattice.types, lower)
    often = stands > 1
    by_form = by_type / np.maximum(stands, 1)
    out[FORM_CONSISTENCY] = _mean(by_form[often], by_type[often])
    pair, original = counts.pair, counts.original
    replaced = original / (original + counts.kept + 1e-6)
    out[ORIGINAL_CONSISTENCY] = _mean(replaced, pair)
    many = original > 1.2
    out[KEY_SHARPNESS] = _mean(pair[many] / original[many], pair[many])


def _mean(share: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """Return the weighted mean, one word's weight being on what is usual."""
    return (float((share * weight).sum()) + _CONSISTENT) / (float(weight.sum()) + 1)
