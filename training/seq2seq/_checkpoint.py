"""What a run leaves on disk: the best weights, and all that it needs to go on."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from pathlib import Path

    from restore.seq2seq._pieces import Pieces
    from training.seq2seq._network import RestorerModel


def keep_best(model: RestorerModel, pieces: Pieces, folder: Path) -> None:
    """Write a Hugging Face model directory (config, safetensors) with the pieces, or nothing."""
    new = folder.with_name(f"{folder.name}.new")
    model.save_pretrained(new)
    (new / "pieces.txt").write_text("\n".join(pieces.pieces) + "\n", encoding="utf-8")
    if folder.exists():
        shutil.rmtree(folder)
    new.rename(folder)


def save_state(
    path: Path,
    model: RestorerModel,
    optimiser: torch.optim.Optimizer,
    progress: dict[str, Any],
    stream: dict[str, int],
) -> None:
    """Write a checkpoint under a temporary name, then rename it.

    Args:
        path: the file.
        model: its weights are kept.
        optimiser: its state is kept.
        progress: where the run is.
        stream: what the order of its data depends on; see `load_state`.
    """
    state = {
        "model": model.state_dict(),
        "optimiser": optimiser.state_dict(),
        "progress": progress,
        "stream": stream,
    }
    new = path.with_suffix(".new")
    torch.save(state, new)
    new.replace(path)


def load_state(
    path: Path, model: RestorerModel, optimiser: torch.optim.Optimizer
) -> tuple[dict[str, Any], dict[str, int]]:
    """Read a checkpoint into model and optimiser.

    Returns:
        The progress, and what the order of the data depended on: processes and seed. The latter is
        empty for checkpoints of before that was kept.
    """
    state = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    progress: dict[str, Any] = state["progress"]
    return progress, state.get("stream", {})
