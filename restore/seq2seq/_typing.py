"""How unlikely a typing or spelling error is: the channel of the speller.

Costs are negative log probabilities in the speller's own scale, by kind of edit (Kernighan, Church
and Gale 1990, section 2, with kinds instead of a matrix): letters doubled or left single, vowels
taken for one another and letters of one sound are slips that many make; first letters are right.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

if TYPE_CHECKING:
    from rapidfuzz.distance import Editop

VOWELS = frozenset("aeiouy")
SOUNDS = ("cks", "sz", "gj", "fv", "td", "mn", "bp", "iy", "kq", "uw", "sx")  # may sound alike
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
DOUBLED, SWAPPED, VOWEL, SOUND, NEIGHBOUR, OTHER = 2.5, 3.5, 3.6, 3.9, 4.4, 5.5
SILENT, LETTER = 3.9, 4.8  # a vowel, a consonant, too many or too few
FIRST = 2.4  # ... more, at the first letter


def cost(wrong: str, right: str, edits: int) -> float:
    """Return how unlikely it is that `right` was written `wrong`.

    Args:
        wrong: what stands there.
        right: what may have been meant.
        edits: their distance, neighbouring letters swapped being one edit.

    >>> cost("recieve", "receive", 1) < cost("recleve", "receive", 2)
    True
    >>> cost("comit", "commit", 1) < cost("comit", "cosmit", 1)
    True
    """
    if _single(wrong) == _single(right):
        return edits * DOUBLED
    operations = Levenshtein.editops(wrong, right)
    swaps = len(operations) - edits
    if swaps > 0:  # each swap was counted as two
        return swaps * SWAPPED + max(0, edits - swaps) * OTHER
    return sum(_operation(edit, wrong, right) for edit in operations)


def _single(word: str) -> list[str]:
    return [letter for letter, _ in groupby(word)]


def _operation(edit: Editop, wrong: str, right: str) -> float:
    at, to = edit.src_pos, edit.dest_pos
    first = FIRST if at == 0 or to == 0 else 0.0
    if edit.tag == "replace":
        return first + _replacement(wrong[at], right[to])
    text, place = (wrong, at) if edit.tag == "delete" else (right, to)
    letter = text[place]
    if letter in text[max(0, place - 1) : place] + text[place + 1 : place + 2]:
        return DOUBLED
    return first + (SILENT if letter in VOWELS else LETTER)


def _replacement(typed: str, meant: str) -> float:
    if typed in VOWELS and meant in VOWELS:
        return VOWEL
    if any(typed in sound and meant in sound for sound in SOUNDS):
        return SOUND
    rows = [row for row in ROWS if typed in row and meant in row]
    if any(abs(row.index(typed) - row.index(meant)) == 1 for row in rows):
        return NEIGHBOUR
    return OTHER
