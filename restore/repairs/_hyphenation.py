"""Joins words that were divided at the end of a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from restore._edits import Edit

if TYPE_CHECKING:
    from collections.abc import Callable

# Half a word, a hyphen (plain, soft or typographic), a line end, the other half and its marks.
_DIVIDED = re.compile(
    r"(?<![\w-])([^\W\d_]{2,40}+)([-\u00ad\u2010][ \t]{0,8}(\r\n|[\n\r])[ \t]{0,8})"
    r"([^\W\d_]{2,40}+)(?![\w\u00ad\u2010-])([^\w\s]{0,4}+)([ \t]?)"
)
_AT_LINE_END = re.compile(r"[-\u00ad\u2010][ \t]{0,8}[\r\n]")


def hyphenation(text: str, known: Callable[[str], bool]) -> list[Edit]:
    """Propose to join a word divided at a line end; the line end moves behind the whole word.

    Args:
        text: what to mend.
        known: tells whether a word, in small letters, exists.

    False positives: a compound that is also written as one word (``on-going``), of which the
    hyphen is lost. Joined only if the whole is a known word and the form with the hyphen is not.
    """
    if not _AT_LINE_END.search(text):
        return []
    return [_join(match) for match in _DIVIDED.finditer(text) if _is_one_word(match, known)]


def _is_one_word(match: re.Match[str], known: Callable[[str], bool]) -> bool:
    head, tail = match.group(1).lower(), match.group(4)
    if not tail.islower():
        return False
    return known(head + tail) and not known(f"{head}-{tail}")


def _join(match: re.Match[str]) -> Edit:
    hyphen, line_end, tail, marks, space = match.group(2, 3, 4, 5, 6)
    start = match.start(2)
    before = hyphen + tail + marks + space
    follows = match.string[match.end() : match.end() + 1]
    # No second line end where the line was over anyway.
    after = tail + marks + ("" if not space and follows in ("\n", "\r", "") else line_end)
    return Edit(start, match.end(), before, after, "repair:hyphenation", 0.95)
