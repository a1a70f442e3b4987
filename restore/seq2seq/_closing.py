"""The closing round: every reading again, by what the network's posteriors tell of the document.

The network saw the document through fast mode's eyes: the features that tell of the document's key
and of its spinner rested on fast mode's posteriors. Here they are computed again from what the
network made of them. Beside them stand what each of those who judged said by itself (stacking;
Wolpert 1992), and how well a reading goes with what the text is about. Scorers like fast mode's
own have the last word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore.lattice._columns import NAMES
from restore.lattice._context import best_context
from restore.lattice._lattice import ranges
from restore.lattice._scorer import log_softmax_groups
from restore.seq2seq._block import FLOOR
from restore.seq2seq._speak import best_listed
from restore.seq2seq._steps import UNKNOWN_ROW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from restore.lattice._features import Written
    from restore.lattice._lattice import Lattice
    from restore.lattice._lexicon import Lexicon
    from restore.lattice._scorer import Ensemble
    from restore.seq2seq._block import Block
    from restore.seq2seq._speak import Speech
    from restore.seq2seq._steps import Slot

VIEWS = ("judged", "decoded", "fast", "not_decoded")
TOPICS = ("topic", "topic_over_keep", "near_topic", "near_topic_over_keep", "tells_of_topic")
CLOSING_NAMES = (*NAMES, *VIEWS, *TOPICS)


class Described(NamedTuple):
    """The lattice's rows at the places that the network was asked about.

    Attributes:
        rows: row of the lattice, (R,); all those of a place, places in order.
        starts: first of each place, (places + 1,).
        features: shape (R, len(CLOSING_NAMES)).
    """

    rows: NDArray[np.int32]
    starts: NDArray[np.int32]
    features: NDArray[np.float32]


def close(
    block: Block, speeches: Sequence[Speech], scorer: Ensemble, written: Written, lexicon: Lexicon
) -> None:
    """Rescore the slots of `speeches`, and choose anew.

    Args:
        block: the sentences; nothing happens where fast mode's lattice has no position.
        speeches: all that was said of them, finished; changed in place.
        scorer: fitted by `training.seq2seq._closing`.
        written: what is written that no reading says.
        lexicon: knows topics.
    """
    described = describe(block, speeches, written, lexicon)
    if described is None or block.lattice is None:
        return
    relation = block.lattice.readings.relation[block.lattice.slot[described.rows]]
    posterior = np.full(len(block.scores), FLOOR, np.float32)
    raw = scorer.scores(described.features, relation)
    posterior[described.rows] = log_softmax_groups(raw, described.starts)
    for slot, rows in _places(block, speeches):
        there = rows >= 0
        known = np.logaddexp.reduce(slot.rows[there])  # the rest are the speller's
        _rescore(slot, np.where(there, posterior[rows] + known, slot.rows))


def describe(
    block: Block, speeches: Sequence[Speech], written: Written, lexicon: Lexicon
) -> Described | None:
    """Describe the readings of the slots of `speeches`; None where the lattice has none."""
    lattice, describer = block.lattice, block.describer
    places = list(_places(block, speeches))
    if lattice is None or describer is None or not places:
        return None
    at = np.sort(lattice.owner[[rows[0] for _, rows in places]])
    lengths = lattice.starts[at + 1] - lattice.starts[at]
    rows = ranges(lattice.starts[at], lengths)
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    believed = beliefs(block, speeches)
    parts = (
        describer.describe(believed, written)[rows],
        _views(block, places)[rows],
        _topics(lattice, lexicon, believed, at, rows, starts),
    )
    return Described(rows, starts, np.concatenate(parts, axis=1))


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


def _views(block: Block, places: Sequence[tuple[Slot, NDArray[np.int64]]]) -> NDArray[np.float32]:
    """Return what judge, decoder and fast mode said of each row by itself, (M, len(VIEWS))."""
    fast = np.maximum(block.scores, FLOOR)
    out = np.stack([fast, fast, fast, np.ones_like(fast)], 1)
    for slot, rows in places:
        there = rows >= 0
        said = slot.judged if slot.decoded is None else slot.decoded
        out[rows[there], 0] = np.maximum(slot.judged[there], FLOOR)
        out[rows[there], 1] = np.maximum(said[there], FLOOR)
        out[rows[there], 3] = slot.decoded is None
    return out


def _topics(  # noqa: PLR0913, PLR0917 - the rows of places of a lattice
    lattice: Lattice,
    lexicon: Lexicon,
    believed: NDArray[np.float32],
    at: NDArray[np.int32],
    rows: NDArray[np.int32],
    starts: NDArray[np.int32],
) -> NDArray[np.float32]:
    """Return how well each reading goes with the text and with what is near, (R, len(TOPICS))."""
    topics = lexicon.topics
    first = lattice.readings.first[lattice.slot[rows]]
    place = np.repeat(np.arange(len(at)), np.diff(starts))
    vectors, weight = topics.unit_vectors(first), topics.weight(first)
    columns = []
    for context in topics.around(*as_read(lattice, believed), lattice.unit[at]):
        fits = np.einsum("rd,rd->r", vectors, context[place])
        columns += [fits, fits - fits[starts[:-1]][place]]
    return np.stack([*columns, weight], 1)


def as_read(
    lattice: Lattice, believed: NDArray[np.float32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the language-model id of each unit as it is read, and the number of its form."""
    units = lattice.units
    ids, types = units.first.copy(), np.full(len(units.first), len(lattice.names), np.int32)
    ids[lattice.unit] = best_context(lattice, believed)[1][lattice.place]
    types[lattice.unit] = lattice.types
    return ids, types


def _rescore(slot: Slot, rows: NDArray[np.float32]) -> None:
    if slot.written is not None:
        slot.log_written += float(rows[UNKNOWN_ROW] - slot.rows[UNKNOWN_ROW])
    slot.rows = rows
    best = best_listed(slot)
    writes = slot.written is not None and slot.log_written > rows[best]
    slot.choice = UNKNOWN_ROW if writes else best
