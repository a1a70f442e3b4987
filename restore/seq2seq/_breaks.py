"""Words that a line's end divided: ``hos- pital``, ``shat. tered``, ``twenty- five``.

Scanned columns are full of them once their lines have been joined. In honest news a hyphen before a
space follows what is elided (``pre- and post-war``), and hardly anything else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from restore._edits import Edit
from restore._function_words import FUNCTION_WORDS
from restore.seq2seq._spaces import RARE_PART, RARE_WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from restore._document import Document
    from restore.lattice._ngram import NgramModel
    from restore.seq2seq._spelling import Speller

SOURCE = "full:spelling"
# A hyphen, or the full stop that it was read as, before a space and small letters.
BREAK = re.compile(r"(?<![\w'\u2019.-])([^\W\d_]{2,})([-.]) ([a-z]{2,})(?![\w'\u2019-])")
# The same around a piece of the neighbouring column: ``con- 'I tinue``, ``Wednes- a day``.
SPLIT = re.compile(r"(?<![\w'\u2019.-])([^\W\d_]{2,})- \S{1,4} ([a-z]{2,})(?![\w'\u2019-])")
CERTAIN = 0.995  # in 4.3 million words of honest news two places, both of them broken words
# A hyphen that may have been a dash, as 12 of 61 in 8.4 million words of honest news; a whole that
# no list knows.
DOUBTFUL = 0.6


def mend_breaks(document: Document, start: int, end: int, speller: Speller) -> Iterator[Edit]:
    """Yield edits, in order, that join what a line's end divided.

    Args:
        document: the text.
        start: offset where to begin.
        end: offset where to end.
        speller: knows words, and those near a misspelt one.
    """
    found = [
        (match, *_joined(match[1], match[2], match[3], speller))
        for match in BREAK.finditer(document.text, start, end)
    ]
    found += [
        (match, match[1] + match[2], CERTAIN)
        for match in SPLIT.finditer(document.text, start, end)
        if speller.model.log_share(match[1] + match[2]) >= RARE_WHOLE
    ]
    for match, after, confidence in sorted(found, key=lambda one: one[0].start()):
        if after:
            yield Edit(match.start(), match.end(), match.group(), after, SOURCE, confidence)


def _joined(head: str, mark: str, tail: str, speller: Speller) -> tuple[str, float]:
    """Return what two parts were, and the confidence; nothing if they are two words."""
    model, whole = speller.model, head + tail
    odd = is_odd(head, tail, model)
    if tail in FUNCTION_WORDS or (mark == "." and not odd):
        return "", 0
    if model.log_share(whole) >= RARE_WHOLE:
        return whole, CERTAIN
    if mark == ".":
        return "", 0
    if odd or not go_together(head, tail, model):
        found = speller.candidates(whole) if whole.islower() else ()
        if odd or found:
            return (found[0][0], DOUBTFUL) if found else ("", 0)
    compound = head.lower() not in FUNCTION_WORDS
    return (f"{head}-{tail}", DOUBTFUL) if compound else ("", 0)


def is_odd(head: str, tail: str, model: NgramModel) -> bool:
    """Tell whether one of two parts is no usual word."""
    return min(model.log_share(head), model.log_share(tail)) < RARE_PART


def go_together(a: str, b: str, model: NgramModel) -> bool:
    """Tell whether the language model has seen two words side by side."""
    first, second = model.ids([a, b])
    return bool(model.bigram(first, second, return_order=True)[1] == 2)
