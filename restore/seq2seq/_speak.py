"""Draft and verify: the judge's choices are the decoder's first draft; each pass drafts anew.

The decoder reads, at each doubtful position of a sentence, what was chosen at the one before. All
choices are drafted, one pass says what it would have chosen given them, and everything up to the
first difference stands: what greedy decoding would have given, in a few passes over all sentences
at once (Stern et al. 2018; Sun et al. 2021, section 3.1). What it said after the first difference
is the next draft (Santilli et al. 2023, section 3.2): mostly right, though read off a wrong past.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from restore.seq2seq._pieces import END

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from restore.seq2seq._batch import View
    from restore.seq2seq._network import Network

UNKNOWN_ROW = 1
MOST_PIECES = 5  # of a replacement
SURE = np.log(0.9)  # the judge is surer than this of a listed reading: it is not decoded
JUDGE_WEIGHT = 0.6  # of the judge's log probabilities, against the decoder's
LEAST = np.log(0.25)  # a replacement less probable than this is not spelt out

Spelt = dict[tuple[int, int], tuple[int, float]]


@dataclass(slots=True)
class Slot:
    """One position that the decoder decides about.

    Attributes:
        position: index into the view's positions.
        judged: the judge's log probability of each reading, (R,); the second is "not listed".
        rows: the same once the decoder has been heard too.
        choice: reading chosen or drafted; `UNKNOWN_ROW` for what `written` spells.
        written: pieces of a replacement that no list holds; None if none was spelt.
        log_written: its log probability, of "not listed" and of all its pieces.
        first: index of its first step in its window.
        query: the decoder's state at that step, which what it may write is read off, (H,).
    """

    position: int
    choice: int
    judged: NDArray[np.float32]
    rows: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    written: list[int] | None = None
    log_written: float = -np.inf
    first: int = 0
    query: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))


@dataclass(slots=True)
class _Sentence:
    window: int
    slots: list[Slot]
    settled: int = 0


class Speech:
    """What the decoder says of the wanted positions of a batch.

    Args:
        network: decodes.
        view: the batch.
        states: the encoder's, (B, L, H).
        judge: its log probability of each reading, (P, R); the first drafts come from it.
        wanted: which positions, (P,).
        draft: False decodes one slot of each sentence at a time: plain greedy, the same result.

    Attributes:
        passes: how often the decoder has run.
    """

    def __init__(  # noqa: PLR0913
        self,
        network: Network,
        view: View,
        states: NDArray[np.float32],
        judge: NDArray[np.float32],
        wanted: NDArray[np.bool_],
        *,
        draft: bool = True,
    ) -> None:
        self.network, self.view, self.states, self.draft = network, view, states, draft
        listed = np.delete(judge, UNKNOWN_ROW, axis=1)
        sure = wanted & (listed.max(axis=1) >= SURE)
        self._sure = [slot for s in _sentences(view, judge, sure) for slot in s.slots]
        for slot in self._sure:
            slot.rows = slot.judged
        self._sentences = _sentences(view, judge, wanted & ~sure)
        self.passes = 0

    @property
    def slots(self) -> list[Slot]:
        """All slots in order; those that the judge is not sure of are final after `finish`."""
        open_ones = (slot for sentence in self._sentences for slot in sentence.slots)
        return sorted([*self._sure, *open_ones], key=lambda slot: slot.position)

    def once(self) -> bool:
        """Run the decoder over all steps of unfinished sentences; False if there is none."""
        open_ones = [s for s in self._sentences if s.settled < len(s.slots)]
        if open_ones:
            _one_pass(self.network, self.view, self.states, open_ones, draft=self.draft)
            self.passes += 1
        return bool(open_ones)

    def finish(self) -> None:
        """Decode until all slots stand."""
        while self.once():
            pass


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
        sentence.slots.append(Slot(position, int(best[position]), judge[position]))
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
    order = {window: at for at, window in enumerate(sorted({s.window for s in sentences}))}
    inputs, slots = _steps(network, view, states, sentences, order)
    queries, rows = network.decode(inputs)
    flat = queries.reshape(-1, queries.shape[-1])
    for slot, row, step in zip(slots, rows, inputs["slot_step"].tolist(), strict=True):
        slot.rows, slot.query = _joined(slot.judged, row), flat[step]
    spelt = _spell(network, sentences, queries, order)
    for sentence in sentences:
        _settle(sentence, spelt, draft=draft)


def _joined(judged: NDArray[np.float32], decoded: NDArray[np.float32]) -> NDArray[np.float32]:
    """Join two opinions: a log-linear pool (Genest & Zidek 1986, section 3.3)."""
    both = JUDGE_WEIGHT * judged + (1 - JUDGE_WEIGHT) * decoded
    pool: NDArray[np.float32] = both - np.logaddexp.reduce(both)
    return pool


def _spell(
    network: Network,
    sentences: list[_Sentence],
    queries: NDArray[np.float32],
    order: dict[int, int],
) -> Spelt:
    """Return the next piece and its log probability, by slot and step, where one may be needed."""
    asked = [
        (slot, order[sentence.window], inner)
        for sentence in sentences
        for slot in sentence.slots[sentence.settled :]
        if slot.rows[UNKNOWN_ROW] > _least(slot)
        for inner in range(len(slot.written or ()) + 1)
    ]
    if not asked:
        return {}
    rows, steps = [row for _, row, _ in asked], [slot.first + inner for slot, _, inner in asked]
    scores = network.spell(queries[rows, steps])
    best = scores.argmax(axis=1)
    return {
        (slot.position, inner): (int(piece), float(line[piece]))
        for (slot, _, inner), piece, line in zip(asked, best.tolist(), scores, strict=True)
    }


def _least(slot: Slot) -> float:
    """Return the log probability that a spelt replacement has to exceed all along."""
    listed = np.delete(slot.rows, UNKNOWN_ROW)
    return max(float(listed.max()), float(LEAST))


def _settle(sentence: _Sentence, spelt: Spelt, *, draft: bool) -> None:
    """Let slots stand from the left up to the first that differs; what comes later is drafted."""
    stands = True
    for slot in sentence.slots[sentence.settled :]:
        drafted = slot.choice, slot.written
        whole = _decide(slot, spelt)
        if stands and whole:
            sentence.settled += 1
        stands = stands and whole and drafted == (slot.choice, slot.written)
        if not draft:
            return


def _decide(slot: Slot, spelt: Spelt) -> bool:
    """Choose a reading, or spell as far as the draft's steps go; returns whether that is all.

    What is left open is drafted as if it ended there.
    """
    drafted, least = slot.written or [], _least(slot)
    written: list[int] = []
    total = float(slot.rows[UNKNOWN_ROW])
    while (step := spelt.get((slot.position, len(written)))) is not None:
        piece, log_piece = step
        total += log_piece
        if total <= least:
            break
        if piece != END:
            written.append(piece)
        if piece == END or len(written) == MOST_PIECES:
            slot.choice, slot.written, slot.log_written = UNKNOWN_ROW, written, total
            return True
        if drafted[: len(written)] != written:
            slot.choice, slot.written, slot.log_written = UNKNOWN_ROW, written, total
            return False
    listed = slot.rows.copy()
    listed[UNKNOWN_ROW] = -np.inf
    slot.choice, slot.written, slot.log_written = int(listed.argmax()), None, -np.inf
    return True


class _Step(NamedTuple):
    """One input of the decoder.

    Attributes:
        place: index into windows times units of the unit it belongs to.
        before: vector of what was written last, (H,).
        inside: 1 where a replacement has begun, else 0.
        sentence: number of its sentence.
    """

    place: int
    before: NDArray[np.float32]
    inside: int
    sentence: int


def _steps(
    network: Network,
    view: View,
    states: NDArray[np.float32],
    sentences: list[_Sentence],
    order: dict[int, int],
) -> tuple[dict[str, NDArray[Any]], list[Slot]]:
    """Lay out the decoder's inputs: a step for each slot, one more for each piece spelt.

    `order` tells in which row each window goes that still has open sentences.
    """
    windows = list(order)
    lines: dict[int, list[_Step]] = {window: [] for window in windows}
    slots: list[Slot] = []
    at: list[tuple[int, int]] = []
    for number, sentence in enumerate(sentences):
        line, row = lines[sentence.window], order[sentence.window]
        before = np.zeros(states.shape[2], np.float32)
        for slot in sentence.slots:
            unit = int(view.inputs["place"][slot.position]) % states.shape[1]
            place = row * states.shape[1] + unit
            slot.first = len(line)
            slots.append(slot)
            at.append((row, slot.first))
            line.append(_Step(place, before, 0, number))
            for piece in slot.written or ():
                line.append(_Step(place, _piece_vector(network, [piece]), 1, number))
            before = _chosen_vector(network, view, slot)
    inputs = _padded(list(lines.values()), states.shape[2])
    depth = inputs["inside"].shape[1]
    positions = np.array([slot.position for slot in slots], np.int64)
    rows = {n: view.inputs[n][positions] for n in ("row_text", "row_mask", "relation", "features")}
    inputs |= rows | {
        "vectors": view.inputs["vectors"],
        "states": states[windows],
        "mask": view.inputs["mask"][windows],
        "slot_step": np.array([row * depth + step for row, step in at], np.int64),
    }
    return inputs, slots


def _padded(lines: list[list[_Step]], hidden: int) -> dict[str, NDArray[Any]]:
    """Turn steps into arrays of one length, (B, D); a step sees earlier ones of its sentence."""
    shape = (len(lines), max(map(len, lines)))
    step_place, inside = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    sentence = np.full(shape, -1, np.int64)
    previous = np.zeros((*shape, hidden), np.float32)
    for row, line in enumerate(lines):
        end = len(line)
        step_place[row, :end] = [step.place for step in line]
        inside[row, :end] = [step.inside for step in line]
        sentence[row, :end] = [step.sentence for step in line]
        previous[row, :end] = np.stack([step.before for step in line])
    same = sentence[:, :, None] == sentence[:, None, :]
    return {
        "step_place": step_place,
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
