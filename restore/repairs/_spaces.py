"""Mends blanks that are no blanks: lines set in no-break spaces, foreign and invisible spaces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from restore._edits import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEAST_HARD_SPACES = 4
# Wide, Ogham and filler spaces; in Latin text nothing but damage.
_FOREIGN_SPACE = re.compile(
    "(?<=[!-~\u00c0-\u024f\u2019\u201d])[\u1680\u2800\u3000\u3164\uffa0]+(?=[!-~\u00c0-\u024f\u2018\u201c])"
)
_BETWEEN = re.compile("(?<=\\S)\xa0(?=\\S)")
_SIGNS = "\xa0\u1680\u2800\u3000\u3164\uffa0"


def spaces(text: str) -> list[Edit]:
    """Propose plain spaces where other ones are clearly damage.

    Two cases alone: a line whose words are all divided by no-break spaces (four or more, and not
    one plain space), as some editors paste it; and a space of another script between Latin
    letters.

    False positives: a line of figures set with no-break spaces throughout, which is protected.
    Single no-break spaces (``10 km``, ``M. Dupont``, French punctuation) are never touched.
    """
    if text.isascii() or not any(sign in text for sign in _SIGNS):
        return []
    edits = [_plain(match.start(), match.group()) for match in _FOREIGN_SPACE.finditer(text)]
    for start, line in _lines_of_hard_spaces(text):
        edits += [_plain(start + place.start(), "\xa0") for place in _BETWEEN.finditer(line)]
    return sorted(edits, key=lambda edit: edit.start)


def _lines_of_hard_spaces(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines, with their offsets, whose words only no-break spaces divide."""
    at = text.find("\xa0")
    while at >= 0:
        start = text.rfind("\n", 0, at) + 1
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[start:end]
        if " " not in line and len(_BETWEEN.findall(line)) >= _LEAST_HARD_SPACES:
            yield start, line
        at = text.find("\xa0", end)


def _plain(start: int, before: str) -> Edit:
    return Edit(start, start + len(before), before, " ", "repair:spaces", 0.9)
