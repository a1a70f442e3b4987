"""The scorer as a torch module: the same network as `restore.lattice.Scorer`, with gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from restore.lattice._scorer import Scorer

if TYPE_CHECKING:
    from numpy.typing import NDArray

RELATIONS = 64  # room for relation codes to come


class ScorerNet(nn.Module):
    """See `Scorer` for the formula; inputs are standardised features.

    Args:
        n_features: of a row.
        hidden: units of the two hidden layers.
    """

    def __init__(self, n_features: int, hidden: tuple[int, int]) -> None:
        super().__init__()
        self.w1 = nn.Linear(n_features, hidden[0], bias=False)
        self.relation = nn.Embedding(RELATIONS, hidden[0])
        self.w2 = nn.Linear(*hidden)
        self.w3 = nn.Linear(hidden[1], 1, bias=False)
        nn.init.normal_(self.relation.weight, std=0.1)

    def forward(self, x: Tensor, relation: Tensor) -> Tensor:
        """Score rows: (M, F) and (M,) -> (M,)."""
        hidden = torch.relu(self.w1(x) + self.relation(relation))
        return self.w3(torch.relu(self.w2(hidden)))[:, 0]  # type: ignore[no-any-return]

    def export(self, mean: NDArray[np.float32], scale: NDArray[np.float32]) -> Scorer:
        """Return the weights for numpy."""
        return Scorer(
            mean=mean.astype(np.float32),
            scale=scale.astype(np.float32),
            w1=_array(self.w1.weight.T),
            relation=_array(self.relation.weight),
            w2=_array(self.w2.weight.T),
            b2=_array(self.w2.bias),
            w3=_array(self.w3.weight[0]),
        )


def _array(tensor: Tensor) -> NDArray[np.float32]:
    return np.ascontiguousarray(tensor.detach().numpy()).astype(np.float32)


def group_loss(scores: Tensor, gold: Tensor, lengths: Tensor) -> Tensor:
    """Mean over groups of -log P(any gold row): softmax within groups of consecutive rows.

    Args:
        scores: shape (M,).
        gold: whether a row is right, shape (M,); at least one a group.
        lengths: rows of each group, shape (E,), summing to M.
    """
    group = torch.repeat_interleave(torch.arange(len(lengths)), lengths)
    total = _logsumexp(scores, group, len(lengths))
    right = _logsumexp(scores.masked_fill(~gold, -1e9), group, len(lengths))
    return (total - right).mean()


def _logsumexp(scores: Tensor, group: Tensor, count: int) -> Tensor:
    top = torch.full((count,), -1e30).scatter_reduce(0, group, scores.detach(), "amax")
    total = torch.zeros(count).index_add(0, group, torch.exp(scores - top[group]))
    return torch.log(total) + top
