"""Capitals of what stands in for a form: the form's own, unless they tell nothing.

Some forms are capitalised wherever they stand, as names and symbols are: where ``Br`` stands for
``the`` amid small letters, its capital was never the article's.
"""

from __future__ import annotations

import re

from restore._decoder import match_case
from restore._function_words import FUNCTION_WORDS

_FUNCTION_WORDS = frozenset(FUNCTION_WORDS)
_BEFORE = re.compile(r"(?<![\w'\u2019])([\w'\u2019]+),? \Z")
_AFTER = re.compile(r" ([\w'\u2019]+)")
_NEAR = 40  # code points: no word is longer


def fit_case(text: str, start: int, end: int, after: str) -> str:
    """Give `after` the capitals of what stands in `text` from `start` to `end`.

    >>> fit_case("they saw Br house", 9, 11, "the"), fit_case("Br house", 0, 2, "the")
    ('the', 'The')
    """
    before = text[start:end]
    if before[:1].isupper() and after.lower() in _FUNCTION_WORDS and _amid_small(text, start, end):
        before = before.lower()
    return match_case(before, after)


def _amid_small(text: str, start: int, end: int) -> bool:
    """Does a word go on a sentence, beside one in small letters?"""
    left = _BEFORE.search(text, max(0, start - _NEAR), start)
    if left is None:
        return False
    right = _AFTER.match(text, end, end + _NEAR)
    return left[1][0].islower() or (right is not None and right[1][0].islower())
