"""Specks read as marks at the edge of a word: ``they 'want to``, ``the -wine``, ``had' been``.

A quotation mark that has its fellow is one, and so is the apostrophe of ``'em``. The edits have
little confidence, which only misspelt texts accept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from restore._edits import Edit
from restore.seq2seq._spaces import RARE_WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from restore._document import Document
    from restore.lattice._ngram import NgramModel

SOURCE = "full:spelling"
CONFIDENCE = 0.45
BEFORE = re.compile(r"(?<=[a-z,] )(?P<mark>['\u2018\u2019-])(?P<word>[a-z]{3,})(?![\w'\u2019-])")
BEHIND = re.compile(  # the possessive of plurals ends so
    r"(?<![\w'\u2018\u2019-])(?P<word>[a-z]{2,}[a-rt-z])(?P<mark>['\u2019])(?= [a-z])"
)
OPENS = re.compile(r"(?<!\w)['\u2018\u2019](?=\w)")
CLOSES = re.compile(r"(?<=[\w,.!?])['\u2019](?!\w)")
SHORTENED = frozenset(
    "bout cause cos cuz ere fore gainst lil neath nother round til till tis twas".split()  # noqa: SIM905
)


def mend_edges(document: Document, start: int, end: int, model: NgramModel) -> Iterator[Edit]:
    """Yield edits, in order, that take marks off usual words.

    Args:
        document: the text.
        start: offset where to begin.
        end: offset where to end.
        model: knows the usual words.
    """
    text = document.text
    found = [*BEFORE.finditer(text, start, end), *BEHIND.finditer(text, start, end)]
    for match in sorted(found, key=lambda match: match.start()):
        word = match["word"]
        usual = model.log_share(word) >= RARE_WHOLE and word not in SHORTENED
        if usual and not _has_fellow(text, match):
            yield Edit(match.start(), match.end(), match.group(), word, SOURCE, CONFIDENCE)


def _has_fellow(text: str, match: re.Match[str]) -> bool:
    """Tell whether a mark and another one of its paragraph enclose a quotation."""
    if match["mark"] == "-":
        return False
    if match.start("mark") < match.start("word"):
        stop = text.find("\n", match.end())
        return CLOSES.search(text, match.end(), stop if stop >= 0 else len(text)) is not None
    return OPENS.search(text, text.rfind("\n", 0, match.start()) + 1, match.start()) is not None
