"""Capitals of what stands in for a form: the form's own, unless they tell nothing.

Some forms are capitalised wherever they stand, as names and symbols are: where ``Br`` stands for
``the`` amid small letters, or ``Fannie Farmers`` for ``farmers``, its capitals were never the
word's. Some words are capitalised wherever they stand, whatever stood for them. And a sentence
begins with a capital.
"""

from __future__ import annotations

import re
from functools import cache

from restore._beginnings import begins
from restore._container import DATA, read_list
from restore._decoder import match_case
from restore._function_words import FUNCTION_WORDS

SHIPPED = DATA / "capitals.txt"
_FUNCTION_WORDS = frozenset(FUNCTION_WORDS)
_BEFORE = re.compile(r"(?<![\w'\u2019])([\w'\u2019]+),? \Z")
_AFTER = re.compile(r" ([\w'\u2019]+)")
_NEAR = 40  # code points: no word is longer
_INNER = re.compile(r" [A-Z]")  # a capital of another word than the first
_LONG = re.compile(r"(?<![\w'\u2019])[^\W\d_]{4,}(?!\w)")
TITLE_WORDS, TITLE_SHARE = 3, 2 / 3  # with a capital, of the long words of a text like a headline
LONGEST_TITLE = 20  # words: longer are lists of names
LONGEST_SHORT = 5  # letters: as long as most abbreviations
LIKE_INITIALS = frozenset({"it", "us", "who"})  # words no less usual as abbreviations


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
    name = capitals().get(after.lower(), after)
    if before[:1].islower():
        return match_case(before, begun(name) if begins(text, start) else name)
    own = after.lower() in _FUNCTION_WORDS or (is_named(before) and " " not in after)
    if own and before[:1].isupper():
        beside = _beside(text, start, end)
        if _amid_small(beside):
            return match_case(before.lower(), name)
        if _is_short(before) and any(map(_has_small, beside)):
            return match_case(before.capitalize(), name)
    return match_case(before, after)


def is_titled(text: str) -> bool:
    """Tell whether a text is written like a headline: capitals tell nothing of its words.

    Of its words of four letters and more, function words and what is all in capitals apart, two
    in three begin with one, and no full stop ends it. Longer texts than headlines are lists.

    >>> is_titled("Mayor Resigns Aft Scandal"), is_titled("Mayor Jane Miller resigns after vote")
    (True, False)
    """
    if text.rstrip().endswith(".") or len(text.split(None, LONGEST_TITLE)) > LONGEST_TITLE:
        return False
    long = [word for word in _LONG.findall(text) if not word.isupper()]
    telling = [word for word in long if word.lower() not in _FUNCTION_WORDS]
    capitals = sum(word[0].isupper() for word in telling)
    return len(telling) >= TITLE_WORDS and capitals >= TITLE_SHARE * len(telling)


def begun(word: str) -> str:
    """Begin a word in small letters with a capital; others have capitals of their own.

    >>> begun("sales"), begun("iPhone")
    ('Sales', 'iPhone')
    """
    return word[:1].upper() + word[1:] if word == word.lower() else word


def is_named(form: str) -> bool:
    """Does a form owe its capitals to itself: an abbreviation, a name of one word or several?"""
    return (
        _is_short(form) or capitals().get(form.lower()) == form or _INNER.search(form) is not None
    )


def _is_short(form: str) -> bool:
    """Is it in capitals, and no longer than an abbreviation?"""
    return 1 < len(form) <= LONGEST_SHORT and form.isupper()


def _beside(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the word before and the word behind, empty where a sentence begins or ends."""
    left = _BEFORE.search(text, max(0, start - _NEAR), start)
    right = _AFTER.match(text, end, end + _NEAR)
    return left[1] if left else "", right[1] if right else ""


def _amid_small(beside: tuple[str, str]) -> bool:
    """Does a word go on a sentence, beside one in small letters?"""
    left, right = beside
    return left != "" and (left[0].islower() or right[:1].islower())


def _has_small(word: str) -> bool:
    return any(map(str.islower, word))


@cache
def capitals() -> dict[str, str]:
    """Return the words that news always capitalises, by their small letters.

    Raises:
        ModelError: the list is missing or damaged.
    """
    forms = read_list(SHIPPED, str.split)
    return {form.lower(): form for form in forms}
