"""What a run starts with: its network, its optimiser, its stream of windows."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from restore import InputError
from restore.seq2seq._network import SHIPPED
from training._corpora import columns_of
from training.seq2seq._first import FirstReader
from training.seq2seq._network import RestorerConfig, RestorerModel
from training.seq2seq._pairs import read_pairs
from training.seq2seq._stream import Mixture, Stream

if TYPE_CHECKING:
    from restore.seq2seq._encode import Reader
    from restore.seq2seq._pieces import Pieces
    from training.seq2seq._config import TrainConfig

FEATURE_BATCHES = 12  # looked at for the features' means and deviations
FINAL_RATE = 0.02  # share of the full learning rate that is left at the end


def build_model(config: TrainConfig, stream: Stream) -> RestorerModel:
    """Return a network as the run wants it, pretrained parts filled in."""
    from training.seq2seq._load import load_model, unused_features
    from training.seq2seq._run import pretrained_folder
    from training.seq2seq._vocabulary import load_pretrained

    torch.manual_seed(config.seed)
    if config.initial:
        model = load_model(Path(config.initial))
        if config.kept_layers:
            keep_layers(model, config.kept_layers)
        standardise(model, stream, unused_features(model))
        return model
    sizes = config.network.model_dump() | {"vocabulary": len(stream.pieces)}
    model = RestorerModel(RestorerConfig(**sizes))
    if config.pretrained:
        load_pretrained(model, pretrained_folder(config.pretrained), stream.pieces)
    standardise(model, stream, torch.ones_like(model.mean, dtype=torch.bool))
    return model


def keep_layers(model: RestorerModel, kept: list[int]) -> None:
    """Drop the encoder layers that `kept` does not name.

    Raises:
        InputError: the encoder has no such layer.
    """
    missing = sorted(set(kept) - set(range(len(model.encoder))))
    if missing:
        message = f"`initial` has {len(model.encoder)} encoder layers, from 0, and no {missing[0]}"
        raise InputError(message + ": check `kept_layers`")
    model.encoder = torch.nn.ModuleList(model.encoder[layer] for layer in kept)
    model.config.layers = len(kept)


def optimiser_for(model: RestorerModel, config: TrainConfig) -> torch.optim.Optimizer:
    """Return AdamW with a lower rate for what was pretrained."""
    old = ("encoder.", "pieces.", "places.", "input_norm.")
    pretrained = bool(config.pretrained or config.initial)
    slow = [p for n, p in model.named_parameters() if pretrained and n.startswith(old)]
    fast = [p for n, p in model.named_parameters() if not (pretrained and n.startswith(old))]
    schedule = config.schedule
    groups = [{"params": fast, "lr": schedule.rate}]
    if slow:
        groups.append({"params": slow, "lr": schedule.pretrained_rate})
    return torch.optim.AdamW(
        groups, weight_decay=schedule.weight_decay, betas=(0.9, 0.98), fused=True
    )


def rate_factor(step: int, words: int, config: TrainConfig) -> float:
    """Return the share of the full rate: a linear rise, then a linear fall with the words read."""
    rise = min(1.0, (step + 1) / max(1, config.schedule.warmup))
    return rise * max(FINAL_RATE, 1 - words / config.schedule.words)


@torch.no_grad()
def standardise(model: RestorerModel, stream: Stream, which: torch.Tensor) -> None:
    """Set means and scales of the features `which`, (F,), from the first batches of the stream."""
    if not which.any():
        return
    batches = itertools.islice(stream.batches(), FEATURE_BATCHES)
    seen = [torch.from_numpy(batch.features[batch.row_mask]) for _, _, batch in batches]
    every = torch.cat(seen)
    model.mean[which] = every.mean(0)[which]
    model.scale[which] = (1 / every.std(0).clamp(min=1e-2))[which]


def make_stream(config: TrainConfig, folder: Path, pieces: Pieces, reader: Reader) -> Stream:
    """Open the corpora and lay the stream over them.

    Raises:
        InputError: no corpus is there, or a file of pairs cannot be read.
    """
    from datasets import load_dataset

    data = config.data
    files = sorted(path for pattern in data.corpora for path in folder.glob(pattern))
    if not files:
        message = f"{folder} holds no file like {', '.join(data.corpora)}: check --corpora"
        raise InputError(message)
    columns = dict(zip(columns_of(files[0]), ("id", "text"), strict=True))
    names = [str(path) for path in files]
    corpus = load_dataset("parquet", data_files=names, split="train", columns=list(columns))
    for old, new in columns.items():
        corpus = corpus if old == new else corpus.rename_column(old, new)
    mixture = Mixture(
        dict(data.shares), dict(data.clean), data.fresh, data.veiled, data.window, data.units,
        config.network.chained, config.seed, data.keyed, data.paired, data.hidden, data.again,
    )  # fmt: skip
    pairs = read_pairs([Path(name) for name in data.pairs])
    first = FirstReader(reader, Path(data.first) if data.first else SHIPPED, data.joined)
    return Stream(corpus, reader, pieces, mixture, pairs=pairs, first=first)
