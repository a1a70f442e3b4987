"""Punctuation marks that were doubled, or pushed away from their word (`late ,, he said .`).

Some people write so, and some tools do: one or two are mended where a text is damaged otherwise. So
the edits have little confidence, which only misspelt texts accept. Three of a text, among many that
are where they should be, are no style: of 260,436 honest ones 164 have so many.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from restore._edits import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from restore._document import Document

SOURCE, CONFIDENCE = "full:spelling", 0.35
IF_MANY, CERTAIN = "full:marks", 0.995
MANY = 3
# After a letter and one space, before white space: marks that belong to the word before.
PUSHED = re.compile(r"(?<=[^\W\d_]) ([,.;:?!])(?=\s|$)(?! \.)")  # no spaced ellipsis
# A comma, semicolon or curly quotation mark repeated, a full stop twice: three are an ellipsis.
DOUBLED = re.compile(r"(?<=\w)(?:,,+|;;+|\.\.)(?=[\s\"”)]|$)|\u201c{2,}|\u201d{2,}")
# A quotation mark that a space keeps from its word.
OPENING = re.compile(r'(?<!\S)" (?=\w)')
QUOTE_OR_LINE = re.compile(r'["\n]')
USUAL = 0.2  # share of marks after a space from which on it is how the text is set


def are_many(text: str) -> bool:
    """Tell whether so many of a text's marks went astray that this is certain."""
    return len(_astray(text, 0, len(text))) >= MANY


def mend_marks(document: Document, start: int, end: int, *, many: bool = False) -> Iterator[Edit]:
    """Yield edits, in order, that draw marks back to their words and write doubled ones once.

    Args:
        document: the text.
        start: offset where to begin.
        end: offset where to end.
        many: what `are_many` says of the whole text, asked once.
    """
    source, confidence = (IF_MANY, CERTAIN) if many else (SOURCE, CONFIDENCE)
    for match in _astray(document.text, start, end):
        before = match.group()
        yield Edit(match.start(), match.end(), before, before.strip()[-1], source, confidence)


def _astray(text: str, start: int, end: int) -> list[re.Match[str]]:
    found = list(PUSHED.finditer(text, start, end))
    marks = sum(text.count(mark, start, end) for mark in ",.;:?!")
    if len(found) > USUAL * marks:
        found = []
    found += DOUBLED.finditer(text, start, end)
    found += _opening(text, start, end)
    return sorted(found, key=lambda match: match.start())


def _opening(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the quotation marks that a space keeps from what they open: the odd ones of a line."""
    line = text.rfind("\n", 0, start) + 1
    odd = False
    for match in QUOTE_OR_LINE.finditer(text, line, end):
        odd = match[0] == '"' and not odd
        opening = OPENING.match(text, match.start(), end) if odd else None
        if opening is not None and match.start() >= start:
            yield opening
