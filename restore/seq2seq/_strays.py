"""Specks read as letters or marks between words: ``the House r of Commons``, ``was . taking``.

Whether a single letter is a word there is decided by the language model's bigrams. In 4.3 million
words of honest news no letter goes that is not a piece of a broken word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from restore._edits import Edit
from restore.seq2seq._breaks import go_together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from restore._document import Document
    from restore.lattice._ngram import NgramModel

SOURCE = "full:spelling"
# A single letter that is no word and no rest of a contraction.
LETTER = re.compile(
    r"""(?<![\w'\u2019.-])([^\W\d_]+),?        # a word
        (\ ([bcefghjklnpqrwxzB-HJ-Z]))          # the letter
        (?=\ ([a-z]+)(?![\w'\u2019-]))          # and a word""",
    re.VERBOSE,
)
MARK = re.compile(
    r"""(?<=[a-z])\ [.·~_^'\u2019](?=\ [a-z])                # alone between words in small letters
      | ^[.~_^,]\ (?=[A-Z])                                # alone before a line's first capital
      | (?<=[a-z,]\ )[!:;~_^|](?=[a-z]{2,}[\s,.])          # before a word in small letters""",
    re.MULTILINE | re.VERBOSE,
)
GAIN, CAPITAL_GAIN = 9.5, 12.0  # log odds of the words without the letter, of one that is a capital
USUAL_WHOLE = -14.0  # log frequency of a usual word, which the letter may be a piece of
CERTAIN = 0.995


def drop_strays(document: Document, start: int, end: int, model: NgramModel) -> Iterator[Edit]:
    """Yield edits, in order, that delete stray letters and marks.

    Args:
        document: the text.
        start: offset where to begin.
        end: offset where to end.
        model: knows which words go together.
    """
    found = [
        (match.start(2), match.group(2))
        for match in LETTER.finditer(document.text, start, end)
        if _is_stray(match[1], match[3], match[4], model)
    ]
    found += [(match.start(), match.group()) for match in MARK.finditer(document.text, start, end)]
    for at, before in sorted(found):
        yield Edit(at, at + len(before), before, "", SOURCE, CERTAIN)


def _is_stray(head: str, letter: str, tail: str, model: NgramModel) -> bool:
    """Tell whether two words go better together without the letter between them."""
    pieces = (head + letter, letter + tail)
    if any(model.log_share(piece) >= USUAL_WHOLE for piece in pieces):
        return False
    a, by, b = model.ids([head, letter, tail])
    gain = float(model.bigram(a, b) - model.bigram(a, by) - model.bigram(by, b))
    if letter.islower():
        return gain >= GAIN
    if not head.islower() or go_together(head, letter, model):
        return False
    return gain >= CAPITAL_GAIN and go_together(head, tail, model)
