"""A misspelt word by itself: no context tells what was meant, so the speller alone decides.

Any text of more than one word is the network's. Here it is several, run together, where that is
clear (``wasnever``). Else a word counts as misspelt if neither the
language model nor the dictionary knows it, and as what it is likeliest to have been if no other
reading, that of a rare word rightly spelt among them, comes near.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from restore._document import PROTECTED, WORD
from restore._edits import Edit
from restore.seq2seq._spaces import CLEARLY, mend_spaces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from restore._document import Document
    from restore.lattice._lexicon import Lexicon
    from restore.seq2seq._divide import Divider

SOURCE = "full:spelling"
RIGHT = -20.5  # weight of the word as it is, on the scale of the speller's candidates
ALTERNATIVES = 3


def is_alone(document: Document) -> bool:
    """Is the whole text one free word in small letters?"""
    if len(document.tokens) != 1:
        return False
    kind = document.kinds[0]
    return bool(kind & WORD) and not kind & PROTECTED and document.tokens[0].islower()


def correct(document: Document, divider: Divider, lexicon: Lexicon) -> Iterator[Edit]:
    """Yield the correction of a text's only word, if it is misspelt."""
    speller, listed = divider.speller, lexicon.table.forms
    edits = mend_spaces(document, document.sentences, divider, listed)
    divided = next((edit for edit in edits if edit.confidence >= CLEARLY), None)
    word = document.tokens[0]
    found = speller.candidates(word) if speller.is_strange(word) and word not in listed else ()
    if divided is not None and (min(map(len, divided.after.split())) > 1 or not found):
        yield divided
    elif found:
        yield _corrected(document, found)


def _corrected(document: Document, found: Sequence[tuple[str, float]]) -> Edit:
    """Return the edit that puts the likeliest candidate in place of a text's only word."""
    weights = np.array([RIGHT, *(weight for _, weight in found)])
    shares = np.exp(weights - np.logaddexp.reduce(weights)).round(4).tolist()
    readings = [(text, share) for (text, _), share in zip(found, shares[1:], strict=True)]
    start, word = document.starts[0], document.tokens[0]
    return Edit(
        start, start + len(word), word, readings[0][0], SOURCE, readings[0][1],
        tuple(readings[1 : ALTERNATIVES + 1]),
    )  # fmt: skip
