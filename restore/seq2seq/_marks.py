"""Punctuation marks that were doubled, or pushed away from their word (`late ,, he said .`).

Some people write so, and some tools do: it is mended where a text is damaged otherwise. So the
edits have little confidence, which only misspelt texts accept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from restore._edits import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from restore._document import Document

SOURCE = "full:spelling"
CONFIDENCE = 0.35
# After a letter and one space, before white space: marks that belong to the word before.
PUSHED = re.compile(r"(?<=[^\W\d_]) ([,.;:?!])(?=\s|$)")
# A comma or full stop twice, not three times: that is an ellipsis.
DOUBLED = re.compile(r"(?<=\w)(?:,,|\.\.)(?=[\s\"”)]|$)")
# A quotation mark that a space keeps from its word.
OPENING = re.compile(r'(?:^|(?<=\s))" (?=\w)')
USUAL = 0.2  # share of marks after a space from which on it is how the text is set


def mend_marks(document: Document, start: int, end: int) -> Iterator[Edit]:
    """Yield edits, in order, that draw marks back to their words and write doubled ones once.

    Args:
        document: the text.
        start: offset where to begin.
        end: offset where to end.
    """
    text = document.text
    found = list(PUSHED.finditer(text, start, end))
    marks = sum(text.count(mark, start, end) for mark in ",.;:?!")
    if len(found) > USUAL * marks:
        found = []
    found += DOUBLED.finditer(text, start, end)
    found += [quote for quote in OPENING.finditer(text, start, end) if _opens(text, quote.start())]
    for match in sorted(found, key=lambda match: match.start()):
        before = match.group()
        yield Edit(match.start(), match.end(), before, before.strip()[-1], SOURCE, CONFIDENCE)


def _opens(text: str, at: int) -> bool:
    """Tell whether the quotation mark at an offset is the first of two in its line."""
    return text.count('"', text.rfind("\n", 0, at) + 1, at) % 2 == 0
