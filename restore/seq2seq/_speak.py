"""Draft and verify: the judge's choices are the decoder's first draft; each pass drafts anew.

The decoder reads, at each doubtful position of a sentence, what was chosen at the one before. All
choices are drafted, one pass says what it would have chosen given them, and everything up to the
first difference stands: what greedy decoding would have given, in a few passes over all sentences
at once (Stern et al. 2018; Sun et al. 2021, section 3.1). What it said after the first difference
is the next draft (Santilli et al. 2023, section 3.2): mostly right, though read off a wrong past.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from restore.seq2seq._pieces import END, UNKNOWN_PIECE
from restore.seq2seq._steps import UNKNOWN_ROW, Sentence, Slot, lay_out_steps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from restore.seq2seq._batch import View
    from restore.seq2seq._network import Encoded, Network

MOST_PIECES = 5  # of a replacement
SURE = np.log(0.7)  # the judge is surer than this of a listed reading: it is not decoded
JUDGE_WEIGHT = 0.6  # of the judge's log probabilities, against the decoder's
LEAST = np.log(0.05)  # a replacement less probable than this is not spelt out

Spelt = dict[tuple[int, int], tuple[int, float]]


class Speech:
    """What the decoder says of the wanted positions of a batch.

    Args:
        network: decodes.
        view: the batch.
        encoded: what the encoder made of it; the first drafts come from its judge.
        wanted: which positions, (P,).
        draft: False decodes one slot of each sentence at a time: plain greedy, the same result.

    Attributes:
        slots: of the wanted positions in order; those that the judge is not sure of are final after
            `finish`.
        passes: how often the decoder has run.
    """

    def __init__(
        self,
        network: Network,
        view: View,
        encoded: Encoded,
        wanted: NDArray[np.bool_],
        *,
        draft: bool = True,
    ) -> None:
        self.network, self.view, self.encoded, self.draft = network, view, encoded, draft
        judge = encoded.judge
        self.slots = [Slot(at, judge[at], judge[at]) for at in np.flatnonzero(wanted).tolist()]
        for slot in self.slots:
            slot.choice = best_listed(slot)
        self._sentences = _sentences(view, [s for s in self.slots if s.rows[s.choice] < SURE])
        self.passes = 0

    def once(self) -> bool:
        """Run the decoder over all steps of unfinished sentences; False if there is none."""
        open_ones = [s for s in self._sentences if s.settled < len(s.slots)]
        if open_ones:
            _one_pass(self.network, self.view, self.encoded, open_ones, draft=self.draft)
            self.passes += 1
        return bool(open_ones)

    def finish(self) -> None:
        """Decode until all slots stand."""
        while self.once():
            pass


def _sentences(view: View, slots: list[Slot]) -> list[Sentence]:
    out: dict[tuple[int, int], Sentence] = {}
    for slot in slots:
        window = int(view.window[slot.position])
        key = (window, int(view.sentence[slot.position]))
        out.setdefault(key, Sentence(window, [])).slots.append(slot)
    return list(out.values())


def _one_pass(
    network: Network,
    view: View,
    encoded: Encoded,
    sentences: list[Sentence],
    *,
    draft: bool,
) -> None:
    """Run the decoder over all steps of unfinished sentences, and settle what stands."""
    order = {window: at for at, window in enumerate(sorted({s.window for s in sentences}))}
    inputs, slots = lay_out_steps(network, view, encoded, sentences, order)
    queries, rows = network.decode(inputs)
    flat = queries.reshape(-1, queries.shape[-1])
    for slot, row, step in zip(slots, rows, inputs["slot_step"].tolist(), strict=True):
        slot.rows, slot.decoded, slot.query = _joined(slot.judged, row), row, flat[step]
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
    sentences: list[Sentence],
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
    scores[:, UNKNOWN_PIECE] = -np.inf  # stands for letters that no piece has, and is no text
    best = scores.argmax(axis=1)
    return {
        (slot.position, inner): (int(piece), float(line[piece]))
        for (slot, _, inner), piece, line in zip(asked, best.tolist(), scores, strict=True)
    }


def _least(slot: Slot) -> float:
    """Return the log probability that a spelt replacement has to exceed all along."""
    return max(float(slot.rows[best_listed(slot)]), float(LEAST))


def best_listed(slot: Slot) -> int:
    """Return the most probable of the listed readings."""
    listed = slot.rows.copy()
    listed[UNKNOWN_ROW] = -np.inf
    return int(listed.argmax())


def _settle(sentence: Sentence, spelt: Spelt, *, draft: bool) -> None:
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
    slot.choice, slot.written, slot.log_written = best_listed(slot), None, -np.inf
    return True
