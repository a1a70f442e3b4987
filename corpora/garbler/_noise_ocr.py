"""Errors of optical character recognition, by a confusion matrix, and the line breaks of print."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from corpora.garbler._places import WORD, draw, whole_words
from corpora.garbler._tables import rows
from restore import Edit

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

_SPECKS = ".,'`-~*|^:"
_SPECK_SHARE = 0.04  # of the errors are specks taken for a sign
_LOST_SHARE = 0.05  # of the errors are signs not read at all
_LONGEST_STRAY = 3  # letters of a neighbouring column that are read along
_SHORTEST_BROKEN = 6  # letters of a word that a printer breaks
_HEADS = 0.4  # of such letters begin a word, the others end one
_SPECKED = 0.15  # of them have a speck beside them
_GAP = re.compile(r"(?<=[^\W\d_]),? (?=[^\W\d_])")
_BREAK = re.compile(r"(?<=[aeiouy])(?=[^aeiouy\W][aeiouy])|(?<=[^aeiouy\W])(?=[^aeiouy\W][aeiouy])")


@cache
def _matrix() -> tuple[re.Pattern[str], dict[str, tuple[list[str], list[float]]]]:
    """Pattern of everything confusable (single signs too, so that any place may be hit)."""
    table: dict[str, tuple[list[str], list[float]]] = {}
    for printed, read, weight in rows("ocr_confusions.tsv"):
        reads, weights = table.setdefault(printed, ([], []))
        reads.append(read)
        weights.append(float(weight))
    several = sorted((p for p in table if len(p) > 1), key=lambda p: (-len(p), p))
    single = sorted(p for p in table if len(p) == 1)
    return re.compile("|".join(map(re.escape, several + single))), table


def ocr(text: str, rate: float, rng: random.Random) -> list[Edit]:
    """Misread `rate` of the signs; confusions of two signs count as one place."""
    pattern, table = _matrix()
    changes = []
    for match in draw(list(pattern.finditer(text)), rate, rng):
        (start, end), printed = match.span(), match.group()
        chance = rng.random()
        if chance < _SPECK_SHARE:
            changes.append((start, end, printed + rng.choice(_SPECKS)))
        elif chance < _SPECK_SHARE + _LOST_SHARE:
            changes.append((start, end, ""))
        else:
            changes.append((start, end, _read(printed, table, rng)))
    return whole_words(text, changes, "garble:ocr")


def _read(printed: str, table: dict[str, tuple[list[str], list[float]]], rng: random.Random) -> str:
    """Draw what is read; of two signs sometimes only the first is misread."""
    if len(printed) > 1 and printed[0] in table and rng.random() < 0.3:
        reads, weights = table[printed[0]]
        return rng.choices(reads, weights)[0] + printed[1:]
    reads, weights = table[printed]
    return rng.choices(reads, weights)[0]


def misreadings(word: str) -> Iterator[str]:
    """Yield what a word may be read as with one confusion."""
    pattern, table = _matrix()
    for at in range(len(word)):
        match = pattern.match(word, at)
        if match:
            for read in table[match.group()][0]:
                yield word[:at] + read + word[match.end() :]


def strays(text: str, rate: float, rng: random.Random) -> list[Edit]:
    """Put a few letters of a neighbouring column into `rate` of the gaps between words."""
    words = [match.group() for match in WORD.finditer(text)]
    edits = []
    for gap in draw(list(_GAP.finditer(text)), rate, rng):
        word, size = rng.choice(words), rng.randint(1, _LONGEST_STRAY)
        piece = word[:size] if rng.random() < _HEADS else word[-size:]
        if rng.random() < _SPECKED:
            piece += rng.choice(_SPECKS)
        edits.append(Edit(gap.end(), gap.end(), "", f"{piece} ", "garble:strays"))
    return edits


def hyphenation(text: str, rate: float, rng: random.Random) -> list[Edit]:
    """Break `rate` of the longer words at a syllable by a hyphen and a line break."""
    words = [m for m in WORD.finditer(text) if m.end() - m.start() >= _SHORTEST_BROKEN]
    edits = []
    for match in draw(words, rate, rng):
        start, word = match.start(), match.group()
        places = [m.start() for m in _BREAK.finditer(word, 2, len(word) - 1)]
        if places:
            at = rng.choice(places)
            broken = f"{word[:at]}-\n{word[at:]}"
            edits.append(Edit(start, start + len(word), word, broken, "garble:hyphenation"))
    return edits
