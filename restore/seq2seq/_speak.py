"""Draft and verify: the judge's choices are the decoder's draft; it goes on from mismatches.

The decoder reads, at each doubtful position of a sentence, what was chosen at the one before. All
choices are drafted, one pass says what it would have chosen given them, and everything up to the
first difference stands: what greedy decoding would have given, in a few passes over all sentences
at once (Stern et al. 2018; Sun et al. 2021, section 3.1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from restore.seq2seq._pieces import END

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from restore.seq2seq._batch import View
    from restore.seq2seq._network import Network

UNKNOWN_ROW = 1
MOST_PIECES = 5  # of a replacement
LEAST = np.log(0.25)  # a first piece less probable than this is not spelt out


@dataclass(slots=True)
class Slot:
    """One position that the decoder decides about.

    Attributes:
        position: index into the view's positions.
        rows: log probability of each reading once it stands; the second is "not listed".
        choice: reading chosen or drafted; `UNKNOWN_ROW` for what `written` spells.
        written: pieces of a replacement that no list holds; None if none was spelt.
        log_written: its log probability, of "not listed" and of all its pieces.
        spelling: whether pieces are still missing.
        first: index of its first step in its window.
    """

    position: int
    choice: int
    rows: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    written: list[int] | None = None
    log_written: float = -np.inf
    spelling: bool = False
    first: int = 0


@dataclass(slots=True)
class _Sentence:
    window: int
    slots: list[Slot]
    settled: int = 0


def speak(
    network: Network,
    view: View,
    states: NDArray[np.float32],
    judge: NDArray[np.float32],
    wanted: NDArray[np.bool_],
    *,
    draft: bool = True,
) -> tuple[list[Slot], int]:
    """Decide about the wanted positions of a batch.

    Args:
        network: decodes.
        view: the batch.
        states: the encoder's, (B, L, H).
        judge: its log probability of each reading, (P, R); the drafts come from it.
        wanted: which positions, (P,).
        draft: False decodes one slot of each sentence at a time: plain greedy, the same result.

    Returns:
        The slots in order, and the number of the decoder's passes.
    """
    sentences = _sentences(view, judge, wanted)
    passes = 0
    while open_ones := [s for s in sentences if s.settled < len(s.slots)]:
        _one_pass(network, view, states, open_ones, draft=draft)
        passes += 1
    return [slot for sentence in sentences for slot in sentence.slots], passes


def _sentences(
    view: View, judge: NDArray[np.float32], wanted: NDArray[np.bool_]
) -> list[_Sentence]:
    drafts = judge.copy()
    drafts[:, UNKNOWN_ROW] = -np.inf
    best = drafts.argmax(axis=1)
    out: dict[tuple[int, int], _Sentence] = {}
    for position in np.flatnonzero(wanted).tolist():
        window = int(view.window[position])
        key = (window, int(view.sentence[position]))
        sentence = out.setdefault(key, _Sentence(window, []))
        sentence.slots.append(Slot(position, int(best[position])))
    return list(out.values())


def _one_pass(
    network: Network,
    view: View,
    states: NDArray[np.float32],
    sentences: list[_Sentence],
    *,
    draft: bool,
) -> None:
    """Run the decoder over all steps of unfinished sentences, and settle what stands."""
    inputs, slots = _steps(network, view, states, sentences)
    queries, rows = network.decode(inputs)
    depth = queries.shape[1]
    flat = queries.reshape(-1, queries.shape[2])
    for slot, row in zip(slots, rows, strict=True):
        slot.rows = row
    spelt = _spell(network, sentences, flat, depth, inputs)
    for sentence in sentences:
        _settle(sentence, spelt, draft=draft)


def _spell(
    network: Network,
    sentences: list[_Sentence],
    flat: NDArray[np.float32],
    depth: int,
    inputs: dict[str, NDArray[Any]],
) -> dict[int, tuple[int, float]]:
    """Return the next piece and its log probability, by slot, where one may be needed."""
    order = {number: at for at, number in enumerate(inputs["windows"].tolist())}
    asked = [
        (slot, order[sentence.window] * depth + slot.first + len(slot.written or ()))
        for sentence in sentences
        for slot in sentence.slots[sentence.settled :]
        if slot.spelling or slot.rows[UNKNOWN_ROW] > LEAST
    ]
    if not asked:
        return {}
    scores = network.spell(flat[[at for _, at in asked]])
    best = scores.argmax(axis=1)
    return {
        slot.position: (int(piece), float(line[piece]))
        for (slot, _), piece, line in zip(asked, best.tolist(), scores, strict=True)
    }


def _settle(sentence: _Sentence, spelt: dict[int, tuple[int, float]], *, draft: bool) -> None:
    """Let slots stand from the left, up to the first that differs from its draft."""
    for slot in sentence.slots[sentence.settled :]:
        drafted, spelling = slot.choice, slot.spelling
        if not _decide(slot, spelt.get(slot.position)):
            return  # a replacement is being spelt: what follows has to wait
        sentence.settled += 1
        as_drafted = slot.choice == drafted and not spelling and slot.choice != UNKNOWN_ROW
        if not as_drafted or not draft:
            return


def _decide(slot: Slot, next_piece: tuple[int, float] | None) -> bool:
    """Choose a reading, or go on spelling; returns whether the slot stands."""
    listed = slot.rows.copy()
    listed[UNKNOWN_ROW] = -np.inf
    best = int(listed.argmax())
    if next_piece is not None:
        piece, log_piece = next_piece
        so_far = slot.log_written if slot.spelling else float(slot.rows[UNKNOWN_ROW])
        total = so_far + log_piece
        if total > max(float(listed[best]), LEAST):
            slot.log_written, slot.spelling = total, True
            slot.written = slot.written or []
            if piece != END:
                slot.written.append(piece)
            if piece != END and len(slot.written) < MOST_PIECES:
                return False
            slot.spelling, slot.choice = False, UNKNOWN_ROW
            return True
    slot.choice, slot.spelling, slot.written, slot.log_written = best, False, None, -np.inf
    return True


def _steps(
    network: Network, view: View, states: NDArray[np.float32], sentences: list[_Sentence]
) -> tuple[dict[str, NDArray[Any]], list[Slot]]:
    """Lay out the decoder's inputs: a step for each slot, one more for each piece spelt."""
    numbers = sorted({sentence.window for sentence in sentences})
    order = {number: at for at, number in enumerate(numbers)}
    lines: list[list[tuple[int, NDArray[np.float32], int, int]]] = [[] for _ in numbers]
    slots: list[Slot] = []
    at: list[tuple[int, int]] = []
    width = states.shape[1]
    place = view.inputs["place"]
    for group, sentence in enumerate(sentences):
        line = lines[order[sentence.window]]
        before = np.zeros(states.shape[2], np.float32)
        for slot in sentence.slots:
            inside = int(place[slot.position]) % width + order[sentence.window] * width
            slot.first = len(line)
            slots.append(slot)
            at.append((order[sentence.window], slot.first))
            line.append((inside, before, 0, group))
            for piece in slot.written or ():
                line.append((inside, _piece_vector(network, [piece]), 1, group))
            before = _chosen_vector(network, view, slot)
    depth = max(map(len, lines))
    shape = (len(lines), depth)
    step_place, inside_, groups = (
        np.zeros(shape, np.int64),
        np.zeros(shape, np.int64),
        np.full(shape, -1),
    )
    previous = np.zeros((*shape, states.shape[2]), np.float32)
    for number, line in enumerate(lines):
        for step, (where, vector, within, group) in enumerate(line):
            step_place[number, step], inside_[number, step] = where, within
            previous[number, step], groups[number, step] = vector, group
    same = groups[:, :, None] == groups[:, None, :]
    positions = np.array([slot.position for slot in slots], np.int64)
    rows = {n: view.inputs[n][positions] for n in ("row_text", "row_mask", "relation", "features")}
    inputs = {
        **rows,
        "vectors": view.inputs["vectors"],
        "states": states[numbers],
        "mask": view.inputs["mask"][numbers],
        "step_place": step_place,
        "previous": previous,
        "inside": inside_,
        "allowed": same & np.tri(depth, dtype=bool),
        "slot_step": np.array([a * depth + b for a, b in at], np.int64),
        "windows": np.array(numbers, np.int64),
    }
    return inputs, slots


def _chosen_vector(network: Network, view: View, slot: Slot) -> NDArray[np.float32]:
    if slot.choice == UNKNOWN_ROW:
        return _piece_vector(network, slot.written or [])
    text = view.inputs["row_text"][slot.position, slot.choice]
    vector: NDArray[np.float32] = view.inputs["vectors"][text]
    return vector


def _piece_vector(network: Network, pieces: list[int]) -> NDArray[np.float32]:
    table = np.full((1, max(1, len(pieces))), END, np.int64)
    table[0, : len(pieces)] = pieces
    return network.vectors(table)[0]
