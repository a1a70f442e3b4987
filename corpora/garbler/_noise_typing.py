"""Typing errors: fingers that slip on a keyboard, and words spelt by ear."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from corpora.garbler._places import WORD, draw, whole_words
from corpora.garbler._tables import rows

if TYPE_CHECKING:
    import random

    from restore import Edit

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SLIPS = ("substitute", "insert", "delete", "transpose", "double")
_SLIP_WEIGHTS = (30, 15, 25, 20, 10)
_FIRST_LETTER = 0.15  # of the slips on a first letter happen: writers notice them


@cache
def _neighbours() -> dict[str, str]:
    """Letters that lie beside each letter on a QWERTY keyboard, on its row and the rows next."""
    near: dict[str, set[str]] = {letter: set() for row in _ROWS for letter in row}
    pairs = [pair for row in _ROWS for pair in pairwise(row)]
    for upper, lower in pairwise(_ROWS):
        pairs += [(upper[i], lower[i]) for i in range(len(lower))]
        pairs += [(upper[i + 1], lower[i]) for i in range(len(lower)) if i + 1 < len(upper)]
    for left, right in pairs:
        near[left].add(right)
        near[right].add(left)
    return {letter: "".join(sorted(letters)) for letter, letters in near.items()}


def keyboard(text: str, rate: float, rng: random.Random) -> list[Edit]:
    """Slip on a letter in `rate` of the words: another key, one too many or too few, a swap."""
    changes = []
    for match in draw(list(WORD.finditer(text)), rate, rng):
        start, end = match.span()
        at = rng.randrange(start, end)
        if at == start and end - start > 1 and rng.random() >= _FIRST_LETTER:
            at = rng.randrange(start + 1, end)
        changes.append(_slip(text, at, end, rng))
    return whole_words(text, changes, "garble:keyboard")


def _slip(text: str, at: int, end: int, rng: random.Random) -> tuple[int, int, str]:
    letter = text[at]
    near = _neighbours().get(letter.lower(), letter)
    other = rng.choice(near)
    other = other.upper() if letter.isupper() else other
    kind = rng.choices(_SLIPS, _SLIP_WEIGHTS)[0]
    if kind == "transpose" and at + 1 < end:
        return at, at + 2, text[at + 1] + letter
    if kind == "insert":
        return at, at + 1, rng.choice((letter + other, other + letter))
    if kind == "double":
        return at, at + 1, letter * 2
    return at, at + 1, "" if kind == "delete" else other


@cache
def _by_ear() -> tuple[re.Pattern[str], dict[str, tuple[list[str], list[float]]]]:
    table: dict[str, tuple[list[str], list[float]]] = {}
    for right, wrong, weight in rows("phonetic.tsv"):
        wrongs, weights = table.setdefault(right, ([], []))
        wrongs.append(wrong)
        weights.append(float(weight))
    longest_first = sorted(table, key=lambda spelling: (-len(spelling), spelling))
    return re.compile("|".join(longest_first)), table


@cache
def _homophones() -> dict[str, tuple[str, ...]]:
    groups = rows("homophones.tsv")
    return {word: tuple(w for w in group if w != word) for group in groups for word in group}


def phonetic(text: str, rate: float, rng: random.Random) -> list[Edit]:
    """Misspell `rate` of the words by ear, or take another word that sounds like them."""
    changes = []
    pattern, table = _by_ear()
    for match in draw(list(WORD.finditer(text)), rate, rng):
        word, (start, end) = match.group(), match.span()
        others = _homophones().get(word)
        if others:
            changes.append((start, end, rng.choice(others)))
            continue
        places = [m.span() for m in pattern.finditer(word, 1)]
        if places:
            low, high = rng.choice(places)
            wrongs, weights = table[word[low:high]]
            changes.append((start + low, start + high, rng.choices(wrongs, weights)[0]))
    return whole_words(text, changes, "garble:phonetic")
