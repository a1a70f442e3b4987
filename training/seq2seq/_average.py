"""Joins the closing rounds of two models: two fits err in different places, their mean in fewer.

The mean of two scorers is a scorer of both their units (an ensemble; Hansen and Salamon 1990).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from restore._errors import ModelError
from restore.lattice._scorer import Scorer
from restore.seq2seq._network import CLOSING, closing_of, read_settings
from training.seq2seq._export import Fitted
from training.seq2seq._finish import write_settings

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


def average(folder: Path, other: Path) -> None:
    """Let a model's closing round be the mean of its own and of another's.

    Args:
        folder: the model; changed in place, and to be calibrated then.
        other: folder of the other model, which may have other weights.

    Raises:
        ModelError: one of them is no whole model, has no closing round, or one for other features.
    """
    own, others = map(_closing_of, (folder, other))
    settings = read_settings(folder)
    settings["sha256"] |= Fitted(mean_of(others, own)).save(folder)
    write_settings(folder / "config.json", settings)


def _closing_of(folder: Path) -> Scorer:
    closing = closing_of(folder, read_settings(folder))
    if closing is None:
        message = f"{folder} has no closing round ({CLOSING}): `restore train closing` fits one"
        raise ModelError(message)
    return closing


def mean_of(first: Scorer, second: Scorer) -> Scorer:
    """Return a scorer whose scores are the means of those of two.

    Both may standardise their features differently: that goes into their weights.
    """
    (w1, relation), (w1_second, relation_second) = map(_unscaled, (first, second))
    size = len(first.mean)
    return Scorer(
        mean=np.zeros(size, np.float32),
        scale=np.ones(size, np.float32),
        w1=np.hstack([w1, w1_second]),
        relation=np.hstack([relation, relation_second]),
        w2=_diagonal(first.w2, second.w2),
        b2=np.concatenate([first.b2, second.b2]),
        w3=np.concatenate([first.w3, second.w3]) / np.float32(2),
    )


def _unscaled(scorer: Scorer) -> tuple[Floats, Floats]:
    """Return the first layer's weights and biases for features as they are."""
    weights: Floats = scorer.scale[:, None] * scorer.w1
    return weights, scorer.relation - scorer.mean @ weights


def _diagonal(first: Floats, second: Floats) -> Floats:
    out = np.zeros((len(first) + len(second), first.shape[1] + second.shape[1]), np.float32)
    out[: len(first), : first.shape[1]] = first
    out[len(first) :, first.shape[1] :] = second
    return out
