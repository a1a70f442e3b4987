"""The prior: a conditional logit over the candidate originals of one garbled form.

P(original | form) is the softmax of a linear score over the form's candidates (McFadden 1974,
"Conditional logit analysis of qualitative choice behavior"), fitted by maximum likelihood with a
ridge on pairs whose original is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(slots=True)
class Choices:
    """Choice problems: the candidates of one form each, one of them right.

    Attributes:
        features: float64[rows, k], candidates of all problems, one after another.
        starts: int64[problems], first row of each.
        right: int64[problems], row of the true original.
        weight: float64[problems].
    """

    features: NDArray[np.float64]
    starts: NDArray[np.int64]
    right: NDArray[np.int64]
    weight: NDArray[np.float64]


@dataclass(slots=True)
class Prior:
    """Fitted weights on standardised features."""

    weights: NDArray[np.float64]
    mean: NDArray[np.float64]
    scale: NDArray[np.float64]

    def score(self, features: NDArray[Any]) -> NDArray[np.float32]:
        """Return the linear score of each row; only differences within a form mean anything."""
        return (
            (features @ (self.weights / self.scale)) - self.mean @ (self.weights / self.scale)
        ).astype(np.float32)


def fit_prior(choices: Choices, ridge: float = 1.0) -> Prior:
    """Fit by L-BFGS.

    Args:
        choices: development pairs with their rivals.
        ridge: strength of the L2 penalty on standardised weights.
    """
    from scipy.optimize import minimize

    mean, scale = choices.features.mean(0), choices.features.std(0)
    scale[scale < 1e-6] = 1.0
    x = ((choices.features - mean) / scale).astype(np.float32)
    counts = np.diff(np.append(choices.starts, len(x)))
    owner = np.repeat(np.arange(len(counts)), counts)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        score = (x @ weights.astype(np.float32)).astype(np.float64)
        score -= np.repeat(np.maximum.reduceat(score, choices.starts), counts)
        odds = np.exp(score)
        total = np.add.reduceat(odds, choices.starts)
        share = odds / np.repeat(total, counts)
        likelihood = choices.weight @ (score[choices.right] - np.log(total))
        gradient = (
            choices.weight @ x[choices.right]
            - (share * choices.weight[owner]).astype(np.float32) @ x
        )
        return ridge * float(weights @ weights) - likelihood, 2 * ridge * weights - gradient

    found = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B",
                     options={"maxiter": 200})  # fmt: skip
    return Prior(found.x, mean, scale)


def ranks(scores: NDArray[Any], starts: NDArray[Any], right: NDArray[Any]) -> NDArray[np.int64]:
    """Rank of the right row within its problem, from 0; ties count against it."""
    counts = np.diff(np.append(starts, len(scores)))
    better = scores >= np.repeat(scores[right], counts)
    return np.add.reduceat(better.astype(np.int64), starts) - 1


def curve(ranked: Sequence[float], weights: Sequence[float], at: Sequence[int]) -> list[float]:
    """Weighted share of problems whose right answer is among the first *n*, for each *n*."""
    rank, weight = np.asarray(ranked), np.asarray(weights)
    return [float(weight[rank < n].sum() / weight.sum()) for n in at]
