"""What tells whether a word that was put back has a capital: its neighbours, the text, the form."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from restore._beginnings import begins
from restore._capitals import is_named
from restore._document import SENTENCE_START, WORD
from restore._sources import NO_EVIDENCE, source_of
from restore.lattice._case_table import OVER_THESE, RATE, hashed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from restore._document import Document
    from restore._edits import Edit
    from restore.lattice._case_table import CaseTable

    Floats = NDArray[np.float32]

FEATURES = (
    "rate", "left", "right", "over",
    "left_capital", "left_altered", "left_start", "right_capital", "right_altered",
    "form_small", "form_title", "form_upper", "form_rate", "form_named",
    "beginnings_small", "names_small", "others_capital",
    "text_capital", "text_small", "as_it_is", "over_capital", "over_these",
)  # fmt: skip
UNTOLD = -1  # capital of a word that was put back
MOSTLY = 2.0  # log odds of a capital from which a word is a name


class Line(NamedTuple):
    """A text as it will stand, word by word; N words and marks.

    Attributes:
        words: in small letters.
        capital: 1 or 0 for a word that stands as it did, `UNTOLD` for others, (N,).
        edit: number of the edit that puts one word there; -1 for none, -2 for several, (N,).
        start: whether a sentence begins there, (N,).
        near: whether one space stands before it, (N,).
    """

    words: list[str]
    capital: NDArray[np.int8]
    edit: NDArray[np.int64]
    start: NDArray[np.bool_]
    near: NDArray[np.bool_]


def describe(
    table: CaseTable, document: Document, edits: Sequence[Edit]
) -> tuple[Floats, list[int]]:
    """Return what speaks for a capital where a word was put back amid a sentence.

    Args:
        table: how news writes words.
        document: the text.
        edits: of it, in order, not overlapping.

    Returns:
        Shape (P, len(FEATURES)), and the numbers of the P edits.
    """
    line = line_up(document, edits)
    at = np.flatnonzero(line.edit >= 0)
    codes = hashed(line.words)
    forms = [edits[n].before for n in line.edit[at].tolist()]
    rate = table.logs(RATE, codes[at])
    inside = ~line.start[at]
    shape = _shape(forms)
    these = np.array([line.words[max(n - 1, 0)] in OVER_THESE for n in at.tolist()], bool)
    over_capital = these & (line.capital[np.maximum(at - 2, 0)] == 1)
    parts = (
        rate, _beside(table, line, codes, at, these), shape, _of_forms(table, forms),
        _habits(rate, shape[:, 0] > 0, inside), _of_text(line, at),
        [edits[n].after[:1].isupper() for n in line.edit[at].tolist()], over_capital, these,
    )  # fmt: skip
    about = np.column_stack(parts).astype(np.float32)
    return about[inside], line.edit[at][inside].tolist()


def _of_forms(table: CaseTable, forms: list[str]) -> Floats:
    rate = table.logs(RATE, hashed(form.lower() for form in forms))
    return np.column_stack([rate, [is_named(form) for form in forms]])


def _beside(
    table: CaseTable,
    line: Line,
    codes: NDArray[np.uint64],
    at: NDArray[np.int64],
    these: NDArray[np.bool_],
) -> Floats:
    """Return what the neighbours tell, (P, 8); `these`: where `of` and the like stand before."""
    left, right = np.maximum(at - 1, 0), np.minimum(at + 1, len(codes) - 1)
    odds = table.beside(codes, line.near, at, these)
    of_left = (line.capital[left] == 1) & line.near[at] & ~line.start[left]
    of_right = (line.capital[right] == 1) & line.near[right] & (right > at)
    altered = line.edit != -1
    beside = (of_left, altered[left], line.start[left], of_right, altered[right])
    return np.column_stack([*odds, *beside]).astype(np.float32)


def line_up(document: Document, edits: Sequence[Edit]) -> Line:
    """Return a text with its edits made, word by word."""
    rows: list[tuple[Any, ...]] = []
    number, ends = 0, 0  # of the next edit; where the last one ended
    for token, (start, kind) in enumerate(zip(document.starts, document.kinds, strict=True)):
        if start < ends:
            continue
        while number < len(edits) and edits[number].end <= start:
            number += 1
        begin = bool(kind & SENTENCE_START)
        near = token > 0 and document.gap(token - 1) == " "
        if number < len(edits) and edits[number].start <= start:
            rows += _of_edit(document.text, edits[number], number, begin, near)
            ends = edits[number].end
        else:
            word = document.tokens[token]
            capital = int(word[:1].isupper()) if kind & WORD else UNTOLD
            rows.append((word.lower(), capital, -1, begin, near))
    words, capitals, numbers, starts, nears = ([row[n] for row in rows] for n in range(5))
    return Line(
        words, np.array(capitals, np.int8), np.array(numbers, np.int64),
        np.array(starts, bool), np.array(nears, bool),
    )  # fmt: skip


def _of_edit(
    text: str, edit: Edit, number: int, begin: bool, near: bool
) -> Iterator[tuple[str, int, int, bool, bool]]:
    """Yield the words of an edit as rows of a line."""
    words = edit.after.lower().split()
    plain = len(words) == 1 and _is_plain(edit)
    for place, word in enumerate(words):
        first = place == 0
        start = first and (begin or begins(text, edit.start))
        yield word, UNTOLD, number if plain else -2, start, near or not first


def _is_plain(edit: Edit) -> bool:
    """May another capital be given to an edit: one word of letters, all but its first small?"""
    after = edit.after
    told = source_of(edit) in NO_EVIDENCE - {"written"}
    return after.isalpha() and not told and (after[1:].islower() or len(after) == 1)


def _shape(forms: list[str]) -> Floats:
    """Return whether forms are small, have one capital, are all capitals: (P, 3)."""
    upper = np.array([len(form) > 1 and form.isupper() for form in forms], bool)
    small = np.array([form[:1].islower() for form in forms], bool)
    title = np.array([form[:1].isupper() for form in forms], bool) & ~upper
    return np.column_stack([small, title, upper]).astype(np.float32)


def _habits(rate: Floats, small: NDArray[np.bool_], inside: NDArray[np.bool_]) -> Floats:
    """Return how a spinner treats capitals, by all places but the one looked at: (P, 3).

    Log odds of small letters where sentences begin and for names, of capitals for other words.
    """
    named, common = inside & (rate > MOSTLY), inside & (rate < -MOSTLY)
    return np.column_stack([
        _odds(~inside, small), _odds(named, small), _odds(common, ~small)
    ])  # fmt: skip


def _odds(among: NDArray[np.bool_], yes: NDArray[np.bool_]) -> Floats:
    """Return the log odds of `yes` among places, each without itself: (P,)."""
    ayes, noes = among & yes, among & ~yes
    odds: Floats = np.log((ayes.sum() - ayes + 0.5) / (noes.sum() - noes + 0.5)).astype(np.float32)
    return odds


def _of_text(line: Line, at: NDArray[np.int64]) -> Floats:
    """Return how often the text itself has the words with a capital and without: logs, (P, 2)."""
    told = (line.capital != UNTOLD) & ~line.start & line.near
    counts = Counter((line.words[n], int(line.capital[n])) for n in np.flatnonzero(told).tolist())
    words = [line.words[n] for n in at.tolist()]
    found = [[counts[word, capital] for capital in (1, 0)] for word in words]
    return np.log1p(np.array(found, np.float32).reshape(-1, 2))
