"""What a network makes of held-out garbled news: words put right, words broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from restore import InputError
from restore.seq2seq._batch import windows
from training.fast._measure import Tally
from training.seq2seq._batches import arrays_of, collate
from training.seq2seq._examples import make_example
from training.seq2seq._loss import IMPOSSIBLE
from training.seq2seq._stream import by_length, garble

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from restore.seq2seq._encode import Reader
    from restore.seq2seq._pieces import Pieces
    from training.seq2seq._batches import Batch, Window
    from training.seq2seq._network import RestorerModel

MEASURED = ("A", "C", "E", "random", "random", "clean")  # dialects in turn
SEED = 99
SHARE = 0.5  # confidence from which an edit counts as made


@dataclass(slots=True)
class Counts(Tally):
    """Sums over measured positions; rates are derived.

    Attributes:
        fixed_listed: altered words put right whose original is among the readings.
        loss: sum over batches.
        batches: their number.
    """

    fixed_listed: int = 0
    loss: float = 0.0
    batches: int = 0

    def rates(self) -> dict[str, float]:
        """Return ERR, fix rates, wrong fixes and breaks per 1,000 intact words."""
        garbled = max(1, self.garbled)
        return {
            "err": (self.fixed - self.broken) / garbled,
            "fixed": self.fixed / garbled,
            "fixed_listed": self.fixed_listed / max(1, self.listed),
            "fixed_unlisted": (self.fixed - self.fixed_listed) / max(1, self.garbled - self.listed),
            "listed": self.listed / garbled,
            "wrong": self.wrong / garbled,
            "broken_per_1000": self.broken_per_1000,
            "loss": self.loss / max(1, self.batches),
        }


def measured_windows(
    corpora: Path, documents: int, reader: Reader, pieces: Pieces
) -> dict[str, list[Window]]:
    """Garble held-out documents that no part of the system was fitted on, by dialect.

    Raises:
        InputError: there is none, or nothing in them is doubtful.
    """
    from training.fast._examples import excerpt
    from training.fast._run import measuring

    out: dict[str, list[Window]] = {}
    for number, (name, text) in enumerate(measuring(corpora, documents)):
        dialect = MEASURED[number % len(MEASURED)]
        _, short = excerpt(text, name)
        garbled = garble(dialect, SEED, short, name)
        example = make_example(name, dialect, garbled, reader, pieces)
        if example is not None:
            found = [(example, *w) for w in windows(example.block)]
            out.setdefault(dialect, []).extend(found)
    if not any(out.values()):
        message = f"no measured document of {corpora} has a doubtful word: give more documents"
        raise InputError(message)
    return out


def measure(
    model: RestorerModel, found: dict[str, list[Window]], pieces: Pieces
) -> dict[str, dict[str, float]]:
    """Return rates for each dialect and for `all`, drafts standing for earlier choices."""
    model.eval()
    total = Counts()
    out = {}
    for dialect, some in found.items():
        counts = Counts()
        for group in by_length(some, 2048, 0):
            batch = collate(group, pieces, chained=model.config.chained, seed=0, draft=True)
            counts.add(measure_batch(model, batch))
        out[dialect] = counts.rates()
        total.add(counts)
    model.train()
    return {**out, "all": total.rates()}


def fast_baseline(found: dict[str, list[Window]], pieces: Pieces) -> dict[str, dict[str, float]]:
    """Return the same rates for fast mode's own choices."""
    total = Counts()
    out = {}
    for dialect, some in found.items():
        counts = Counts()
        for group in by_length(some, 2048, 0):
            batch = collate(group, pieces, chained=True, seed=0, draft=True)
            known = np.where(batch.row_mask, batch.log_fast, IMPOSSIBLE)
            known[:, 1] = IMPOSSIBLE
            best = known.argmax(1)
            sure = known.max(1) >= np.log(SHARE)
            right = np.take_along_axis(batch.gold, best[:, None], 1)[:, 0]
            counts.add(_count(batch, sure & (best != 0), right))
        out[dialect] = counts.rates()
        total.add(counts)
    return {**out, "all": total.rates()}


@torch.no_grad()
def measure_batch(model: RestorerModel, batch: Batch) -> Counts:
    """Count what the decoder would do at each slot, the judge elsewhere keeping the word."""
    tensors = {name: torch.from_numpy(value) for name, value in arrays_of(batch).items()}
    outcome = model(tensors)
    edited = np.zeros(len(batch.altered), bool)
    right = batch.gold[:, 0].copy()
    listed = outcome.rows.clone()
    listed[:, 1] = IMPOSSIBLE
    best, row = listed.max(1)
    # Of the pieces' part only the altered words' is known here: what else it writes at honest
    # words is counted as broken where "not listed" wins outright.
    written = outcome.rows[:, 1].clone()
    spelt, correct = _written(tensors, outcome.pieces, outcome.known, outcome.rows)
    written[outcome.known] = spelt
    by_pieces = written > best
    confident = torch.maximum(best, written) >= np.log(SHARE)
    slot = batch.slot
    edited[slot] = (confident & (by_pieces | (row != 0))).numpy()
    hit = np.zeros(len(slot), bool)
    hit[outcome.known.numpy()] = correct.numpy()
    by_row = np.take_along_axis(batch.gold[slot], row.numpy()[:, None], 1)[:, 0]
    right[slot] = np.where(by_pieces.numpy(), hit, by_row)
    counts = _count(batch, edited, right)
    counts.loss, counts.batches = float(outcome.loss), 1
    return counts


def _written(
    batch: dict[str, Tensor], pieces: Tensor, known: Tensor, rows: Tensor
) -> tuple[Tensor, Tensor]:
    """Return the best first piece's log probability and whether it is the original's."""
    top, piece = pieces.max(1)
    return rows[known, 1] + top, piece == batch["first_piece"][batch["slot"][known]]


def _count(
    batch: Batch, edited: np.ndarray[tuple[int], np.dtype[np.bool_]], right: np.ndarray
) -> Counts:
    altered, listed = batch.altered, batch.gold.any(1) & batch.altered
    return Counts(
        words=batch.words,
        garbled=int(altered.sum()) + batch.outside,
        listed=int(listed.sum()),
        fixed=int((edited & right & altered).sum()),
        fixed_listed=int((edited & right & listed).sum()),
        wrong=int((edited & ~right & altered).sum()),
        broken=int((edited & ~altered).sum()),
    )
