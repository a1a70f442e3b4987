"""Joins the closing rounds of two models: two fits err in different places, their mean in fewer.

The mean of two ensembles is one of the scorers of both (Hansen and Salamon 1990).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from restore import ModelError
from restore.lattice._scorer import Ensemble
from restore.seq2seq._network import CLOSING, closing_of, read_settings
from training.seq2seq._export import Fitted
from training.seq2seq._finish import join

if TYPE_CHECKING:
    from pathlib import Path


def average(folder: Path, other: Path) -> None:
    """Let a model's closing round be the mean of its own and of another's.

    Args:
        folder: the model; changed in place, and to be calibrated then.
        other: folder of the other model, which may have other weights.

    Raises:
        ModelError: one of them is no whole model, has no closing round, or one for other features.
    """
    own, others = map(_closing_of, (folder, other))
    join(folder, read_settings(folder), Fitted(mean_of(others, own)))


def _closing_of(folder: Path) -> Ensemble:
    closing = closing_of(folder, read_settings(folder))
    if closing is None:
        message = f"{folder} has no closing round ({CLOSING}): `restore train closing` fits one"
        raise ModelError(message)
    return closing


def mean_of(*ensembles: Ensemble) -> Ensemble:
    """Return an ensemble whose scores are the means of those of others."""
    share = np.float32(1 / len(ensembles))
    every = (member for ensemble in ensembles for member in ensemble.members)
    return Ensemble(tuple(replace(member, w3=member.w3 * share) for member in every))
