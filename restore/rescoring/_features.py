"""What is known of the readings of an unsure place once a language model has heard them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from restore.rescoring._model import Score
    from restore.rescoring._occurrences import Occurrences
    from restore.seq2seq._choice import Choice, Reading

NAMES = (
    "share", "share_behind", "own", "own_behind", "following_behind", "behind", "tokens",
    "elsewhere", "elsewhere_mean", "places", "readings",
)  # fmt: skip
KINDS = ("listed", "keep", "key", "spelling", "written", "deleted")  # of readings, by code


def describe(
    choice: Choice, readings: Sequence[Reading], scores: Sequence[Score], occurrences: Occurrences
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Describe the readings that were asked about.

    Args:
        choice: the place.
        readings: those of it, R in number.
        scores: what the language model says of each.
        occurrences: what it said of all places of the document so far.

    Returns:
        Features in the order of `NAMES`, shape (R, len(NAMES)), and the code of each reading's
        kind, shape (R,). *Behind* is how far a reading is from the best, 0 and below.
    """
    share = np.log([reading.share for reading in readings])
    own, following, tokens = np.array(scores, np.float32).T
    elsewhere, places = occurrences.elsewhere(choice, readings)
    columns = [
        share,
        share - share.max(),
        own,
        own - own.max(),
        following - following.max(),
        own + following - (own + following).max(),
        tokens,
        elsewhere,
        elsewhere / max(1, places),
        np.full(len(share), np.log1p(places)),
        np.full(len(share), len(share)),
    ]
    codes = [_kind(reading) for reading in readings]
    return np.stack(columns, 1, dtype=np.float32), np.array(codes, np.int32)


def _kind(reading: Reading) -> int:
    if not reading.text:
        return KINDS.index("deleted")
    return KINDS.index(reading.source) if reading.source in KINDS else 0
