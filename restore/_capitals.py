"""Capitals of what stands in for a form: the form's own, unless they tell nothing.

Some forms are capitalised wherever they stand, as names and symbols are: where ``Br`` stands for
``the`` amid small letters, or ``Fannie Farmers`` for ``farmers``, its capitals were never the
word's. Some words are capitalised wherever they stand, whatever stood for them. And a sentence
begins with a capital.
"""

from __future__ import annotations

import re
from functools import cache

from restore._container import DATA
from restore._decoder import match_case
from restore._errors import ModelError
from restore._function_words import FUNCTION_WORDS
from restore._sentences import ABBREVIATIONS, TITLES

SHIPPED = DATA / "capitals.txt"
_FUNCTION_WORDS = frozenset(FUNCTION_WORDS)
_BEFORE = re.compile(r"(?<![\w'\u2019])([\w'\u2019]+),? \Z")
_AFTER = re.compile(r" ([\w'\u2019]+)")
_NEAR = 40  # code points: no word is longer
_INNER = re.compile(r" [A-Z]")  # a capital of another word than the first
# A word, what ends a sentence, and a quotation mark before the next.
_BEGINNING = re.compile(r"([^\W\d_]{2,})[.!?][\"'\u201d\u2019)]* [\"'\u201c\u2018(]?\Z")
_LINE = re.compile(r"(?:[.!?][\"'\u201d\u2019)]*\n+|\n\n+)[\"'\u201c\u2018(]?\Z")
_OPENING = " \n\"'\u201c\u2018("  # what may stand before a text's first word
_STYLE = 300  # code points around a beginning that tell whether the text has capitals at all


def fit_case(text: str, start: int, end: int, after: str) -> str:
    """Give `after` the capitals that it should have in place of ``text[start:end]``.

    >>> fit_case("they saw Br house", 9, 11, "the"), fit_case("Br house", 0, 2, "the")
    ('the', 'The')
    >>> fit_case("near Fannie Farmers of MN now", 5, 19, "farmers")
    'farmers'
    >>> fit_case("near Fannie Farmers of MN now", 23, 25, "minnesota")
    'Minnesota'
    """
    before, after = text[start:end], "I" if after == "i" else after
    if before[:1].islower():
        name = capitals().get(after, after)
        return match_case(before, _begun(name) if _begins(text, start) else name)
    own = before[:1].isupper() and (after.lower() in _FUNCTION_WORDS or _is_named(before))
    if own and _amid_small(text, start, end):
        return match_case(before.lower(), capitals().get(after.lower(), after))
    return match_case(before, after)


def _is_named(form: str) -> bool:
    """Does a form owe its capitals to itself: an abbreviation, a name of one word or several?"""
    one_name = capitals().get(form.lower()) == form
    return one_name or (len(form) > 1 and form.isupper()) or _INNER.search(form) is not None


def _amid_small(text: str, start: int, end: int) -> bool:
    """Does a word go on a sentence, beside one in small letters?"""
    left = _BEFORE.search(text, max(0, start - _NEAR), start)
    if left is None:
        return False
    right = _AFTER.match(text, end, end + _NEAR)
    return left[1][0].islower() or (right is not None and right[1][0].islower())


def _begins(text: str, start: int) -> bool:
    """Does a sentence begin there, in a text that has capitals?"""
    around = text[max(0, start - _STYLE) : start + _STYLE]
    if around == around.lower():
        return False
    left = text[max(0, start - _NEAR) : start]
    if start <= _NEAR and not left.strip(_OPENING):
        return True
    match = _BEGINNING.search(left)
    if match is not None:
        return match[1] not in ABBREVIATIONS and match[1].capitalize() not in TITLES
    return _LINE.search(left) is not None


def _begun(word: str) -> str:
    return word[:1].upper() + word[1:]


@cache
def capitals() -> dict[str, str]:
    """Return the words that news always capitalises, by their small letters.

    Raises:
        ModelError: the list is missing or damaged.
    """
    try:
        forms = SHIPPED.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        message = f"cannot read {SHIPPED} ({error}): install the package again"
        raise ModelError(message) from error
    return {form.lower(): form for form in forms}
