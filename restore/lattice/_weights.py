"""The fitted weights of fast mode: channel, scorer rounds, default threshold."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from restore._container import DATA, read_container, write_container
from restore._errors import ModelError
from restore.lattice._columns import NAMES
from restore.lattice._forward import Channel
from restore.lattice._scorer import (
    Ensemble,
    Scorer,
    check_features,
    pack_scorer,
    unpack_scorer,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Weights:
    """All that `training.fast` fits.

    Attributes:
        channel: weights of the first, forward-backward round.
        rounds: the scorer of each later round.
        min_confidence: the lowest threshold that kept clean text clean when it was fitted; the
            modes have a stricter one of their own.
    """

    channel: Channel
    rounds: tuple[Scorer, ...]
    min_confidence: float


FORMAT, SCORER_FORMAT = "restore-fast", "restore-scorer"
VERSION = 1


def load_weights(path: str | Path | None = None) -> Weights:
    """Read fitted weights, by default the shipped ones.

    Raises:
        ModelError: the file is missing, damaged, or was fitted for other features.
    """
    file = Path(path) if path is not None else DATA / "fast.bin"
    header, arrays = read_container(file, FORMAT, VERSION, ModelError)
    check_features(file, header, list(NAMES))
    try:
        rounds = tuple(unpack_scorer(arrays, f"{index}.") for index in range(header["rounds"]))
        return Weights(Channel(**header["channel"]), rounds, float(header["min_confidence"]))
    except (KeyError, TypeError, ValueError) as error:
        message = f"{file} lacks a part of its weights ({error}): install or fit it again"
        raise ModelError(message) from error


def save_weights(weights: Weights, path: str | Path, training: dict[str, Any]) -> str:
    """Write weights with a record of how they were made; return their SHA-256."""
    arrays: dict[str, NDArray[np.float32]] = {}
    for index, scorer in enumerate(weights.rounds):
        arrays |= pack_scorer(scorer, f"{index}.")
    header = {
        "features": list(NAMES),
        "rounds": len(weights.rounds),
        "channel": asdict(weights.channel),
        "min_confidence": weights.min_confidence,
        "training": training,
    }
    return write_container(path, FORMAT, VERSION, header, arrays)


def load_scorers(path: Path, names: Mapping[str, Sequence[str]]) -> dict[str, Scorer]:
    """Read scorers that stand by themselves, as `save_scorers` wrote them.

    Args:
        path: the file.
        names: of the features of each, by its name.

    Raises:
        ModelError: the file is missing, damaged, or was fitted for other features.
    """
    header, arrays = read_container(path, SCORER_FORMAT, VERSION, ModelError)
    return _unpacked(path, header, arrays, names)


def load_ensemble(path: Path, names: Sequence[str]) -> Ensemble:
    """Read an ensemble, as `save_ensemble` wrote it.

    Args:
        path: the file.
        names: of the features that each of its scorers takes.

    Raises:
        ModelError: the file is missing, damaged, or was fitted for other features.
    """
    header, arrays = read_container(path, SCORER_FORMAT, VERSION, ModelError)
    members = dict.fromkeys(header.get("features") or ["0"], names)
    return Ensemble(tuple(_unpacked(path, header, arrays, members).values()))


def _unpacked(
    path: Path,
    header: Mapping[str, Any],
    arrays: Mapping[str, Any],
    names: Mapping[str, Sequence[str]],
) -> dict[str, Scorer]:
    check_features(path, header, {name: list(own) for name, own in names.items()})
    try:
        return {name: unpack_scorer(arrays, f"{name}.") for name in names}
    except (KeyError, TypeError, ValueError) as error:
        message = f"{path} lacks a part of its weights ({error}): export the model again"
        raise ModelError(message) from error


def save_ensemble(ensemble: Ensemble, path: Path, names: Sequence[str]) -> str:
    """Write an ensemble, with the names of its features; return the content's SHA-256."""
    members = {str(number): member for number, member in enumerate(ensemble.members)}
    return save_scorers(members, path, dict.fromkeys(members, names))


def save_scorers(
    scorers: Mapping[str, Scorer], path: Path, names: Mapping[str, Sequence[str]]
) -> str:
    """Write scorers by name, with the names of their features; return the content's SHA-256."""
    header = {"features": {name: list(own) for name, own in names.items()}}
    arrays: dict[str, NDArray[np.float32]] = {}
    for name, scorer in scorers.items():
        arrays |= pack_scorer(scorer, f"{name}.")
    return write_container(path, SCORER_FORMAT, VERSION, header, arrays)
