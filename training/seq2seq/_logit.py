"""Fits conditional logits: of several alternatives one is right, and features speak for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.floating]

PENALTY = 1e-4  # of squared weights


def fit_logit(
    features: Sequence[Floats], right: Sequence[int], weights: Sequence[float] | None = None
) -> list[float]:
    """Return the weights of features that make what is right likeliest (McFadden 1974).

    Args:
        features: of the alternatives of each example, (alternatives, F), all of one shape.
        right: number of the right alternative of each.
        weights: how much each example counts; None: all the same.
    """
    import torch
    from torch.nn import functional as F  # noqa: N812 - torch's own custom

    about = torch.from_numpy(np.stack(features)).double()
    gold, size = torch.tensor(right), torch.tensor(weights or [1.0] * len(right)).double()
    out = torch.zeros(about.shape[-1], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([out], max_iter=300, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        losses = F.cross_entropy(about @ out, gold, reduction="none")
        loss = (losses * size).sum() / size.sum() + PENALTY * (out**2).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(closure)
    return [round(value, 3) for value in out.tolist()]


def log_loss(
    features: Sequence[Floats],
    right: Sequence[int],
    weights: Sequence[float],
    sizes: Sequence[float] | None = None,
) -> float:
    """Return the mean negative log likelihood of what is right, by `sizes`."""
    scores = [about @ np.array(weights) for about in features]
    losses = [np.logaddexp.reduce(row) - row[at] for row, at in zip(scores, right, strict=True)]
    return float(np.average(losses, weights=sizes))
