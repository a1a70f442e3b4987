"""What the decoder reads: a step for each doubtful position, one more for each piece spelt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from restore.seq2seq._pieces import END

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from restore.seq2seq._batch import View
    from restore.seq2seq._network import Encoded, Network

UNKNOWN_ROW = 1


@dataclass(slots=True)
class Slot:
    """One position that the decoder decides about.

    Attributes:
        position: index into the view's positions.
        judged: the judge's log probability of each reading, (R,); the second is "not listed".
        rows: the same, pooled with the decoder's once it has been heard.
        choice: reading chosen or drafted; `UNKNOWN_ROW` for what `written` spells.
        written: pieces of a replacement that no list holds; None if none was spelt.
        log_written: its log probability, of "not listed" and of all its pieces.
        others: other words that may be written there, a piece each, and their log probabilities.
        first: index of its first step in its window.
        query: the decoder's state at that step, which what it may write is read off, (H,).
        decoded: its log probability of each reading; None until it has been heard.
    """

    position: int
    judged: NDArray[np.float32]
    rows: NDArray[np.float32]
    choice: int = 0
    written: list[int] | None = None
    log_written: float = -np.inf
    others: list[tuple[int, float]] = field(default_factory=list)
    first: int = 0
    query: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    decoded: NDArray[np.float32] | None = None


@dataclass(slots=True)
class Sentence:
    """The slots of a sentence, of which the first `settled` stand."""

    window: int
    slots: list[Slot]
    settled: int = 0


class _Step(NamedTuple):
    """One input of the decoder.

    Attributes:
        unit: the unit of its window that it belongs to.
        before: vector of what was written last, (H,).
        inside: 1 where a replacement has begun, else 0.
        sentence: number of its sentence.
    """

    unit: int
    before: NDArray[np.float32]
    inside: int
    sentence: int


def lay_out_steps(
    network: Network,
    view: View,
    encoded: Encoded,
    sentences: list[Sentence],
    order: dict[int, int],
) -> tuple[dict[str, NDArray[Any]], list[Slot]]:
    """Lay out the decoder's inputs, and note in each slot where its first step is.

    `order` tells in which row each window goes that still has open sentences.
    """
    lines: dict[int, list[_Step]] = {window: [] for window in order}
    slots: list[Slot] = []
    for number, sentence in enumerate(sentences):
        _extend(lines[sentence.window], network, view, sentence, number)
        slots += sentence.slots
    windows = list(order)
    inputs = _padded(lines, encoded.states)
    depth = inputs["inside"].shape[1]
    positions = np.array([slot.position for slot in slots], np.int64)
    rows = {n: view.inputs[n][positions] for n in ("row_text", "row_mask", "relation", "features")}
    inputs |= rows | {
        "vectors": view.inputs["vectors"],
        "memory": encoded.memory[windows],
        "mask": view.inputs["mask"][windows],
        "slot_step": np.array(
            [order[s.window] * depth + slot.first for s in sentences for slot in s.slots], np.int64
        ),
    }
    return inputs, slots


def _extend(
    line: list[_Step], network: Network, view: View, sentence: Sentence, number: int
) -> None:
    """Append the steps of a sentence to those of its window."""
    width = view.inputs["unit_text"].shape[1]
    before = np.zeros(view.inputs["vectors"].shape[1], np.float32)
    for slot in sentence.slots:
        unit = int(view.inputs["place"][slot.position]) % width
        slot.first = len(line)
        line.append(_Step(unit, before, 0, number))
        inner = ([piece] for piece in slot.written or ())
        line += [_Step(unit, _piece_vector(network, piece), 1, number) for piece in inner]
        before = _chosen_vector(network, view, slot)


def _padded(lines: dict[int, list[_Step]], states: NDArray[np.float32]) -> dict[str, NDArray[Any]]:
    """Turn steps into arrays of one length, (B, D); a step sees earlier ones of its sentence."""
    shape = (len(lines), max(map(len, lines.values())))
    inside, sentence = np.zeros(shape, np.int64), np.full(shape, -1, np.int64)
    own, previous = (np.zeros((*shape, states.shape[2]), np.float32) for _ in range(2))
    for row, (window, line) in enumerate(lines.items()):
        end = len(line)
        own[row, :end] = states[window, [step.unit for step in line]]
        inside[row, :end] = [step.inside for step in line]
        sentence[row, :end] = [step.sentence for step in line]
        previous[row, :end] = np.stack([step.before for step in line])
    same = sentence[:, :, None] == sentence[:, None, :]
    return {
        "own": own,
        "inside": inside,
        "previous": previous,
        "allowed": same & np.tri(shape[1], dtype=bool),
    }


def _chosen_vector(network: Network, view: View, slot: Slot) -> NDArray[np.float32]:
    if slot.choice == UNKNOWN_ROW:
        return _piece_vector(network, slot.written or [])
    text = view.inputs["row_text"][slot.position, slot.choice]
    vector: NDArray[np.float32] = view.inputs["vectors"][text]
    return vector


def _piece_vector(network: Network, pieces: list[int]) -> NDArray[np.float32]:
    table = np.full((1, max(1, len(pieces))), END, np.int64)
    table[0, : len(pieces)] = pieces
    vector: NDArray[np.float32] = network.vectors(table)[0]
    return vector
