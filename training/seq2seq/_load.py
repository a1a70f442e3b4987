"""Reads a network back from either form: as training wrote it, or as it is shipped."""

from __future__ import annotations

import json
from inspect import signature
from typing import TYPE_CHECKING

import torch

from restore.lattice._columns import NAMES
from training.seq2seq._network import RestorerConfig, RestorerModel

if TYPE_CHECKING:
    from pathlib import Path


def load_model(folder: Path) -> RestorerModel:
    """Return the network in `folder`; 8-bit weights are turned into 32 bits.

    Features that are newer than the network weigh nothing in it, until it is trained on.

    Raises:
        OSError: a file is missing.
    """
    from safetensors.torch import load_file

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    # The sizes alone: what shipping added is not true of what is trained from here.
    sizes = {name: config[name] for name in signature(RestorerConfig).parameters if name in config}
    model = RestorerModel(RestorerConfig(**sizes | {"features": len(NAMES)}))
    stored = load_file(folder / "model.safetensors")
    state = _whole_state(stored, model) if config.get("bits") == 8 else stored
    _widen(state, len(NAMES) - config["features"])
    model.load_state_dict(state)
    return model.eval()


def _whole_state(stored: dict[str, torch.Tensor], model: RestorerModel) -> dict[str, torch.Tensor]:
    layers = {n for n, module in model.named_modules() if isinstance(module, torch.nn.Linear)}
    return {
        name: _whole(stored, name, transposed=name.removesuffix(".weight") in layers)
        for name in stored
        if not name.endswith("_scale")
    }


def _widen(state: dict[str, torch.Tensor], new: int) -> None:
    """Make room for `new` features, without effect."""
    pad = torch.nn.functional.pad
    if new > 0:
        state["mean"] = pad(state["mean"], (0, new))
        state["scale"] = pad(state["scale"], (0, new), value=1)
        for head in ("judge", "scorer"):
            name = f"{head}.features.weight"
            state[name] = pad(state[name], (0, new))


def unused_features(model: RestorerModel) -> torch.Tensor:
    """Return which features weigh nothing, (F,): those that the network has not been trained on."""
    found: torch.Tensor = (model.judge.features.weight == 0).all(0)
    return found


def _whole(stored: dict[str, torch.Tensor], name: str, *, transposed: bool) -> torch.Tensor:
    value = stored[name].float()
    scale = stored.get(f"{name}_scale")
    if scale is not None:
        value = value * (scale if transposed else scale[:, None])
    return value.T.contiguous() if transposed and name.endswith(".weight") else value
