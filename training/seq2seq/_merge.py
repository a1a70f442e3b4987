"""Joins the weights of runs that went on from one another: their mean is better than each.

Falling rates end somewhere in a basin; the mean of several such places lies deeper in it (model
soups; Wortsman et al. 2022, section 2).
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from corpora._files import file_sha256
from restore import InputError
from training.seq2seq._load import load_model
from training.seq2seq._onnx import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    State = dict[str, Any]  # tensors by name

TABLE = """
## Mean

The weights are the mean of those of these runs (Wortsman et al. 2022); what stands above is of the
first.

| share | SHA-256 |
|---:|---|
"""


def merge(runs: Sequence[Path], shares: Sequence[float], out: Path) -> None:
    """Write the mean of the weights of runs, with all else that the first one has.

    Args:
        runs: their folders, as training left them.
        shares: how much each weighs, above 0; without any, all weigh the same.
        out: folder to write; `restore train export` takes it as it takes a run.

    Raises:
        InputError: the shares are not as many as the runs or not above 0, the networks are of
            different kinds, or `out` is there already.
        OSError: a run has no weights.
    """
    weights = list(shares) or [1.0] * len(runs)
    if len(weights) != len(runs) or min(weights) <= 0:
        message = f"{len(runs)} runs need as many shares above 0, not {weights}"
        raise InputError(message)
    if out.exists():
        message = f"{out} exists already: give another folder"
        raise InputError(message)
    parts = [share / sum(weights) for share in weights]
    models = [load_model(run / "model") for run in runs]
    states = [model.state_dict() for model in models]
    if any(_sizes(state) != _sizes(states[0]) for state in states):
        message = f"{', '.join(map(str, runs))}: networks of different sizes have no mean"
        raise InputError(message)
    models[0].load_state_dict(_mean(states, parts))
    shutil.copytree(runs[0] / "model", out / "model")
    models[0].save_pretrained(out / "model")
    _note(out / "model" / "README.md", runs, parts)


def _sizes(state: State) -> dict[str, Any]:
    return {name: part.shape for name, part in state.items()}


def _mean(states: Sequence[State], parts: Sequence[float]) -> State:
    return {
        name: sum(share * state[name] for share, state in zip(parts, states, strict=True))
        if first.is_floating_point()
        else first
        for name, first in states[0].items()
    }


def _note(card: Path, runs: Sequence[Path], parts: Sequence[float]) -> None:
    """Say on the model's card whose mean it is."""
    lines = [
        f"| {share:.3g} | {file_sha256(run / 'model' / WEIGHTS)} |\n"
        for share, run in zip(parts, runs, strict=True)
    ]
    before = card.read_text(encoding="utf-8") if card.exists() else ""
    card.write_text(before + TABLE + "".join(lines), encoding="utf-8")
