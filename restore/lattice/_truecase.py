"""How news would write the words of a text, had they all lost their capitals (Lita et al. 2003)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from restore._document import WORD
from restore.lattice._case_features import FEATURES
from restore.lattice._case_table import LEFT, OVER, OVER_THESE, RATE, RIGHT, hashed, load_casing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from restore._document import Document
    from restore.lattice._case_table import CaseTable


@cache
def shipped_table() -> CaseTable:
    """Return how news writes words.

    Raises:
        ModelError: the file is missing or damaged.
    """
    return load_casing(FEATURES)[0]


def capital_odds(document: Document, table: CaseTable) -> NDArray[np.float32]:
    """Return the log odds of a capital of each word, were it amid a sentence: shape (tokens,).

    What a word and those beside it tell is added up, as if each told something else (naive Bayes).
    Marks, numbers and unknown words have 0.
    """
    words = [token.lower() for token in document.tokens]
    count = len(words)
    if not count:
        return np.zeros(0, np.float32)
    codes, at = hashed(words), np.arange(count)
    near = np.array([False, *(document.gap(n) == " " for n in range(count - 1))])
    left, right = np.maximum(at - 1, 0), np.minimum(at + 1, count - 1)
    these = near & near[left] & np.array([words[n] in OVER_THESE for n in left.tolist()])
    odds = table.logs(RATE, codes) + table.logs(LEFT, codes, codes[left]) * near
    odds += table.logs(RIGHT, codes, codes[right]) * (near[right] & (right > at))
    odds += table.logs(OVER, codes, codes[np.maximum(at - 2, 0)]) * these
    is_word = (np.array(document.kinds) & WORD) > 0
    return np.where(is_word, odds, np.float32(0))
