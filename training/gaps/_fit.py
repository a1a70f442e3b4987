"""Fits the network for gaps on clean news, and measures it on news that it has not read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - torch's own custom

from restore._function_words import FUNCTION_WORDS
from restore.lattice._gaps import save_gaps
from training.gaps._network import GapNetwork
from training.gaps._stretches import Stretches, running

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from restore.lattice import NgramModel
    from training.ngram._encode import Streams

KNOWN = 24_000  # words with vectors
SIZES = (96, 48, 512, 256)
STRETCHES = 16  # a step
RATE = 3e-3  # of the layers; vectors, which are met less often, twice as much
WARM_UP = 200  # steps
CLIP = 1.0  # norm of a step's gradient
SEED = 31
MEASURED = 400  # stretches
SHOWN = 2000  # steps between two lines of the log


class Figures(NamedTuple):
    """What a network is worth on news that it has not read.

    Attributes:
        right: share of the gaps left by function words whose word is the likeliest of these.
        loss: mean negative log probability of that word among these.
        told: share of all gaps whose word is the likeliest, or anything else where it is else.
    """

    right: float
    loss: float
    told: float


def fit_gaps(
    streams: Streams, model: NgramModel, out: Path, places: int, log: Callable[[str], None]
) -> tuple[Figures, Figures]:
    """Fit the network and write it.

    Args:
        streams: the encoded corpora.
        model: gives the vocabulary, and how frequent words are.
        out: the file to write.
        places: gaps to learn from.
        log: told about progress, a line at a time.

    Returns:
        What it is worth among clean neighbours, and among disturbed ones.
    """
    torch.manual_seed(SEED)
    ids = streams.ids(model)
    words = model.ids(list(FUNCTION_WORDS)).astype(np.int64)
    text = Stretches(running(streams.train, ids), model, words, SEED)
    network = GapNetwork(min(KNOWN, len(model.unigram)), len(words), SIZES)
    _train(network, text, places, log)
    save_gaps(network.layers(), list(FUNCTION_WORDS), list(model.vocabulary)[: network.known], out)
    other = Stretches(running(streams.held_out, ids), model, words, SEED)
    return _measured(network, other, noisy=False), _measured(network, other, noisy=True)


def _train(network: GapNetwork, text: Stretches, places: int, log: Callable[[str], None]) -> None:
    optimiser = _optimiser(network)
    rates = [group["lr"] for group in optimiser.param_groups]
    done, step, average = 0, 0, 0.0
    while done < places:
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * min(1, (step + 1) / WARM_UP) * (1 - done / places)
        gaps = text.draw(STRETCHES)
        with torch.autocast("cpu", torch.bfloat16):
            scores = network(gaps)
        loss = F.cross_entropy(scores.float(), torch.from_numpy(gaps.gold))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), CLIP)
        optimiser.step()
        done, step = done + len(gaps.gold), step + 1
        average += (loss.item() - average) / min(step, SHOWN)
        if step % SHOWN == 0:
            log(f"{done:,} places, loss {average:.3f}")


def _optimiser(network: GapNetwork) -> torch.optim.Optimizer:
    vectors = [*network.near.parameters(), *network.far.parameters()]
    layers = [*network.first.parameters(), *network.second.parameters(), *network.last.parameters()]
    groups = [
        {"params": vectors, "lr": 2 * RATE, "weight_decay": 0.0},
        {"params": layers, "lr": RATE, "weight_decay": 0.01},
    ]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98))


def _measured(network: GapNetwork, text: Stretches, *, noisy: bool) -> Figures:
    count = right = told = every = 0
    loss = 0.0
    for _ in range(0, MEASURED, STRETCHES):
        gaps = text.draw(STRETCHES, noisy=noisy)
        with torch.no_grad():
            scores = network(gaps)
        gold = torch.from_numpy(gaps.gold)
        words = gold < scores.shape[1] - 1
        among, these = scores[words, :-1], gold[words]
        loss += float(F.cross_entropy(among, these, reduction="sum"))
        right += int((among.argmax(1) == these).sum())
        told += int((scores.argmax(1) == gold).sum())
        count, every = count + len(these), every + len(gold)
    return Figures(right / max(1, count), loss / max(1, count), told / max(1, every))
