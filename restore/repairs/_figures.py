"""Puts letters back where figures were read: ``quest1ons``, ``f0llowed``."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from restore._edits import Edit

if TYPE_CHECKING:
    from collections.abc import Callable

# Letters and figures, no part of an address, a file name or a longer code.
_MIXED = re.compile(
    r"(?<![\w'\u2019./@#&+-])(?=[^\W\d]*\d)(?=[^\W_]*[^\W\d_])[^\W_]{4,20}(?![\w/@-]|\.\w)"
)
_LETTERS = {"0": "o", "1": "li", "2": "z", "5": "s", "6": "bo", "8": "bs", "9": "g"}
_MOST_FIGURES, _FEWEST_LETTERS = 2, 3
_LONG = 6  # signs of a word whose first one may be a figure: ``6ins`` is an inch, not a bin


def figures(text: str, known: Callable[[str], bool]) -> list[Edit]:
    """Propose to read figures inside words as the letters that they resemble.

    Args:
        text: what to mend.
        known: tells whether a word, in small letters, exists.

    False positives: names that are written with figures for fun (``SH0ES``), in 19 million words
    of honest news one; a note's number behind its word (``provide8``), in 83 million words three.
    Mended only if just one known word comes out.
    """
    edits = []
    for match in _MIXED.finditer(text):
        word = match.group()
        if after := _read(word, known):
            edits.append(Edit(match.start(), match.end(), word, after, "repair:figures", 0.97))
    return edits


def _read(word: str, known: Callable[[str], bool]) -> str:
    """Return the one known word that a mixture of letters and figures may be, or nothing."""
    count = sum(sign.isdigit() for sign in word)
    if count > _MOST_FIGURES or len(word) - count < _FEWEST_LETTERS:
        return ""
    if word[0].isdigit() and (count > 1 or len(word) < _LONG):
        return ""
    if word[-1] == "8" and not word.islower():  # the name of a company, a model, a team
        return ""
    choices = product(*(_LETTERS.get(sign, sign) for sign in word))
    found = [text for text in map("".join, choices) if text.isalpha() and known(text.lower())]
    if len(found) != 1:
        return ""
    capitals = all(sign.isupper() for sign in word if sign.isalpha())
    return found[0].upper() if capitals else found[0]
