"""The lattice: every uncertain word of a document with its readings, as flat arrays.

A *type* is a lower-cased surface form; a *reading* is what it may stand for: itself (keep), an
original that no list holds (unknown), a dictionary candidate, or a closed-class word that the
document lacks. Readings are stored once a type (index U) and expanded to rows, one for each
reading of each uncertain position (index M, grouped by position).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from restore.lattice._key import offered_words
from restore.lattice._lexicon import ending

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from restore.lattice._lexicon import Lexicon
    from restore.lattice._units import Units

KEEP = 0  # relation codes of readings that no dictionary gave
UNKNOWN = 1
KEY = 2
FIRST_RELATION = 3  # dictionary relation r is stored as FIRST_RELATION + r
MAX_CANDIDATES = 40  # dictionary candidates a form, best prior first


@dataclass(slots=True)
class Readings:
    """What each type may stand for; all arrays of shape (U,), grouped by type.

    Attributes:
        starts: first reading of each type, shape (types + 1,).
        type_of: the type of each reading.
        text: index into the lexicon's originals, -1 for keep, -2 for unknown.
        first: language-model id of the reading's first word.
        last: language-model id of its last word.
        inner: log-probability of its words after the first, given the word before.
        log_prior: log P(original | form is garbled); 0 for keep and unknown.
        relation: `KEEP`, `UNKNOWN`, `KEY` or `FIRST_RELATION` + the dictionary's relation.
        observed: 1 for pairs read off real spun text, else 0.
        rank: place in the dictionary's order, from 0.
    """

    starts: NDArray[np.int32]
    type_of: NDArray[np.int32]
    text: NDArray[np.int32]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    inner: NDArray[np.float32]
    log_prior: NDArray[np.float32]
    relation: NDArray[np.int32]
    observed: NDArray[np.float32]
    rank: NDArray[np.float32]


@dataclass(slots=True)
class Lattice:
    """The uncertain positions of a stretch of text and their readings.

    Attributes:
        readings: the readings of each type.
        units: the text as units.
        names: each type's surface in lower case.
        unit: index of the unit at each position, shape (E,).
        types: type of each position, shape (E,).
        starts: first row of each position, shape (E + 1,).
        owner: position of each row, shape (M,).
        slot: reading of each row, shape (M,).
        firsts: language-model ids of the units' first words with sentence marks, shape (L,).
        lasts: the same of their last words.
        place: index into `firsts` and `lasts` of each position, shape (E,).
        case: `Units.case` of each position, shape (E,).
        log_frequency: usual log frequency of each type in clean news.
        type_id: language-model id of each type (of its first word).
        type_count: occurrences of each type.
        endings: number of each type's ending, see `ending`.
        deterministic: which types are practically never honest English.
        size: number of words.
        counts: occurrences of each language-model id among lower-case words, as a dense array.
    """

    readings: Readings
    units: Units
    names: list[str]
    unit: NDArray[np.int32]
    types: NDArray[np.int32]
    starts: NDArray[np.int32]
    owner: NDArray[np.int32]
    slot: NDArray[np.int32]
    firsts: NDArray[np.int32]
    lasts: NDArray[np.int32]
    place: NDArray[np.int32]
    case: NDArray[np.int32]
    log_frequency: NDArray[np.float32]
    type_id: NDArray[np.int32]
    type_count: NDArray[np.float32]
    endings: NDArray[np.int8]
    deterministic: NDArray[np.bool_]
    size: int
    counts: NDArray[np.float32]


def ranges(starts: NDArray[np.int32], lengths: NDArray[np.int32]) -> NDArray[np.int32]:
    """Concatenate ``arange(s, s + n)`` for all pairs.

    >>> ranges(np.array([5, 9], np.int32), np.array([2, 3], np.int32)).tolist()
    [5, 6, 9, 10, 11]
    """
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    joined: NDArray[np.int32] = np.arange(total, dtype=np.int32)
    joined += np.repeat(starts - (ends - lengths), lengths).astype(np.int32)
    return joined


def build_lattice(
    units: Units, lexicon: Lexicon, key: Mapping[str, str] | None = None
) -> Lattice | None:
    """Lay out the readings of every unit that may be garbled; None where there is none.

    Args:
        units: the text.
        lexicon: dictionary and language model.
        key: function words that forms are believed to stand for in this document, by the form.
    """
    plain_ids = units.first[units.plain]
    counts = np.bincount(plain_ids, minlength=lexicon.vocabulary_size).astype(np.float32)
    size = int(units.is_word.sum())
    rows = lexicon.rows(units.names)
    offered = offered_words(units, counts, size, lexicon, key or {})
    wanted = units.free & (rows >= 0)
    if offered:
        asked = (name in offered for name in units.names)
        wanted |= units.free & np.fromiter(asked, bool, len(units.names))
    unit = np.flatnonzero(wanted).astype(np.int32)
    if not len(unit):
        return None
    names, types = _index_types(units.names, unit)
    samples = _sample_of_type(unit, types, len(names))
    nothing = np.zeros(0, np.int32)
    extra = [offered.get(name, nothing) for name in names]
    readings = _readings(lexicon, rows[samples], units, samples, extra)
    lengths = np.diff(readings.starts)[types]
    firsts, lasts, at = sequence(units.first, units.last, units.begins)
    return Lattice(
        readings=readings,
        units=units,
        names=names,
        unit=unit,
        types=types,
        starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
        owner=np.repeat(np.arange(len(unit), dtype=np.int32), lengths),
        slot=ranges(readings.starts[types], lengths),
        firsts=firsts,
        lasts=lasts,
        place=at[unit],
        case=units.case[unit],
        log_frequency=lexicon.log_frequency[units.first[samples]] + units.inner[samples],
        type_id=units.first[samples],
        type_count=np.bincount(types, minlength=len(names)).astype(np.float32),
        endings=np.array([ending(name) for name in names], np.int8),
        deterministic=lexicon.is_deterministic(names),
        size=size,
        counts=counts,
    )


def _index_types(names: list[str], unit: NDArray[np.int32]) -> tuple[list[str], NDArray[np.int32]]:
    index: dict[str, int] = {}
    types = [index.setdefault(names[i], len(index)) for i in unit.tolist()]
    return list(index), np.array(types, np.int32)


def _sample_of_type(
    unit: NDArray[np.int32], types: NDArray[np.int32], count: int
) -> NDArray[np.int32]:
    """Return the index of one unit of each type."""
    sample = np.zeros(count, np.int32)
    sample[types] = unit
    return sample


def sequence(
    first: NDArray[np.int32], last: NDArray[np.int32], begins: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Return first and last ids with ``</s> <s>`` between sentences, and each unit's place.

    Args:
        first: language-model id of each unit's first word, shape (N,).
        last: the same of its last word.
        begins: index of the first unit of each sentence.
    """
    begin, end = 1, 2
    marks = np.zeros(len(first), np.int32)
    marks[begins] = 2
    at = (np.arange(len(marks)) + np.cumsum(marks)).astype(np.int32)
    firsts = np.full(int(at[-1]) + 4, end, np.int32)
    lasts = firsts.copy()
    firsts[at], lasts[at] = first, last
    firsts[at[begins] - 1] = lasts[at[begins] - 1] = begin
    return firsts, lasts, at


