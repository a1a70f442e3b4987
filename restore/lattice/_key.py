"""The document's key: which forms stand oddly often, and which common words are strangely absent.

A spinner replaces a word the same way throughout a document. So a document in which ``the`` never
stands, while some rare word stands at one word in twenty, shows its own key.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from restore.lattice._lexicon import Lexicon
    from restore.lattice._units import Units

MISSING_SHARE = 0.35  # a closed-class word is missing below this share of its expected count
MISSING_EXPECTED = 1.5  # ... where at least so many were to be expected
MAX_MISSING = 12
ODD_RATIO = 6.0  # a form is odd when it stands so many times oftener than in clean news
ODD_COUNT = 2
MAX_ODD = 8


def offered_words(
    units: Units, counts: NDArray[np.float32], size: int, lexicon: Lexicon, key: Mapping[str, str]
) -> dict[str, NDArray[np.int32]]:
    """Return the function words that a form may stand for, as indexes into `lexicon.originals`.

    Args:
        units: the text.
        counts: occurrences of each language-model id among lower-case words, shape (vocabulary,).
        size: words in the text.
        lexicon: gives the closed class and its usual rates.
        key: what is already believed of forms; such a word is offered to no other form.
    """
    believed = {form: lexicon.function_text[word] for form, word in key.items()}
    missing = lexicon.closed_text[missing_words(counts, size, lexicon)]
    missing = missing[~np.isin(missing, list(believed.values()))]
    odd = odd_types(units, size, lexicon) if len(missing) else set()
    offered = dict.fromkeys(odd, missing)
    return offered | {form: np.array([text], np.int32) for form, text in believed.items()}


def missing_words(counts: NDArray[np.float32], size: int, lexicon: Lexicon) -> NDArray[np.int32]:
    """Return indexes into the closed class of the words that the document strangely lacks.

    Args:
        counts: occurrences of each language-model id among lower-case words, shape (vocabulary,).
        size: words in the document.
        lexicon: gives the closed class and its usual rates.

    Returns:
        At most `MAX_MISSING` indexes, the most missed first.
    """
    expected = lexicon.closed_rate * np.float32(size)
    deficit = expected - counts[lexicon.closed_id]
    lacking = (expected >= MISSING_EXPECTED) & (deficit >= (1 - MISSING_SHARE) * expected)
    order = np.argsort(-deficit, kind="stable")
    return order[lacking[order]][:MAX_MISSING].astype(np.int32)


def odd_types(units: Units, size: int, lexicon: Lexicon) -> set[str]:
    """Return the lower-case forms that stand far oftener than in clean news, at most `MAX_ODD`.

    Args:
        units: the text.
        size: words in it.
        lexicon: gives the usual rates.
    """
    names = [units.names[i] for i in np.flatnonzero(units.plain).tolist()]
    frequent = [(name, n) for name, n in Counter(names).items() if n >= ODD_COUNT and len(name) > 1]
    if not frequent:
        return set()
    ids = lexicon.model.ids([name for name, _ in frequent])
    usual = (np.exp(lexicon.log_frequency[ids]) * size).tolist()
    excess = {
        name: n - rate
        for (name, n), rate in zip(frequent, usual, strict=True)
        if n >= ODD_RATIO * rate
    }
    return set(sorted(excess, key=lambda name: (-excess[name], name))[:MAX_ODD])
