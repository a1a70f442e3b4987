"""Fits the scorer rounds one after another: each sees the posteriors of the round before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from restore.lattice._columns import NAMES
from restore.lattice._features import features
from restore.lattice._forward import posteriors
from restore.lattice._lattice import UNKNOWN
from restore.lattice._prune import promising, select_rows
from restore.lattice._scorer import Scorer, log_softmax_groups, opposed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from restore.lattice import Lexicon
    from restore.lattice._forward import Channel
    from training.fast._examples import Example

HIDDEN = (64, 32)
LEARNING_RATE = 4e-3
SEED = 20240
ROWS = 1 << 16  # at a time


@dataclass(frozen=True, slots=True)
class Size:
    """How large a scorer is, and how long it is fitted.

    Attributes:
        hidden: units of its two hidden layers.
        epochs: how often each position is seen.
        positions: of a batch.
    """

    hidden: tuple[int, int] = HIDDEN
    epochs: int = 8
    positions: int = 1024


@dataclass(slots=True)
class Block:
    """Rows of several examples, ready for the network.

    Attributes:
        features: shape (M, F), in 16 or 32 bits.
        relation: shape (M,).
        starts: first row of each position, shape (E + 1,).
        gold: shape (M,).
    """

    features: NDArray[np.float16] | NDArray[np.float32]
    relation: NDArray[np.int32]
    starts: NDArray[np.int64]
    gold: NDArray[np.bool_]


def opposed_block(about: NDArray[np.float32], second: NDArray[np.bool_]) -> Block:
    """Return the rows of places where a scorer tells two things apart.

    Args:
        about: what is known of each place, shape (N, F).
        second: whether the second of the two is right there, shape (N,).
    """
    features, codes = opposed(about)
    return Block(features, codes, np.arange(0, len(codes) + 1, 2), codes == np.repeat(second, 2))


def first_round(
    examples: Sequence[Example], lexicon: Lexicon, channel: Channel
) -> list[NDArray[np.float32]]:
    """Return the forward-backward posteriors of each example's rows."""
    return [
        posteriors(example.lattice, lexicon.model, lexicon.log_frequency, channel)
        for example in examples
    ]


def prune(
    examples: Sequence[Example], lexicon: Lexicon, scores: Sequence[NDArray[np.float32]]
) -> tuple[list[Example], list[NDArray[np.float32]]]:
    """Prune each example as the decoder does; originals that are lost count as unknown."""
    out, left = [], []
    for example, before in zip(examples, scores, strict=True):
        kept = promising(example.lattice, lexicon.model, before)
        lattice = select_rows(example.lattice, kept)
        gold = example.gold[kept]
        lost = ~np.logical_or.reduceat(gold, lattice.starts[:-1])
        unknown = lattice.readings.relation[lattice.slot] == UNKNOWN
        gold |= unknown & lost[lattice.owner]
        out.append(replace(example, lattice=lattice, gold=gold))
        left.append(before[kept])
    return out, left


def next_round(
    examples: Sequence[Example],
    lexicon: Lexicon,
    previous: Sequence[NDArray[np.float32]],
    scorer: Scorer,
) -> list[NDArray[np.float32]]:
    """Return the posteriors of each example's rows after one more round."""
    out = []
    for example, before in zip(examples, previous, strict=True):
        relation = example.lattice.readings.relation[example.lattice.slot]
        raw = scorer.scores(features(example.lattice, lexicon, before), relation)
        out.append(log_softmax_groups(raw, example.lattice.starts))
    return out


def make_block(
    examples: Sequence[Example],
    lexicon: Lexicon,
    previous: Sequence[NDArray[np.float32]],
) -> Block:
    """Concatenate the features of all examples; see `features` for the arguments."""
    sizes = np.array([len(example.lattice.slot) for example in examples])
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    matrix = np.empty((int(offsets[-1]), len(NAMES)), np.float32)
    for example, before, at in zip(examples, previous, offsets[:-1].tolist(), strict=True):
        matrix[at : at + len(before)] = features(example.lattice, lexicon, before)
    starts = [e.lattice.starts[:-1] + o for e, o in zip(examples, offsets[:-1], strict=True)]
    return Block(
        matrix,
        np.concatenate([e.lattice.readings.relation[e.lattice.slot] for e in examples]),
        np.append(np.concatenate(starts), offsets[-1]).astype(np.int64),
        np.concatenate([e.gold for e in examples]),
    )


def fit_scorer(
    block: Block,
    *,
    size: Size = Size(),
    seed: int = SEED,
    log: Callable[[str], None] = lambda _: None,
) -> Scorer:
    """Fit one scorer by cross-entropy over the readings of each position (AdamW, one cycle)."""
    import torch

    from training.fast._net import ScorerNet, group_loss

    torch.manual_seed(seed)
    order = np.random.default_rng(seed)
    mean, scale = _standard(block.features)
    net = ScorerNet(block.features.shape[1], size.hidden)
    # Whole stretches of positions at a time: the rows of one position must stay together.
    positions = len(block.starts) - 1
    bounds = np.append(np.arange(0, positions, size.positions), positions)
    batches = list(zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True))
    optimiser = torch.optim.AdamW(net.parameters(), weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, LEARNING_RATE, total_steps=size.epochs * len(batches)
    )
    for epoch in range(size.epochs):
        total = 0.0
        for batch in order.permutation(len(batches)).tolist():
            first, end = batches[batch]
            low, high = int(block.starts[first]), int(block.starts[end])
            x = torch.from_numpy((block.features[low:high] - mean) * scale)
            scores = net(x, torch.from_numpy(block.relation[low:high]).long())
            lengths = torch.from_numpy(np.diff(block.starts[first : end + 1]))
            loss = group_loss(scores, torch.from_numpy(block.gold[low:high]), lengths)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        log(f"epoch {epoch + 1} of {size.epochs}: loss {total / len(batches):.5f}")
    return net.export(mean, scale)


def _standard(
    features: NDArray[np.float16] | NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return mean and reciprocal deviation of each column, without a copy of all rows."""
    parts = [features[at : at + ROWS] for at in range(0, len(features), ROWS)]
    mean = sum(part.sum(0, dtype=np.float64) for part in parts) / len(features)
    square = sum(((part - mean) ** 2).sum(0) for part in parts) / len(features)
    scale = 1 / np.maximum(np.sqrt(square), 1e-3)
    return mean.astype(np.float32), scale.astype(np.float32)
