"""One key a document: what is said of words at all places of a form is joined."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from restore.seq2seq._evidence import AGREE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

FLOOR = -7.0  # log share of a word at a place where it is not among those compared


def log_shares(scores: Floats) -> Floats:
    """Normalise scores along the last axis."""
    shares: Floats = scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True)
    return shares


def pooled(forms: Sequence[str], pieces: NDArray[np.int64], shares: Floats, size: int) -> Floats:
    """Join what is said of words at all places of a form: a product of experts (Hinton 2002).

    Args:
        forms: of the places, (n,).
        pieces: the words compared there, (n, W).
        shares: their log shares.
        size: of the vocabulary.

    Returns:
        The log shares (n, W); those of n places count as n to the power of `AGREE`.
    """
    by_form: dict[str, list[int]] = defaultdict(list)
    for number, form in enumerate(forms):
        by_form[form].append(number)
    out = shares.copy()
    for numbers in by_form.values():
        if len(numbers) == 1:
            continue
        total = np.full(size, FLOOR * len(numbers), np.float32)
        for n in numbers:
            total[pieces[n]] += np.maximum(shares[n] - FLOOR, 0)
        for n in numbers:
            own = total[pieces[n]] + np.minimum(shares[n] - FLOOR, 0)
            out[n] = own * np.float32(len(numbers) ** (AGREE - 1))
    return log_shares(out)
