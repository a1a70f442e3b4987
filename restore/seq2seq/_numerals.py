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
BEFORE, AFTER = frozenset(' \n("\u201c'), frozenset(" \n,.;:")  # beside a number in running text
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
    present = {token.lower() for token in document.tokens} if found else set()
    odds = [_odds(document, figure, model, present) for figure in found]
    best: dict[str, float] = {}
    for figure, value in zip(found, odds, strict=True):
        number = document.tokens[figure.token].lower()
        best[number] = max(value, best.get(number, value))
    for figure, value in zip(found, odds, strict=True):
        number = document.tokens[figure.token].lower()
        # Nobody writes 1000 for a number and for a word.
        lifted = number in LARGE_ONES and value > LIFTED
        share = round(1 / (1 + math.exp(-(best[number] if lifted else value))), 4)
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
    beside = text[max(0, start - 1) : start] in {"", *BEFORE} and text[end : end + 1] in {
        "",
        *AFTER,
    }
    if number not in WORDS or not beside or FIGURES.match(text, end):
        return False
    return token == first or not _is_name(document, token, first)


def _is_name(document: Document, token: int, first: int) -> bool:
    """Tell whether a number belongs to what stands before: ``Ward 2``, ``No. 2``, ``2 - 2``."""
    before, large = token - 1, document.tokens[token] in LARGE_ONES
    kind, word = document.kinds[before], document.tokens[before].lower()
    if word == "." and before > first:
        return document.tokens[before - 1].lower() in NAMED
    capital = kind & CAPITAL and (before > first or word not in _FUNCTION_WORDS)
    return bool((kind & A_NUMBER and not large) or capital or word in NAMED)


def _odds(document: Document, figure: Figure, model: NgramModel, present: set[str]) -> float:
    """Return the log odds of a number in its place that it stands for its word."""
    number = document.tokens[figure.token].lower()
    gain = min(MOST_GAIN, max(-MOST_GAIN, log_gain(document, figure, model)))
    return _prior(number) + PRESENT * (WORDS[number] in present) + GAIN * gain


def _prior(number: str) -> float:
    """Return the log odds of a number by itself that it stands for its word."""
    if number in LARGE_ONES:
        return ANY + LARGE
    if number == "2":
        return ANY + TWO
    return ANY + DIGIT if len(number) == 1 else ANY


def log_gain(document: Document, figure: Figure, model: NgramModel) -> float:
    """Return the log odds of the word against a number, between the two words on either side."""
    token, first, end = figure
    left = document.tokens[max(first, token - 2) : token]
    right = document.tokens[token + 1 : min(end, token + 3)]
    before = [SENTENCE_START, SENTENCE_START, *model.ids(left)]
    after = [*model.ids(right), SENTENCE_END, SENTENCE_END]
    number = document.tokens[token].lower()
    (word,) = model.ids([WORDS[number]])
    middle = np.array([word, NUMBER if number.isdecimal() else UNKNOWN])
    (a, b), (c, d) = before[-2:], after[:2]
    logs = model.trigram(a, b, middle) + model.trigram(b, middle, c) + model.trigram(middle, c, d)
    return float(logs[0] - logs[1])
