"""The network on torch: for accelerators, and to hold the ONNX graphs against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from restore.seq2seq._network import (
    SHIPPED,
    Encoded,
    closing_of,
    policy_of,
    read_settings,
    wording_of,
)
from restore.seq2seq._pieces import Pieces
from training.seq2seq._load import load_model
from training.seq2seq._loss import IMPOSSIBLE, SOFT_ROWS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from restore._policy import Policy
    from restore.seq2seq._network import Arrays
    from training.seq2seq._network import ReadingScorer


class TorchNetwork:
    """A shipped model folder run by torch; see `restore.seq2seq._network.Network`.

    Args:
        folder: as `restore train export` writes it.
        device: torch device; None takes a GPU where there is one.

    Raises:
        ModelError: a file is missing or damaged.
    """

    def __init__(self, folder: Path = SHIPPED, device: str | None = None) -> None:
        self.settings = read_settings(folder)
        self.pieces = Pieces.read(folder / "pieces.txt")
        self.closing = closing_of(folder, self.settings)
        self.wording = wording_of(folder, self.settings)
        self.device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        self.model = load_model(folder).to(self.device).eval()

    @property
    def policy(self) -> Policy:
        """Its default thresholds."""
        return policy_of(self.settings)

    @torch.inference_mode()
    def vectors(self, table: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the mean of each text's pieces: (T, MAX_PIECES) to (T, H)."""
        return _array(self.model.text_vectors(self._tensor(table)))

    @torch.inference_mode()
    def encode(self, inputs: Arrays) -> Encoded:
        """Read windows; see `restore.seq2seq._network.Encoded`."""
        batch = {name: self._tensor(value) for name, value in inputs.items()}
        states = self.model.encode(
            batch["vectors"], batch["unit_text"], batch["case"], batch["kind"], batch["mask"],
            batch["place"], batch["row_text"][:, :SOFT_ROWS], batch["log_fast"][:, :SOFT_ROWS],
        )  # fmt: skip
        queries = self.model.judge_query(states).flatten(0, 1)[batch["place"]]
        about = states.flatten(0, 1)[batch["place"]]
        judge = self._rows(self.model.judge, about, queries, batch)
        parts = [part for memory in self.model.memories(states) for part in memory]
        return Encoded(_array(states), _array(torch.stack(parts, 1)), _array(judge))

    @torch.inference_mode()
    def decode(self, inputs: Arrays) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return queries of all steps (B, D, H) and log probabilities at the slots (S, R)."""
        batch = {name: self._tensor(value) for name, value in inputs.items()}
        steps = self.model.step_inputs(batch["own"], batch["previous"], batch["inside"])
        parts = batch["memory"].unbind(1)
        memories = list(zip(parts[::2], parts[1::2], strict=True))
        queries = self.model.decode(steps, memories, batch["allowed"], batch["mask"])
        first = queries.flatten(0, 1)[batch["slot_step"]]
        return _array(queries), _array(self._rows(self.model.scorer, first, first, batch))

    @torch.inference_mode()
    def spell(self, queries: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the log probability of each piece: (K, H) to (K, V)."""
        return _array(self.model.piece_scores(self._tensor(queries)).log_softmax(1))

    def _rows(
        self,
        scorer: ReadingScorer,
        about: torch.Tensor,
        queries: torch.Tensor,
        batch: dict[str, torch.Tensor],
    ) -> torch.Tensor:
        readings = batch["vectors"][batch["row_text"]]
        match = (readings @ queries[..., None])[..., 0]
        features = self.model.standard(batch["features"])
        scores: torch.Tensor = scorer(about, match, features, batch["relation"])
        return scores.masked_fill(~batch["row_mask"], IMPOSSIBLE).log_softmax(1)

    def _tensor(self, array: NDArray[np.generic]) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(self.device)


def _array(tensor: torch.Tensor) -> NDArray[np.float32]:
    return tensor.float().cpu().numpy()
