"""The fitted weights of fast mode: channel, scorer rounds, default threshold."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from restore.lattice._features import NAMES
from restore.lattice._forward import Channel
from restore.lattice._scorer import Scorer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Weights:
    """All that `training.fast` fits.

    Attributes:
        channel: weights of the first, forward-backward round.
        rounds: the scorer of each later round.
        min_confidence: default threshold.
    """

    channel: Channel
    rounds: tuple[Scorer, ...]
    min_confidence: float
