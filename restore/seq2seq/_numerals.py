"""Numbers that stand for words: ``the last 2 years``, ``a couple of 1000 soldiers``.

WordNet lists ``2`` as a synonym of ``two`` and ``1000`` of ``thousand``, so spinners write them.
Whether one stands for its word is told by the language model, whose trigrams say what news would
have there, by the number, and by whether the text has the word too. The weights were fitted on 586
such numbers in garbled news, of which 149 stood for their words: at .5 and more 116 of 130 are
right. Elements have numbers too: ``atomic number 92.S.`` was ``U.S.``, and ``atomic number 2`` he.
The policy asks whether the text is spun at all.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

from restore._edits import Edit
from restore._policy import NUMERAL
from restore._protect import FORMULA
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
BEFORE, AFTER = frozenset(' \n("\u201c'), frozenset(" \n,.;:")  # beside a number in running text
NAMED = frozenset({"no", "number"})  # before a number that is a name
# Of the log odds: per nat of the language model's, where the text has the word, and of the number.
GAIN, MOST_GAIN, PRESENT = 0.51, 8.0, -2.27
ANY, TWO, DIGIT, LARGE = -0.64, 3.16, 1.44, 2.42
ELEMENT = re.compile(r"\b([Aa])tomic number (\d{1,3})(?!\w|[.,]\d)(\.(?=\w))?")
ELEMENT_WORDS = {
    "2": "he", "4": "be", "33": "as", "49": "in", "53": "I", "85": "at", "95": "am", "102": "no",
}  # fmt: skip
INITIALS = {  # before a full stop and another letter
    "1": "H", "2": "He", "5": "B", "6": "C", "7": "N", "8": "O", "9": "F", "15": "P", "16": "S",
    "19": "K", "23": "V", "39": "Y", "53": "I", "74": "W", "92": "U",
}  # fmt: skip
ELEMENTS = {
    "1": "hydrogen", "3": "lithium", "6": "carbon", "7": "nitrogen", "8": "oxygen", "10": "neon",
    "11": "sodium", "13": "aluminum", "14": "silicon", "15": "phosphorus", "16": "sulfur",
    "17": "chlorine", "20": "calcium", "22": "titanium", "24": "chromium", "26": "iron",
    "27": "cobalt", "28": "nickel", "29": "copper", "30": "zinc", "47": "silver", "50": "tin",
    "74": "tungsten", "78": "platinum", "79": "gold", "80": "mercury", "82": "lead", "86": "radon",
    "88": "radium", "92": "uranium", "94": "plutonium",
}  # fmt: skip
CERTAIN, LEAST = 0.995, 0.25  # confidence: of an element, and of what is worth proposing
# News writes these otherwise: the numbers with commas.
LARGE_ONES = frozenset({"1000", "1000000", "1000000000", "1000000000000", FORMULA})


def write_out(
    document: Document, sentences: list[tuple[int, int]], model: NgramModel
) -> Iterator[Edit]:
    """Yield edits that turn numbers into the words they may stand for.

    Args:
        document: the text.
        sentences: first and end token of each that is looked at.
        model: knows what stands between which words.
    """
    if not document.figures:
        return
    yield from _elements(document, *document.extent(sentences))
    figures = {start for start, _ in document.figures}
    wanted = [
        (token, first)
        for first, end in sentences
        for token in range(first, end)
        if document.starts[token] in figures and _is_running(document, token)
    ]
    if not wanted:
        return
    present = {token.lower() for token in document.tokens}
    odds = [_odds(document, token, model, present) for token, _ in wanted]
    best: dict[str, float] = {}
    for (token, _), found in zip(wanted, odds, strict=True):
        number = document.tokens[token].lower()
        best[number] = max(found, best.get(number, found))
    for (token, first), found in zip(wanted, odds, strict=True):
        before, start = document.tokens[token], document.starts[token]
        number = before.lower()
        # A document has one key, and nobody writes 1000 for a number and for a word.
        sure = best[number] if number in LARGE_ONES else found
        after = WORDS[number].capitalize() if token == first else WORDS[number]
        share = round(1 / (1 + math.exp(-sure)), 4)
        if share >= LEAST:
            yield Edit(start, start + len(before), before, after, SOURCE, share)


def _elements(document: Document, start: int, end: int) -> Iterator[Edit]:
    """Yield the edits of elements' numbers, words about them included."""
    for match in ELEMENT.finditer(document.text, start, end):
        initial, number, stop = match.groups()
        words = INITIALS if stop else ELEMENT_WORDS | ELEMENTS
        if after := words.get(number):
            after = after[0].upper() + after[1:] if initial == "A" else after
            yield Edit(match.start(), match.end(2), match[0].removesuffix(stop or ""), after,
                       SOURCE, CERTAIN)  # fmt: skip


def _is_running(document: Document, token: int) -> bool:
    """Tell whether a number stands in running text, and is one that has a word."""
    start, end = document.starts[token], document.end(token)
    named = token > 0 and document.tokens[token - 1].lower() in NAMED
    return (
        document.tokens[token].lower() in WORDS
        and document.text[max(0, start - 1) : start] in {"", *BEFORE}
        and document.text[end : end + 1] in {"", *AFTER}
        and not named
    )


def _odds(document: Document, token: int, model: NgramModel, present: set[str]) -> float:
    """Return the log odds of a number in its place that it stands for its word."""
    number = document.tokens[token].lower()
    gain = min(MOST_GAIN, max(-MOST_GAIN, _gain(document, token, model)))
    return _prior(number) + PRESENT * (WORDS[number] in present) + GAIN * gain


def _prior(number: str) -> float:
    """Return the log odds of a number by itself that it stands for its word."""
    if number in LARGE_ONES:
        return ANY + LARGE
    if number == "2":
        return ANY + TWO
    return ANY + DIGIT if len(number) == 1 else ANY


def _gain(document: Document, token: int, model: NgramModel) -> float:
    """Return the log odds of the word against a number, between the two words on either side."""
    before = [
        SENTENCE_START,
        SENTENCE_START,
        *model.ids(document.tokens[max(0, token - 2) : token]),
    ]
    after = [*model.ids(document.tokens[token + 1 : token + 3]), SENTENCE_END, SENTENCE_END]
    number = document.tokens[token].lower()
    (word,) = model.ids([WORDS[number]])
    middle = np.array([word, NUMBER if number.isdecimal() else UNKNOWN])
    (a, b), (c, d) = before[-2:], after[:2]
    logs = model.trigram(a, b, middle) + model.trigram(b, middle, c) + model.trigram(middle, c, d)
    return float(logs[0] - logs[1])
