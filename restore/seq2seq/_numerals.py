"""Numbers that stand for words: ``the last 2 years``, ``a couple of 1000 soldiers``, ``H2O``.

WordNet lists ``2`` as a synonym of ``two`` and ``1000`` of ``thousand``, so spinners write them.
Whether one stands for its word is told by the language model, whose trigrams say what news would
have there, by the number, and by whether the text has the word too. The weights were fitted on 527
such numbers in garbled news, of which 145 stood for words: at .5 and more 121 of 138 do. The policy
asks whether the text is spun at all.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore._beginnings import begins
from restore._capitals import begun
from restore._document import CAPITAL
from restore._document import NUMBER as A_NUMBER
from restore._edits import Edit
from restore._function_words import FUNCTION_WORDS
from restore._protect import FORMULA
from restore._sources import NUMERAL
from restore.lattice._ngram import NUMBER, SENTENCE_END, SENTENCE_START, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from restore._document import Document
    from restore.lattice._ngram import NgramModel

SOURCE = f"full:{NUMERAL}"
WORDS = {
    "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight",
    "9": "nine", "10": "ten", "11": "eleven", "12": "twelve", "13": "thirteen", "14": "fourteen",
    "15": "fifteen", "16": "sixteen", "20": "twenty", "30": "thirty", "40": "forty", "50": "fifty",
    "60": "sixty", "70": "seventy", "80": "eighty", "90": "ninety", "100": "hundred",
    "1000": "thousand", "1000000": "million", "1000000000": "billion",
    "1000000000000": "billion",  # WordNet has the long scale as well, news more billions
    FORMULA: "water",
}  # fmt: skip
# News writes these otherwise: the numbers with commas.
LARGE_ONES = frozenset({"1000", "1000000", "1000000000", "1000000000000", FORMULA})
BEFORE, AFTER = {"", *' \n("\u201c'}, {"", *" \n,.;:"}  # beside a number in running text
NAMED = frozenset({"no", "number", "-", "\u2013", ":"})  # before a number that counts nothing
_FUNCTION_WORDS = frozenset(FUNCTION_WORDS)
FIGURES = re.compile(r"[ \n]?[-\u2013:]? ?(?:\d|BCE?\b|AD\b|CE\b)")  # after one of several, a year
# Of the log odds: per nat of the language model's, where the text has the word, and of the number.
GAIN, MOST_GAIN, PRESENT = 0.51, 8.0, -1.64
ANY, TWO, DIGIT, LARGE = -0.61, 3.30, 1.59, 4.92
LIFTED = -3.0  # log odds from which a large number follows the surest of its kind
LEAST = 0.25  # confidence worth proposing


class Figure(NamedTuple):
    """A number that may stand for its word: its token, and its sentence's first and end token."""

    token: int
    first: int
    end: int


def write_out(document: Document, model: NgramModel) -> Iterator[Edit]:
    """Yield edits, in order, that turn numbers into the words they may stand for.

    Args:
        document: the whole text: it has one key.
        model: knows what stands between which words.
    """
    found = list(figures(document)) if document.figures else []
    if not found:
        return
    numbers = [document.tokens[figure.token].lower() for figure in found]
    odds = _odds(document, found, numbers, model)
    for figure, number, value in zip(found, numbers, odds, strict=True):
        sure = value
        if number in LARGE_ONES and value > LIFTED:  # nobody writes 1000 for a number and a word
            sure = max(other for name, other in zip(numbers, odds, strict=True) if name == number)
        share = round(1 / (1 + math.exp(-sure)), 4)
        if share >= LEAST:
            yield _edit(document, figure.token, share)


def figures(document: Document) -> Iterator[Figure]:
    """Yield the numbers in running text that have a word and are no part of a name or a score."""
    starts = {start for start, _ in document.figures}
    for first, end in document.sentences:
        for token in range(first, end):
            if document.starts[token] in starts and _is_running(document, token, first):
                yield Figure(token, first, end)


def _edit(document: Document, token: int, share: float) -> Edit:
    before, start = document.tokens[token], document.starts[token]
    word = WORDS[before.lower()]
    after = begun(word) if begins(document.text, start) else word
    return Edit(start, start + len(before), before, after, SOURCE, share)


def _is_running(document: Document, token: int, first: int) -> bool:
    text, start, end = document.text, document.starts[token], document.end(token)
    number = document.tokens[token].lower()
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if number not in WORDS or before not in BEFORE or after not in AFTER:
        return False
    named = token > first and _is_name(document, token, first)
    return not named and not FIGURES.match(text, end)


def _is_name(document: Document, token: int, first: int) -> bool:
    """Tell whether a number belongs to what stands before: ``Ward 2``, ``No. 2``, ``2 - 2``."""
    before, large = token - 1, document.tokens[token] in LARGE_ONES
    kind, word = document.kinds[before], document.tokens[before].lower()
    if word == "." and before > first:
        return document.tokens[before - 1].lower() in NAMED
    capital = kind & CAPITAL and (before > first or word not in _FUNCTION_WORDS)
    return bool((kind & A_NUMBER and not large) or capital or word in NAMED)


def _odds(
    document: Document, found: list[Figure], numbers: list[str], model: NgramModel
) -> list[float]:
    """Return the log odds of each number in its place that it stands for its word."""
    present = {token.lower() for token in document.tokens}
    return [
        _prior(number) + PRESENT * (WORDS[number] in present) + GAIN * gain
        for number, gain in zip(numbers, _gains(document, found, numbers, model), strict=True)
    ]


def _prior(number: str) -> float:
    """Return the log odds of a number by itself that it stands for its word."""
    if number in LARGE_ONES:
        return ANY + LARGE
    if number == "2":
        return ANY + TWO
    return ANY + DIGIT if len(number) == 1 else ANY


def _gains(
    document: Document, found: list[Figure], numbers: list[str], model: NgramModel
) -> list[float]:
    """Return the log odds of each word against its number, between the two words on either side."""
    around = np.array([_neighbours(document, figure, model) for figure in found])
    a, b, c, d = around.T[:, :, None]
    words = model.ids(WORDS[number] for number in numbers)
    figure_ids = [NUMBER if number.isdecimal() else UNKNOWN for number in numbers]
    middle = np.stack([words, figure_ids], axis=1)
    logs = model.trigram(a, b, middle) + model.trigram(b, middle, c) + model.trigram(middle, c, d)
    return [float(gain) for gain in np.clip(logs[:, 0] - logs[:, 1], -MOST_GAIN, MOST_GAIN)]


def _neighbours(document: Document, figure: Figure, model: NgramModel) -> list[int]:
    """Return the ids of the two words on either side of a number, in its sentence."""
    token, first, end = figure
    left = model.ids(document.tokens[max(first, token - 2) : token]).tolist()
    right = model.ids(document.tokens[token + 1 : min(end, token + 3)]).tolist()
    before = [SENTENCE_START, SENTENCE_START, *left]
    return [*before[-2:], *[*right, SENTENCE_END, SENTENCE_END][:2]]
