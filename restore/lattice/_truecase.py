"""How news would write the words of a text, had they all lost their capitals (Lita et al. 2003)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore._document import WORD
from restore.lattice._case_table import OVER_THESE, RATE, hashed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from restore._document import Document
    from restore.lattice._case_table import CaseTable


class Odds(NamedTuple):
    """Log odds of a capital of each token of a text, were it amid a sentence; 0 for no word.

    Attributes:
        alone: by what the word is, (tokens,).
        beside: by what stands beside it as well, (tokens,).
    """

    alone: NDArray[np.float32]
    beside: NDArray[np.float32]


def capital_odds(document: Document, table: CaseTable) -> Odds:
    """Return how likely each word of a text has a capital, whether it is written with one or not.

    What a word and those beside it tell is added up, as if each told something else (naive Bayes).
    """
    words = [token.lower() for token in document.tokens]
    count = len(words)
    if not count:
        return Odds(np.zeros(0, np.float32), np.zeros(0, np.float32))
    codes, at = hashed(words), np.arange(count)
    near = np.array([False, *(document.gap(n) == " " for n in range(count - 1))])
    these = np.array([word in OVER_THESE for word in [words[0], *words[:-1]]])
    alone = table.logs(RATE, codes)
    before, behind, over = table.beside(codes, near, at, these)
    odds = alone + before + behind + over
    is_word = ((np.array(document.kinds) & WORD) > 0).astype(np.float32)
    return Odds(alone * is_word, odds * is_word)
