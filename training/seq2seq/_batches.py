"""Windows of examples as padded arrays: what `_network` reads, what `_loss` compares with."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from training.seq2seq._steps import Steps, choices, rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from restore.seq2seq._pieces import Pieces
    from training.seq2seq._examples import Example
    from training.seq2seq._steps import Ids

FAINT = 0.2  # what is left of fast mode's log posteriors behind a veil
# Windows and texts are padded to multiples of these: few shapes make fast kernels.
WIDTHS, TEXTS = 16, 512
_COUNTS = ("outside", "words")  # of a batch: told beside its arrays
Window = tuple["Example", int, int]


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
    chances = lot.random(len(windows))
    veils = [not w[0].fresh and c < veiled for w, c in zip(windows, chances, strict=True)]
    table = _number_texts(parts, pieces)
    steps = Steps(len(windows))
    base = 0
    for number, part in enumerate(parts):
        steps.add(number, part, base, choices(part, table, draft=draft), lot, chained=chained)
        base += len(part.place)
    units = _side_by_side(parts, width)
    there = _joined(parts, "row_mask")
    return Batch(
        table,
        *units,
        _joined(parts, "place"),
        np.where(there, _joined(parts, "row_text"), 0),
        there,
        *_evidence(parts, veils),
        _joined(parts, "relation"),
        _joined(parts, "features"),
        _joined(parts, "gold"),
        _joined(parts, "altered"),
        _joined(parts, "target")[:, 0],
        *steps.arrays(),
        sum(part.outside for part in parts),
        int((units[2] > 0).sum()),
    )


def _joined(parts: Sequence[Part], name: str) -> NDArray[Any]:
    return np.concatenate([getattr(part, name) for part in parts])


def _number_texts(parts: Sequence[Part], pieces: Pieces) -> Ids:
    """Number the texts of all parts alike; return the pieces of each, (T, MAX_PIECES)."""
    texts: dict[str, int] = {}
    for part in parts:
        number_of = np.array([texts.setdefault(text, len(texts)) for text in part.texts])
        part.unit_text = number_of[part.unit_text]
        part.row_text = number_of[part.row_text]
    table = pieces.table(list(texts))
    return np.pad(table, ((0, -len(table) % TEXTS), (0, 0)))


def _side_by_side(parts: Sequence[Part], width: int) -> tuple[Ids, Ids, Ids, NDArray[np.bool_]]:
    """Return text, case and kind of all units, and which there are, each (B, L)."""
    text, case, kind = (np.zeros((len(parts), width), np.int64) for _ in range(3))
    mask = np.zeros((len(parts), width), bool)
    for number, part in enumerate(parts):
        size = len(part.unit_text)
        text[number, :size], case[number, :size] = part.unit_text, part.case
        kind[number, :size], mask[number, :size] = part.kind, True
    return text, case, kind, mask


def _evidence(
    parts: Sequence[Part], veils: Sequence[bool]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return fast mode's log posteriors (P, ROWS), and where there is a veil before them (P,)."""
    faint = [p.log_fast * (FAINT if veil else 1) for p, veil in zip(parts, veils, strict=True)]
    veiled = [np.full(len(p.place), veil) for p, veil in zip(parts, veils, strict=True)]
    return np.concatenate(faint).astype(np.float32), np.concatenate(veiled)


@dataclass(slots=True)
class Part:
    """One window, its texts numbered from 0; see `Batch`."""

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


def _part(window: Window, width: int, number: int) -> Part:
    """Cut a window out of its example; its texts are numbered from 0."""
    example, first, end = window
    block = example.block
    low, high = np.searchsorted(block.unit, [first, end])
    unit_text, row_text = block.unit_text[first:end], block.row_text[low:high]
    used, inverse = np.unique(np.append(unit_text, row_text), return_inverse=True)
    shift = int(used[0] < 0)
    inverse = np.maximum(inverse - shift, 0)
    unit = block.unit[low:high] - first
    return Part(
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


def arrays_of(batch: Batch) -> dict[str, NDArray[np.generic]]:
    """Return the array fields by name."""
    return {f.name: getattr(batch, f.name) for f in fields(batch) if f.name not in _COUNTS}
