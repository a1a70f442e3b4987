"""Where sentences begin that lack their capital, told by what stands before alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from restore._sentences import ABBREVIATIONS, BEFORE_FIGURES, TITLES

if TYPE_CHECKING:
    from collections.abc import Iterator

# A word, what ends a sentence, white space, an opening mark. A question in quotation marks does not
# end one in its line: "Who?" he asked.
_END = r"([^\W_]{2,})(?:\.[\"'\u201d\u2019)]*|[!?])(?: |\r?\n)+"
_BLANK_LINE = r"(?:[!?][\"'\u201d\u2019)]*|\n)\r?\n+"
_OPENING = r"[\"'\u201c\u2018(]?"
_BEFORE = re.compile(rf"(?:{_END}|{_BLANK_LINE}){_OPENING}\Z")
_SMALL = re.compile(rf"(?:{_END}|{_BLANK_LINE}|\A){_OPENING}(?=[a-z])")
SHORT = frozenset(word.lower() for word in ABBREVIATIONS | BEFORE_FIGURES | TITLES)
# The place and the agency that a story begins with: ``HARLOW, Nov. 5 (HP) -``.
_DATELINE = re.compile(
    r"[ \t]*(?:[A-Z][A-Z.'-]*[A-Z.] ?){1,4}(?:,? [^\n()]{1,40})?(?:,? ?\([^()\n]{2,30}\))?"
    r" ?(?:-{1,2}|[\u2013\u2014]) ?\Z"
)
_DASHES = "-\u2013\u2014"
_NEAR = 40  # code points: no word is longer
_NEAR_DATELINE = 90  # ... nor is a dateline than this
_STYLE = 300  # code points around a beginning that tell whether the text has capitals at all


def begins(text: str, start: int) -> bool:
    """Does a sentence begin at an offset, in a text that has capitals? False for a text's start.

    >>> begins("It ended. nan mayor left", 10), begins("We met Dr. nan left", 11)
    (True, False)
    >>> begins("HARLOW (HP) - nan mayor left", 14), begins("The plan - nan second - failed", 11)
    (True, False)
    """
    if not (_after_end(text, start) or _after_dateline(text, start)):
        return False
    around = text[max(0, start - _STYLE) : start + _STYLE]
    return around != around.lower()


def _after_end(text: str, start: int) -> bool:
    if text[max(0, start - 2) : start - 1].isalnum():  # most places: quickly told
        return False
    match = _BEFORE.search(text, max(0, start - _NEAR), start)
    return match is not None and _is_end(match)


def _after_dateline(text: str, start: int) -> bool:
    if not any(dash in _DASHES for dash in text[max(0, start - 2) : start]):
        return False
    low = max(0, start - _NEAR_DATELINE)
    line = text.rfind("\n", low, start)
    return (line >= 0 or low == 0) and _DATELINE.match(text, line + 1, start) is not None


def small_beginnings(text: str) -> Iterator[int]:
    """Yield the offsets of small letters where sentences begin, the text's first among them."""
    yield from (match.end() for match in _SMALL.finditer(text) if _is_end(match))


def _is_end(match: re.Match[str]) -> bool:
    return match[1] is None or match[1].lower() not in SHORT
