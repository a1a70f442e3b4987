"""A misspelt word by itself: no context tells what was meant, so the speller alone decides.

Any text of more than one word is the network's. Here a word counts as misspelt if neither the
language model nor the dictionary knows it, and as what it is likeliest to have been if no other
reading, that of a rare word rightly spelt among them, comes near.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from restore._document import PROTECTED, WORD
from restore._edits import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from restore._document import Document
    from restore.lattice._lexicon import Lexicon
    from restore.seq2seq._spelling import Speller

SOURCE = "full:spelling"
RIGHT = -20.5  # weight of the word as it is, on the scale of the speller's candidates
ALTERNATIVES = 3


def is_alone(document: Document) -> bool:
    """Is the whole text one free word in small letters?"""
    if len(document.tokens) != 1:
        return False
    kind = document.kinds[0]
    return bool(kind & WORD) and not kind & PROTECTED and document.tokens[0].islower()


def correct(document: Document, speller: Speller, lexicon: Lexicon) -> Iterator[Edit]:
    """Yield the correction of a text's only word, if it is misspelt."""
    word = document.tokens[0]
    if not speller.is_strange(word) or word in lexicon.table.forms:
        return
    found = speller.candidates(word)
    if not found:
        return
    weights = np.array([RIGHT, *(weight for _, weight in found)])
    shares = np.exp(weights - np.logaddexp.reduce(weights)).round(4).tolist()
    readings = [(text, share) for (text, _), share in zip(found, shares[1:], strict=True)]
    start = document.starts[0]
    yield Edit(
        start, start + len(word), word, readings[0][0], SOURCE, readings[0][1],
        tuple(readings[1 : ALTERNATIVES + 1]),
    )  # fmt: skip
