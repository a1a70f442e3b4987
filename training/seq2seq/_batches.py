"""Windows of examples as padded arrays: what `_network` reads, what `_loss` compares with."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from restore.seq2seq._block import FLOOR
from restore.seq2seq._pieces import END, MAX_PIECES
from training.seq2seq._examples import IGNORED, pieces_left

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from restore.seq2seq._pieces import Pieces
    from training.seq2seq._examples import Example

SURE = np.log(0.98)  # positions that fast mode is surer than this to keep are not decoded
FAINT = 0.2  # what is left of fast mode's log posteriors behind a veil
ODD_LOT = 0.02  # ... but for so many, that the decoder knows such words too
SPELT = 0.3  # of the altered words whose original is listed are written out as well
# Windows, steps and texts are padded to multiples of these: few shapes make fast kernels.
WIDTHS, DEPTHS, TEXTS = 16, 32, 512
_COUNTS = ("outside", "words")  # of a batch: told beside its arrays
Window = tuple["Example", int, int]
if TYPE_CHECKING:
    Ids = NDArray[np.int64]
    SevenArrays = tuple[Ids, Ids, Ids, Ids, Ids, Ids, Ids]


def rounded(size: int, multiple: int) -> int:
    """Return the next multiple.

    >>> rounded(17, 16)
    32
    """
    return -(-size // multiple) * multiple


@dataclass(slots=True)
class Batch:
    """One training step's windows; B windows, L units, P positions, S slots, D decoder steps.

    Attributes:
        text_pieces: (T, MAX_PIECES) texts of this batch.
        unit_text: (B, L) index into texts.
        case: (B, L).
        kind: (B, L).
        mask: (B, L) true inside the window.
        place: (P,) index into B * L.
        row_text: (P, ROWS) index into texts, 0 where absent.
        row_mask: (P, ROWS) true where there is a reading.
        log_fast: (P, ROWS).
        veil: (P,) true where the n-gram evidence is hidden.
        relation: (P, ROWS).
        features: (P, ROWS, F), not yet standardised.
        gold: (P, ROWS).
        altered: (P,).
        first_piece: (P,) first piece of the original, `IGNORED` where it cannot be said.
        step_place: (B, D) index into B * L of the unit a step belongs to.
        step_inside: (B, D) 1 where a replacement has begun.
        step_previous: (B, D, MAX_PIECES) pieces of the choice before.
        step_group: (B, D) sentence of each step; -1 where the window has no more.
        step_target: (B, D) next piece at steps inside, `IGNORED` elsewhere.
        slot_step: (S,) index into B * D of each slot's first step.
        slot: (S,) position of each slot.
        outside: garbled units that are no positions: nothing can put them right.
        words: units that are words.
    """

    text_pieces: NDArray[np.int64]
    unit_text: NDArray[np.int64]
    case: NDArray[np.int64]
    kind: NDArray[np.int64]
    mask: NDArray[np.bool_]
    place: NDArray[np.int64]
    row_text: NDArray[np.int64]
    row_mask: NDArray[np.bool_]
    log_fast: NDArray[np.float32]
    veil: NDArray[np.bool_]
    relation: NDArray[np.int64]
    features: NDArray[np.float32]
    gold: NDArray[np.bool_]
    altered: NDArray[np.bool_]
    first_piece: NDArray[np.int64]
    step_place: NDArray[np.int64]
    step_inside: NDArray[np.int64]
    step_previous: NDArray[np.int64]
    step_group: NDArray[np.int64]
    step_target: NDArray[np.int64]
    slot_step: NDArray[np.int64]
    slot: NDArray[np.int64]
    outside: int
    words: int


def collate(
    windows: Sequence[Window],
    pieces: Pieces,
    *,
    chained: bool,
    seed: int,
    draft: bool = False,
    veiled: float = 0.0,
) -> Batch:
    """Lay out windows side by side.

    Args:
        windows: (example, first unit, end unit).
        pieces: the vocabulary.
        chained: whether a step sees the earlier steps of its sentence, or of its slot only.
        seed: decides which easy positions are decoded.
        draft: feed fast mode's choices as earlier steps, not the originals: as when measuring.
        veiled: share of the windows whose n-gram evidence is hidden, unless the n-gram model has
            not read them.
    """
    lot = np.random.default_rng(seed)
    width = rounded(max(end - first for _, first, end in windows), WIDTHS)
    parts = [_part(window, width, number) for number, window in enumerate(windows)]
    hidden = [
        not window[0].fresh and chance < veiled
        for window, chance in zip(windows, lot.random(len(windows)), strict=True)
    ]
    texts: dict[str, int] = {}
    for part in parts:
        number_of = np.array([texts.setdefault(text, len(texts)) for text in part.texts])
        part.unit_text = number_of[part.unit_text]
        part.row_text = number_of[part.row_text]
    table = pieces.table(list(texts))
    table = np.pad(table, ((0, -len(table) % TEXTS), (0, 0)))
    rows = np.concatenate([p.row_text for p in parts])
    steps = _Steps(len(windows))
    base = 0
    for number, part in enumerate(parts):
        _add_steps(steps, number, part, base, table, lot, chained=chained, draft=draft)
        base += len(part.place)
    unit_text, case, kind = (np.zeros((len(parts), width), np.int64) for _ in range(3))
    mask = np.zeros((len(parts), width), bool)
    for number, part in enumerate(parts):
        size = len(part.unit_text)
        unit_text[number, :size], case[number, :size] = part.unit_text, part.case
        kind[number, :size], mask[number, :size] = part.kind, True
    target = np.concatenate([p.target for p in parts])
    step_arrays = steps.arrays()
    there = np.concatenate([p.row_mask for p in parts])
    return Batch(
        table,
        unit_text,
        case,
        kind,
        mask,
        np.concatenate([p.place for p in parts]),
        np.where(there, rows, 0),
        there,
        np.concatenate(
            [p.log_fast * (FAINT if hide else 1) for p, hide in zip(parts, hidden, strict=True)]
        ).astype(np.float32),
        np.concatenate([np.full(len(p.place), h) for p, h in zip(parts, hidden, strict=True)]),
        np.concatenate([p.relation for p in parts]),
        np.concatenate([p.features for p in parts]),
        np.concatenate([p.gold for p in parts]),
        np.concatenate([p.altered for p in parts]),
        target[:, 0],
        *step_arrays,
        sum(p.outside for p in parts),
        int((kind > 0).sum()),
    )


@dataclass(slots=True)
class _Part:
    texts: list[str]
    unit_text: NDArray[np.int64]
    case: NDArray[np.int64]
    kind: NDArray[np.int64]
    sentence: NDArray[np.int64]
    unit: NDArray[np.int64]
    place: NDArray[np.int64]
    row_text: NDArray[np.int64]
    row_mask: NDArray[np.bool_]
    log_fast: NDArray[np.float32]
    relation: NDArray[np.int64]
    features: NDArray[np.float32]
    gold: NDArray[np.bool_]
    altered: NDArray[np.bool_]
    target: NDArray[np.int64]
    outside: int


def _part(window: Window, width: int, number: int) -> _Part:
    """Cut a window out of its example; its texts are numbered from 0."""
    example, first, end = window
    block = example.block
    low, high = np.searchsorted(block.unit, [first, end])
    unit_text, row_text = block.unit_text[first:end], block.row_text[low:high]
    used, inverse = np.unique(np.append(unit_text, row_text), return_inverse=True)
    shift = int(used[0] < 0)
    inverse = np.maximum(inverse - shift, 0)
    unit = block.unit[low:high] - first
    return _Part(
        [block.texts[i] for i in used[shift:].tolist()],
        inverse[: len(unit_text)].astype(np.int64),
        block.case[first:end],
        block.kind[first:end],
        block.sentence[first:end],
        unit,
        unit + number * width,
        inverse[len(unit_text) :].reshape(row_text.shape).astype(np.int64),
        row_text >= 0,
        block.log_fast[low:high],
        block.relation[low:high],
        block.features[low:high],
        example.gold[low:high],
        example.altered[low:high],
        example.target[low:high],
        sum(first <= unit < end for unit in example.unplaced),
    )


class _Steps:
    """Decoder steps, window by window, then padded."""

    def __init__(self, windows: int) -> None:
        self.rows: list[list[tuple[int, int, tuple[int, ...], int, int]]] = [
            [] for _ in range(windows)
        ]
        self.slots: list[tuple[int, int, int]] = []

    def arrays(self) -> SevenArrays:
        depth = rounded(max(1, *(len(row) for row in self.rows)), DEPTHS)
        size = (len(self.rows), depth)
        place, inside = np.zeros(size, np.int64), np.zeros(size, np.int64)
        previous = np.full((*size, MAX_PIECES), END, np.int64)
        group, target = np.full(size, -1, np.int64), np.full(size, IGNORED, np.int64)
        for number, row in enumerate(self.rows):
            for at, (where, within, before, which, wanted) in enumerate(row):
                place[number, at], inside[number, at] = where, within
                previous[number, at, : len(before)] = before
                group[number, at], target[number, at] = which, wanted
        slot_step = [number * depth + at for number, at, _ in self.slots]
        slot = [position for _, _, position in self.slots]
        return (
            place, inside, previous, group, target,
            np.array(slot_step, np.int64), np.array(slot, np.int64),
        )  # fmt: skip


def _add_steps(
    steps: _Steps,
    number: int,
    part: _Part,
    base: int,
    table: NDArray[np.int64],
    lot: np.random.Generator,
    *,
    chained: bool,
    draft: bool,
) -> None:
    chance = lot.random((len(part.place), 2))
    wanted = part.altered | (part.log_fast[:, 0] < SURE) | (chance[:, 0] < ODD_LOT)
    listed = np.asarray(part.gold.any(1))
    lengths = pieces_left(part.target).tolist()
    drafts = _drafts(part)
    previous: tuple[int, ...] = ()
    sentence = -1
    for position in np.flatnonzero(wanted).tolist():
        here = int(part.sentence[part.unit[position]])
        if here != sentence:
            sentence, previous = here, ()
        group = here if chained else position
        before = previous if chained else ()
        place = int(part.place[position])
        steps.slots.append((number, len(steps.rows[number]), base + position))
        steps.rows[number].append((place, 0, before, group, IGNORED))
        spelt = part.altered[position] and part.target[position, 0] != IGNORED
        if spelt and (not listed[position] or chance[position, 1] < SPELT):
            target = part.target[position].tolist()
            for at in range(lengths[position]):
                steps.rows[number].append((place, 1, (target[at],), group, target[at + 1]))
        if draft:
            row = drafts[position]
            previous = _ids(table[part.row_text[position, row]])
        elif part.altered[position] and part.target[position, 0] != IGNORED:
            previous = tuple(part.target[position, : lengths[position]].tolist())
        else:
            previous = _ids(table[part.row_text[position, 0]])


def _drafts(part: _Part) -> NDArray[np.int64]:
    scores = np.where(part.row_mask, part.log_fast, 2 * FLOOR)
    scores[:, 1] = 2 * FLOOR
    best: NDArray[np.int64] = scores.argmax(1)
    return best


def _ids(row: NDArray[np.int64]) -> tuple[int, ...]:
    return tuple(row[row != END].tolist())


def arrays_of(batch: Batch) -> dict[str, NDArray[np.generic]]:
    """Return the array fields by name."""
    return {f.name: getattr(batch, f.name) for f in fields(batch) if f.name not in _COUNTS}
