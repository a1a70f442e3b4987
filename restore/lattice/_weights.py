"""The fitted weights of fast mode: channel, scorer rounds, default threshold."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from restore._container import DATA, read_container, write_container
from restore._errors import ModelError
from restore.lattice._features import NAMES
from restore.lattice._forward import Channel
from restore.lattice._scorer import Scorer


@dataclass(frozen=True, slots=True)
class Weights:
    """All that `training.fast` fits.

    Attributes:
        channel: weights of the first, forward-backward round.
        rounds: the scorer of each later round.
        min_confidence: default threshold.
    """

    channel: Channel
    rounds: tuple[Scorer, ...]
    min_confidence: float


FORMAT = "restore-fast"
VERSION = 1
_PARTS = ("mean", "scale", "w1", "relation", "w2", "b2", "w3")


def load_weights(path: str | Path | None = None) -> Weights:
    """Read fitted weights, by default the shipped ones.

    Raises:
        ModelError: the file is missing, damaged, or was fitted for other features.
    """
    file = Path(path) if path is not None else DATA / "fast.bin"
    header, arrays = read_container(file, FORMAT, VERSION, ModelError)
    if header.get("features") != list(NAMES):
        message = f"{file} was fitted for other features than this version has: fit it again"
        raise ModelError(message)
    try:
        rounds = tuple(
            Scorer(**{part: np.asarray(arrays[f"{index}.{part}"]) for part in _PARTS})
            for index in range(header["rounds"])
        )
        return Weights(Channel(**header["channel"]), rounds, float(header["min_confidence"]))
    except (KeyError, TypeError, ValueError) as error:
        message = f"{file} lacks a part of its weights ({error}): install or fit it again"
        raise ModelError(message) from error


def save_weights(weights: Weights, path: str | Path, training: dict[str, Any]) -> str:
    """Write weights with a record of how they were made; return their SHA-256."""
    arrays = {
        f"{index}.{part}": getattr(scorer, part)
        for index, scorer in enumerate(weights.rounds)
        for part in _PARTS
    }
    header = {
        "features": list(NAMES),
        "rounds": len(weights.rounds),
        "channel": asdict(weights.channel),
        "min_confidence": weights.min_confidence,
        "training": training,
    }
    return write_container(path, FORMAT, VERSION, header, arrays)
