"""The verdict at a place: the likeliest word that no list holds, or the likeliest that one does?

Both probabilities come from the network, but what speaks for the words themselves, their neighbours
above all, has been heard for each kind apart. A small scorer compares them once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore.lattice._lattice import KEEP
from restore.lattice._scorer import log_softmax_groups, opposed
from restore.seq2seq._shortlist import LEAST
from restore.seq2seq._speak import best_listed
from restore.seq2seq._steps import UNKNOWN_ROW
from restore.seq2seq._wording import FEATURES, WORD_NAMES, asked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from restore.lattice._scorer import Scorer
    from restore.seq2seq._block import Block
    from restore.seq2seq._speak import Speech
    from restore.seq2seq._steps import Slot
    from restore.seq2seq._wording import Place, Wording, Words

    Floats = NDArray[np.float32]
    Weighed = list[tuple[int, float]]  # pieces and their log probabilities

PLACE = ("unlisted", "listed", "second", "kept", "often", "capital")
BEST = ("value", "share", "margin", "pieces")
OVER = (
    "fits_over", "usual_over", "topic_over", "near_over", "gap_over", "keyed_over",
    "written_listed",
)  # fmt: skip
CHOICE_NAMES = (*PLACE, *BEST, *OVER, *FEATURES)
SCORERS = {"words": WORD_NAMES, "choice": CHOICE_NAMES}  # of their file
LISTED, WRITTEN = 0, 1  # relation codes of what the scorer chooses between
OTHERS = 8  # further words that are kept in mind
TINY = 1e-9


class Weighers(NamedTuple):
    """Two scorers, of the file `SCORERS` describes.

    Attributes:
        words: scores what may be written at a place, against each other.
        choice: scores the likeliest of it against what is listed.
    """

    words: Scorer
    choice: Scorer


class Candidates(NamedTuple):
    """What may be written at n places.

    Attributes:
        pieces: of the likeliest, a list a place.
        value: its log probability, (n,).
        about: what speaks for it and against what is listed, (n, len(CHOICE_NAMES)).
        others: pieces of the words that are the next likeliest, and their log probabilities.
    """

    pieces: list[list[int]]
    value: Floats
    about: Floats
    others: list[Weighed]


def reword(
    wording: Wording,
    weighers: Weighers,
    block: Block,
    speeches: Sequence[Speech],
    key: Mapping[str, str],
) -> None:
    """Write anew where that is likelier than what is listed, and say how likely it is.

    Args:
        wording: compares words.
        weighers: fitted by `training.seq2seq._wordings`.
        block: the sentences.
        speeches: all that was said of them, finished; changed in place.
        key: function words that forms stand for.
    """
    places = asked(block, speeches)
    words = wording.describe(block, speeches, places, key)
    if words is None:
        return
    shares = wording.shares(weighers.words, words, places)
    found = candidates(places, words, shares)
    flat, relation = opposed(found.about)
    raw = weighers.choice.scores(flat, relation)
    starts = np.arange(0, len(raw) + 1, 2, dtype=np.int32)
    both = log_softmax_groups(raw, starts).reshape(-1, 2)
    for place, pieces, value, logs, others in zip(
        places, found.pieces, found.value.tolist(), both.tolist(), found.others, strict=True
    ):
        _decide(place, pieces, value, logs)
        place.slot.others = beside(place.slot, value, others)


def candidates(places: Sequence[Place], words: Words, shares: Floats) -> Candidates:
    """Describe the likeliest word at each place, or what the decoder writes in several pieces."""
    every, best = np.arange(len(places)), shares.argmax(1)
    first, second = (-np.partition(-shares, 1, axis=1)[:, :2]).T
    covered = np.minimum(np.logaddexp.reduce(words.about[..., 0], axis=1), 0)
    unlisted = np.array([place.slot.rows[UNKNOWN_ROW] for place in places])
    value = unlisted + covered + first
    pieces = [[piece] for piece in words.pieces[every, best].tolist()]
    for number, place in enumerate(places):
        written = place.slot.written or []
        if len(written) > 1 and place.slot.log_written > value[number]:
            pieces[number], value[number] = written, place.slot.log_written
    length = [len(place.slot.written or ()) for place in places]
    about = words.about[every, best]
    parts = (
        _about(places),
        np.column_stack([value, first, first - second, length]),
        _over(words.fits[every, best], about, words.listed),
        about,
    )
    table = np.concatenate(parts, axis=1, dtype=np.float32)
    others = _others(words.pieces, shares + (unlisted + covered)[:, None])
    return Candidates(pieces, value.astype(np.float32), np.clip(table, LEAST, -LEAST), others)


def beside(slot: Slot, value: float, others: Weighed) -> Weighed:
    """Return what else may be written, with what the likeliest leaves of "not listed".

    A word that the likeliest begins with is none of them: its probability is that of both.

    Args:
        slot: decided about.
        value: log probability of the likeliest, before the verdict on it.
        others: words and their log probabilities, the likeliest first.
    """
    first = slot.written[0] if slot.written else -1
    found = [(piece, log) for piece, log in others if piece != first]
    room = np.exp(slot.rows[UNKNOWN_ROW]) - np.exp(value)
    total = sum(np.exp(log) for _, log in found)
    less = np.log(max(room, TINY) / max(total, room, TINY))
    less += min(0.0, slot.log_written - value)  # what the verdict took from the likeliest
    return [(piece, log + float(less)) for piece, log in found]


def _others(pieces: NDArray[np.int64], values: Floats) -> list[Weighed]:
    """Return the likeliest words of each place and their log probabilities, the best first."""
    order = np.argsort(-values, axis=1, kind="stable")[:, : OTHERS + 1]
    found = (np.take_along_axis(part, order, 1).tolist() for part in (pieces, values))
    return [list(zip(*row, strict=True)) for row in zip(*found, strict=True)]


def _over(fits: Floats, about: Floats, listed: Floats) -> Floats:
    """Set what speaks for words against what speaks for what is listed, (n, len(OVER))."""
    names = ("usual", "topic", "near", "gap", "keyed")
    said = len(OVER) - 1  # the decoder says nothing of most that is listed: its word as it is
    known = [about[:, FEATURES.index(name)] for name in names]
    over = np.stack([fits, *known], 1) - listed[:, :said]
    return np.concatenate([over, listed[:, said:]], 1)


def _about(places: Sequence[Place]) -> Floats:
    """Return what is known of places whatever is written there, (n, len(PLACE))."""
    rows = []
    for place in places:
        listed = place.slot.rows.copy()
        unlisted, listed[UNKNOWN_ROW] = listed[UNKNOWN_ROW], -np.inf
        second, first = np.partition(listed, -2)[-2:]
        kept = place.best == KEEP
        rows.append([unlisted, first, second, kept, np.log(place.often), place.case])
    return np.array(rows, np.float32)


def _decide(place: Place, pieces: list[int], value: float, logs: list[float]) -> None:
    """Share what both have out between them, and choose."""
    slot, best = place.slot, place.best
    together = float(np.logaddexp(slot.rows[best], value))
    slot.rows = slot.rows.copy()
    slot.rows[best] = together + logs[LISTED]
    slot.written, slot.log_written = pieces, together + logs[WRITTEN]
    listed = best_listed(slot)
    slot.choice = UNKNOWN_ROW if slot.log_written > slot.rows[listed] else listed
