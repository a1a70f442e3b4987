"""The scorer: a small network that gives each reading of each position a score; softmax over them.

Three layers, ``s = w3 . relu(W2 relu(W1 x + R[relation] + b1) + b2)``, fitted by `training.fast`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from restore._errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray


_PARTS = ("mean", "scale", "w1", "relation", "w2", "b2", "w3")
ALONE = 250_000  # multiplications that OpenBLAS does not divide among threads
FEWEST_ROWS = 8  # at a time: large matrices are divided by columns instead


@dataclass(frozen=True, slots=True)
class Scorer:
    """Weights of one round.

    Attributes:
        mean: feature means, shape (F,).
        scale: reciprocal feature deviations, shape (F,).
        w1: shape (F, H1).
        relation: bias of each relation code, shape (R, H1).
        w2: shape (H1, H2).
        b2: shape (H2,).
        w3: shape (H2,).
    """

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    w1: NDArray[np.float32]
    relation: NDArray[np.float32]
    w2: NDArray[np.float32]
    b2: NDArray[np.float32]
    w3: NDArray[np.float32]

    def scores(
        self, features: NDArray[np.float32], relation: NDArray[np.int32]
    ) -> NDArray[np.float32]:
        """Return the score of each row.

        Args:
            features: shape (M, F).
            relation: relation code of each row, shape (M,).

        Returns:
            Unnormalised log scores, shape (M,).
        """
        # The features are many: their weights are standardised in their place.
        weights = self.scale[:, None] * self.w1
        hidden = product(features, weights)
        hidden += (self.relation - self.mean @ weights)[relation]
        np.maximum(hidden, 0, out=hidden)
        hidden = product(hidden, self.w2)
        hidden += self.b2
        np.maximum(hidden, 0, out=hidden)
        return (hidden @ self.w3).astype(np.float32, copy=False)


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Scorers whose scores are added up: they err in different places (Hansen and Salamon 1990).

    Attributes:
        members: one at least.
    """

    members: tuple[Scorer, ...]

    def scores(
        self, features: NDArray[np.float32], relation: NDArray[np.int32]
    ) -> NDArray[np.float32]:
        """Return the score of each row, as `Scorer.scores` does."""
        total = self.members[0].scores(features, relation)
        for member in self.members[1:]:
            total += member.scores(features, relation)
        return total


def product(rows: NDArray[np.float32], matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return ``rows @ matrix``, computed on one thread however many BLAS would take.

    OpenBLAS divides what is larger than `ALONE` among threads: that changes the last bits, and
    takes many times as long where the cores are busy.

    Args:
        rows: shape (M, K).
        matrix: shape (K, N).

    Returns:
        Shape (M, N).
    """
    step = max(FEWEST_ROWS, ALONE // matrix.size)
    width = max(1, ALONE // (step * len(matrix)))
    out = np.empty((len(rows), matrix.shape[1]), np.float32)
    for left in range(0, matrix.shape[1], width):
        part = matrix[:, left : left + width]
        for at in range(0, len(rows), step):
            np.matmul(rows[at : at + step], part, out=out[at : at + step, left : left + width])
    return out


def log_softmax_groups(
    scores: NDArray[np.float32], starts: NDArray[np.int32]
) -> NDArray[np.float32]:
    """Normalise scores within groups of consecutive rows.

    Args:
        scores: shape (M,).
        starts: first row of each group, shape (E + 1,), the last being M; no group is empty.

    Returns:
        Log probabilities, shape (M,); they sum to one in each group.
    """
    lengths = np.diff(starts)
    top = np.repeat(np.maximum.reduceat(scores, starts[:-1]), lengths)
    shifted = scores - top
    total = np.add.reduceat(np.exp(shifted), starts[:-1])
    normalised: NDArray[np.float32] = shifted - np.repeat(np.log(total), lengths)
    return normalised


def opposed(about: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return two rows a place for a scorer that tells two things apart, and their codes, 0 and 1.

    What is known of a place speaks for the second or against it: the first one's row is empty.

    Args:
        about: shape (N, F).

    Returns:
        Shapes (2 N, F) and (2 N,), the rows of a place beside each other.
    """
    both = np.stack([np.zeros_like(about), about], 1)
    codes = np.tile(np.array([0, 1], np.int32), len(about))
    return both.reshape(-1, about.shape[1]), codes


def unpack_scorer(arrays: Mapping[str, Any], prefix: str) -> Scorer:
    """Return the scorer that `pack_scorer` put among a file's arrays."""
    return Scorer(**{part: np.asarray(arrays[prefix + part]) for part in _PARTS})


def pack_scorer(scorer: Scorer, prefix: str) -> dict[str, NDArray[np.float32]]:
    """Return a scorer as arrays of a file, their names after `prefix`."""
    return {prefix + part: getattr(scorer, part) for part in _PARTS}


def check_features(path: Path, header: Mapping[str, Any], names: object) -> None:
    """Compare the features that a file's scorers were fitted for with those of this version.

    Raises:
        ModelError: they are others.
    """
    if header.get("features") != names:
        message = f"{path} was fitted for other features than this version has: fit it again"
        raise ModelError(message)
