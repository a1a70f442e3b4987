"""Specks read as letters or marks between words: ``the House r of Commons``, ``was . taking``.

Whether a single letter is a word there is decided by the language model's bigrams. In 5.9 million
words of honest news one letter goes that should not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from restore._edits import Edit
from restore.seq2seq._breaks import go_together, is_odd
from restore.seq2seq._spaces import RARE_WHOLE

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
    r"""(?<=[a-z])\ [.·~_^](?=\ [a-z])                      # alone between words in small letters
      | (?<=[a-rt-z])\ ['\u2019](?=\ [a-z])                # the same, and no plural's possessive
      | ^[.~_^,]\ (?=[A-Z])                                # alone before a line's first capital
      | (?<=[a-z,]\ )[!:;~_^|](?=[a-z]{2,}[\s,.])          # before a word in small letters""",
    re.MULTILINE | re.VERBOSE,
)
# A full stop between words in small letters, a speck inside a word.
STOP = re.compile(r"(?<![\w'\u2019.-])([a-z]{2,})(\.)(?= ([a-z]{2,})(?![\w'\u2019.-]))")
SPECK = re.compile(
    r"""(?<![^\W_])([A-Za-z]+)
        ([~*^|.,:;]|(?<=[a-z])['`](?=[a-z]{3}))  # an apostrophe before less is none: it's, Hawai`i
        ([a-z]+)(?![^\W_])""",
    re.VERBOSE,
)
APOSTROPHES = "'`"
NO_MARKS = frozenset("~*^|")  # of these, what stands between no two words
NEVER_LAST = frozenset("the an and or but of their our your its my very".split())  # noqa: SIM905
SHORTENED = frozenset(
    """al approx art cf co col corp dept dr ed eds est etc fig ft gen gov in inc jr lb lt ltd mr mrs
    ms mt no op oz pp prof rep sec sen sgt sq sr st vol vs""".split()  # noqa: SIM905
)
STOP_GAIN = 4.0  # log odds of the second word after the first, against its usual rate
GAIN, CAPITAL_GAIN = 9.5, 12.0  # log odds of the words without the letter, of one that is a capital
CERTAIN = 0.995


def drop_strays(
    document: Document, start: int, end: int, model: NgramModel, *, letters: bool = True
) -> Iterator[Edit]:
    """Yield edits, in order, that delete stray letters and marks.

    Args:
        document: the text.
        start: offset where to begin.
        end: offset where to end.
        model: knows which words go together.
        letters: False leaves letters alone: in spun texts they stand for words.
    """
    found = [
        (match.start(2), match.group(2))
        for match in LETTER.finditer(document.text, start, end if letters else start)
        if _is_stray(match[1], match[3], match[4], model)
    ]
    found += [(match.start(), match[0]) for match in MARK.finditer(document.text, start, end)]
    found += [
        (match.start(2), match[2])
        for match in STOP.finditer(document.text, start, end)
        if _goes_on(match[1], match[3], model)
    ]
    edits = [Edit(at, at + len(before), before, "", SOURCE, CERTAIN) for at, before in found]
    edits += _specks(document, start, end, model)
    yield from sorted(edits, key=lambda edit: edit.start)


def _goes_on(head: str, tail: str, model: NgramModel) -> bool:
    """Tell whether a full stop between two words in small letters ends nothing."""
    if head in NEVER_LAST or head in SHORTENED:
        return head in NEVER_LAST
    first, second = model.ids([head, tail])
    gain = float(model.bigram(first, second) - model.unigram[second])
    return gain >= STOP_GAIN and go_together(head, tail, model)


def _specks(document: Document, start: int, end: int, model: NgramModel) -> Iterator[Edit]:
    """Yield edits of words with a speck inside: the word without it, or two words for a tilde."""
    for match in SPECK.finditer(document.text, start, end):
        head, mark, tail = match.groups()
        if mark in APOSTROPHES and not head.islower():  # Shi'ite
            continue
        odd = mark in NO_MARKS or is_odd(head, tail, model)
        if odd and model.log_share(head + tail) >= RARE_WHOLE:
            after = head + tail
        elif mark == "~" and min(model.log_share(head), model.log_share(tail)) >= RARE_WHOLE:
            after = f"{head} {tail}"
        else:
            continue
        yield Edit(match.start(), match.end(), match[0], after, SOURCE, CERTAIN)


def _is_stray(head: str, letter: str, tail: str, model: NgramModel) -> bool:
    """Tell whether two words go better together without the letter between them."""
    pieces = (head + letter, letter + tail)
    if any(model.log_share(piece) >= RARE_WHOLE for piece in pieces):
        return False
    a, by, b = model.ids([head, letter, tail])
    gain = float(model.bigram(a, b) - model.bigram(a, by) - model.bigram(by, b))
    if letter.islower():
        return gain >= GAIN
    if not head.islower() or go_together(head, letter, model):
        return False
    return gain >= CAPITAL_GAIN and go_together(head, tail, model)