def _readings(
    lexicon: Lexicon,
    rows: NDArray[np.int32],
    units: Units,
    samples: NDArray[np.int32],
    extra: list[NDArray[np.int32]],
) -> Readings:
    """Gather keep, unknown, dictionary and document-key readings of each type, in that order."""
    table = lexicon.table
    known = np.where(rows >= 0, rows, 0)
    begins = table.offsets[known]
    listed = np.minimum(table.offsets[known + 1] - begins, MAX_CANDIDATES)
    listed = np.where(rows >= 0, listed, 0).astype(np.int32)
    keyed = np.array([len(words) for words in extra], np.int32)
    readings = _kept(units, samples, 2 + listed + keyed)
    first = readings.starts[:-1]
    _add_unknown(readings, first + 1)
    _add_listed(readings, ranges(first + 2, listed), lexicon, begins, listed)
    if keyed.any():
        _add_key(readings, ranges(first + 2 + listed, keyed), lexicon, extra, keyed)
    return readings


def _kept(units: Units, samples: NDArray[np.int32], lengths: NDArray[np.int32]) -> Readings:
    """Make room for so many readings of each type; all keep it as yet."""
    total = int(lengths.sum())
    return Readings(
        starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
        type_of=np.repeat(np.arange(len(lengths), dtype=np.int32), lengths),
        text=np.full(total, -1, np.int32),
        first=np.repeat(units.first[samples], lengths).astype(np.int32),
        last=np.repeat(units.last[samples], lengths).astype(np.int32),
        inner=np.repeat(units.inner[samples], lengths).astype(np.float32),
        log_prior=np.zeros(total, np.float32),
        relation=np.zeros(total, np.int32),
        observed=np.zeros(total, np.float32),
        rank=np.zeros(total, np.float32),
    )


def _add_unknown(readings: Readings, here: NDArray[np.int32]) -> None:
    readings.text[here] = -2
    readings.first[here] = readings.last[here] = 0
    readings.inner[here] = 0
    readings.relation[here] = UNKNOWN


def _add_listed(
    readings: Readings,
    here: NDArray[np.int32],
    lexicon: Lexicon,
    begins: NDArray[np.int32],
    counts: NDArray[np.int32],
) -> None:
    """Add what the dictionary has: of each type so many from its first candidate on."""
    table, there = lexicon.table, ranges(begins, counts)
    text = table.candidates[there]
    readings.text[here] = text
    readings.first[here] = lexicon.first[text]
    readings.last[here] = lexicon.last[text]
    readings.inner[here] = lexicon.inner[text]
    readings.log_prior[here] = table.log_priors[there]
    readings.relation[here] = FIRST_RELATION + table.relations[there]
    readings.observed[here] = table.observed[there]
    readings.rank[here] = there - np.repeat(begins, counts)


def _add_key(
    readings: Readings,
    here: NDArray[np.int32],
    lexicon: Lexicon,
    words: list[NDArray[np.int32]],
    counts: NDArray[np.int32],
) -> None:
    """Add the function words that the document's key may mean."""
    text = np.concatenate(words)
    readings.text[here] = text
    readings.first[here] = readings.last[here] = lexicon.first[text]
    readings.inner[here] = 0
    readings.log_prior[here] = -np.log(np.repeat(counts, counts).astype(np.float32))
    readings.relation[here] = KEY
