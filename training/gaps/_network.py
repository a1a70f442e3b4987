"""The network for gaps in torch; `restore.lattice._gaps` computes the same by numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - torch's own custom

from restore.lattice._gaps import DAMP, FAR, NEAR, Layers

if TYPE_CHECKING:
    from training.gaps._stretches import Gaps

SPREAD = 0.3  # standard deviation of the vectors to begin with


class GapNetwork(nn.Module):
    """A feed-forward network over the words around a place (Bengio et al. 2003, section 2).

    Args:
        known: words that have vectors, the most frequent ones.
        words: function words that it tells apart.
        sizes: of a near vector, a far one, and the two hidden layers.
    """

    def __init__(self, known: int, words: int, sizes: tuple[int, int, int, int]) -> None:
        super().__init__()
        near, far, first, second = sizes
        self.known = known
        self.near, self.far = nn.Embedding(known, near), nn.Embedding(known, far)
        self.first = nn.Linear(2 * NEAR * near + far, first)
        self.second = nn.Linear(first, second)
        self.last = nn.Linear(second, words + 1)
        for vectors in (self.near, self.far):
            nn.init.normal_(vectors.weight, std=SPREAD)

    def forward(self, gaps: Gaps) -> torch.Tensor:
        """Return the score of each function word, and last of anything else, (n, W + 1)."""
        ids, row, column = (torch.from_numpy(part) for part in gaps[:3])
        ids = torch.where(ids < self.known, ids, 0)
        steps = torch.tensor([*range(-NEAR, 0), *range(1, NEAR + 1)])
        near = self.near(ids[row[:, None], column[:, None] + steps]).flatten(1)
        hidden = torch.cat([near, self._sum(ids, row, column) / DAMP], 1)
        for layer in (self.first, self.second):
            hidden = F.gelu(layer(hidden), approximate="tanh")
        scores: torch.Tensor = self.last(hidden)
        return scores

    def _sum(self, ids: torch.Tensor, row: torch.Tensor, column: torch.Tensor) -> torch.Tensor:
        """Return the sum of the far vectors on either side, without the place itself, (n, S)."""
        sums = F.pad(torch.cumsum(self.far(ids), 1), (0, 0, 1, 0))
        after = sums[row, column + FAR] - sums[row, column + 1]
        return after + sums[row, column] - sums[row, column - FAR]

    def layers(self) -> Layers:
        """Return the weights as the restorer keeps them."""
        parts = [self.near.weight, self.far.weight]
        for layer in (self.first, self.second, self.last):
            parts += [layer.weight.T, layer.bias]
        return Layers(*(part.detach().numpy().copy() for part in parts))
