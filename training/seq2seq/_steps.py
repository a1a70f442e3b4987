"""The decoder's steps while training: which places it is asked about, what it should say there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore.seq2seq._block import FLOOR
from restore.seq2seq._pieces import END, MAX_PIECES
from training.seq2seq._examples import IGNORED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from training.seq2seq._batches import Part

    Ids = NDArray[np.int64]
    SevenArrays = tuple[Ids, Ids, Ids, Ids, Ids, Ids, Ids]

SURE = np.log(0.98)  # positions that fast mode is surer than this to keep are not decoded
ODD_LOT = 0.02  # ... but for so many, that the decoder knows such words too
SPELT = 0.3  # of the altered words whose original is listed are written out as well
DEPTHS = 32  # steps are padded to multiples of it: few shapes make fast kernels


def rounded(size: int, multiple: int) -> int:
    """Return the next multiple.

    >>> rounded(17, 16)
    32
    """
    return -(-size // multiple) * multiple


class Step(NamedTuple):
    """One step of the decoder.

    Attributes:
        place: index into B * L of the unit that it belongs to.
        inside: 1 where a replacement has begun.
        previous: pieces of the choice before.
        group: steps that see each other have the same.
        target: the next piece, `IGNORED` where a replacement begins.
    """

    place: int
    inside: int
    previous: tuple[int, ...]
    group: int
    target: int


class Steps:
    """Decoder steps, window by window, then padded."""

    def __init__(self, windows: int) -> None:
        self.rows: list[list[Step]] = [[] for _ in range(windows)]
        self.slots: list[tuple[int, int, int]] = []

    def arrays(self) -> SevenArrays:
        """Return the fields of `Batch` from `step_place` to `slot`, in that order."""
        depth = rounded(max(1, *(len(row) for row in self.rows)), DEPTHS)
        size = (len(self.rows), depth)
        place, inside = np.zeros(size, np.int64), np.zeros(size, np.int64)
        previous = np.full((*size, MAX_PIECES), END, np.int64)
        group, target = np.full(size, -1, np.int64), np.full(size, IGNORED, np.int64)
        for number, row in enumerate(self.rows):
            for at, step in enumerate(row):
                place[number, at], inside[number, at] = step.place, step.inside
                previous[number, at, : len(step.previous)] = step.previous
                group[number, at], target[number, at] = step.group, step.target
        slot_step = [number * depth + at for number, at, _ in self.slots]
        slot = [position for _, _, position in self.slots]
        return (
            place, inside, previous, group, target,
            np.array(slot_step, np.int64), np.array(slot, np.int64),
        )  # fmt: skip

    def add(
        self,
        number: int,
        part: Part,
        base: int,
        chosen: Sequence[tuple[int, ...]],
        lot: np.random.Generator,
        *,
        chained: bool,
    ) -> None:
        """Add the steps of a window.

        Args:
            number: of the window.
            part: the window.
            base: number of its first position in the batch.
            chosen: pieces of what each position is, as later steps see it; see `choices`.
            lot: draws which easy positions are decoded, and which listed words are written out.
            chained: whether a step sees the earlier steps of its sentence, or of its slot only.
        """
        chance = lot.random((len(part.place), 2))
        wanted = part.altered | (part.log_fast[:, 0] < SURE) | (chance[:, 0] < ODD_LOT)
        spelt = part.altered & (~part.gold.any(1) | (chance[:, 1] < SPELT))
        sentences = part.sentence[part.unit].tolist()
        before: tuple[int, ...] = ()
        sentence = -1
        for position in np.flatnonzero(wanted).tolist():
            if not chained or sentences[position] != sentence:
                sentence, before = sentences[position], ()
            place, group = int(part.place[position]), sentence if chained else position
            self.slots.append((number, len(self.rows[number]), base + position))
            self.rows[number].append(Step(place, 0, before, group, IGNORED))
            if spelt[position]:
                self.rows[number] += written(part.target[position], place, group)
            before = chosen[position]


def written(target: Ids, place: int, group: int) -> Iterator[Step]:
    """Yield the steps that write a target out after its first piece; none if it is ignored."""
    ids = target.tolist()
    for at in range(_length(target)):
        yield Step(place, 1, (ids[at],), group, ids[at + 1])


def choices(part: Part, table: Ids, *, draft: bool) -> list[tuple[int, ...]]:
    """Return the pieces of what each position is: the original, or what fast mode would choose.

    Args:
        part: the window.
        table: pieces of each text, (T, MAX_PIECES).
        draft: take fast mode's choices throughout.
    """
    row = _drafts(part) if draft else np.zeros(len(part.place), np.int64)
    chosen = [_ids(table[text]) for text in part.row_text[np.arange(len(row)), row].tolist()]
    if draft:
        return chosen
    for position in np.flatnonzero(part.altered & (part.target[:, 0] != IGNORED)).tolist():
        target = part.target[position]
        chosen[position] = tuple(target[: _length(target)].tolist())
    return chosen


def _drafts(part: Part) -> NDArray[np.int64]:
    scores = np.where(part.row_mask, part.log_fast, 2 * FLOOR)
    scores[:, 1] = 2 * FLOOR
    best: NDArray[np.int64] = scores.argmax(1)
    return best


def _length(target: Ids) -> int:
    """Return the number of pieces before a target's end; 0 if it is ignored."""
    return int(np.argmax(target == END))


def _ids(row: NDArray[np.int64]) -> tuple[int, ...]:
    return tuple(row[row != END].tolist())
