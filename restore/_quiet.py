"""Capitals that tell nothing: shouted lines, and texts in which every word has one.

A decoder takes a capitalised word for a name, which spinners spare. Where all words are written so,
it reads a copy in small letters, and what it makes of that is written as loud as the original. Only
a spinner's words are worth it: honest text in small letters has names that look like errors.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from restore._edits import apply_edits
from restore._function_words import FUNCTION_WORDS
from restore._protect import touches, verbatim_spans
from restore._signs import betrays_spinner

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from restore._edits import Edit
    from restore._signs import Signs

FEWEST = 3  # words that a shouted line has at least
FEWEST_CAPITALISED = 20  # ... and a text in which each is capitalised
SHARE = 0.9  # of the words that are written so
FUNCTION_SHARE = 0.1  # of a copy's words, once it is restored: news has four times as many
_FUNCTION_WORDS = frozenset(FUNCTION_WORDS)
_WORD = re.compile(r"(?<![\w'\u2019])[^\W\d_]{2,}(?!\w)")
_LINE = re.compile(r"[^\n]+")
_BEGINNING = re.compile(r"(?<![\w'\u2019])[^\W\d_]")


class Quiet(NamedTuple):
    """A copy of a text, of the same length.

    Attributes:
        original: the text.
        text: the copy, its loud stretches in small letters.
        spans: these stretches, in order: half-open ranges of offsets.
        capitalised: whether its words but begin with a capital.
    """

    original: str
    text: str
    spans: list[tuple[int, int]]
    capitalised: bool = False

    @property
    def whole(self) -> bool:
        """Is most of the text loud?"""
        return 2 * sum(end - first for first, end in self.spans) > len(self.text)

    def is_prose(self, edits: list[Edit]) -> bool:
        """Tell whether the copy has function words once edits are made: lists of names have none.

        Their small letters make a text of names look spun: `nice` and `reading` are words.
        """
        words = _WORD.findall(apply_edits(self.text, edits))
        return sum(word in _FUNCTION_WORDS for word in words) >= FUNCTION_SHARE * len(words)

    def as_loud(self, edits: Iterable[Edit]) -> list[Edit]:
        """Return edits of the copy as edits of the original."""
        return [edit for edit in map(self._as_loud, edits) if edit.before != edit.after]

    def is_loud(self, edit: Edit) -> bool:
        """Does an edit touch a loud stretch?"""
        return touches(self.spans, edit.start, edit.end)

    def spun(self, edits: list[Edit], signs: Signs) -> list[Edit]:
        """Return the edits of the copy in those loud stretches that are spun by themselves.

        Spinners that spare names spare headlines: beside a garbled story they may be honest.
        """
        out: list[Edit] = []
        for span in self.spans:
            own = [edit for edit in edits if touches([span], edit.start, edit.end)]
            told = [edit.confidence for edit in own if betrays_spinner(edit)]
            words = len(_WORD.findall(self.text, *span))
            if signs.suffice(sum(told), words) and max(told) >= signs.confidence:
                out += own
        return out

    def _as_loud(self, edit: Edit) -> Edit:
        before = self.original[edit.start : edit.end]
        if before == edit.before:
            return edit
        alternatives = tuple((self._like(before, text), p) for text, p in edit.alternatives)
        after = self._like(before, edit.after)
        return replace(edit, before=before, after=after, alternatives=alternatives)

    def _like(self, before: str, after: str) -> str:
        """Write a text as loud as what it replaces; of a single letter the text tells how loud."""
        if before.isupper() and (len(before) > 1 or not self.capitalised):
            return after.upper()
        if before[:1].isupper():
            return _BEGINNING.sub(lambda letter: letter[0].upper(), after)
        return after


def quietened(text: str, protect: tuple[str, ...] = ()) -> Quiet | None:
    r"""Return a copy in small letters where a text is loud; None if it is nowhere.

    Args:
        text: any text.
        protect: terms that stay as they are; code, markup and addresses do, too.

    >>> quietened("NAN MAYOR SPEAKS\nNan mayor spoke.").text
    'nan mayor speaks\nNan mayor spoke.'
    """
    words = _WORD.findall(text)
    shouted = _is_shouted(words)
    capitalised = not shouted and _is_capitalised(words)
    found = [(0, len(text))] if shouted or capitalised else list(_shouted_lines(text))
    if not found:
        return None
    copy = list(text)
    for first, end in found:
        copy[first:end] = map(_small, text[first:end])
    for first, end in verbatim_spans(text, protect):
        copy[first:end] = text[first:end]
    return Quiet(text, "".join(copy), found, capitalised)


def _shouted_lines(text: str) -> Iterator[tuple[int, int]]:
    for line in _LINE.finditer(text):
        if _is_shouted(_WORD.findall(line[0])):
            yield line.span()


def _is_shouted(words: list[str]) -> bool:
    return len(words) >= FEWEST and sum(map(str.isupper, words)) >= SHARE * len(words)


def _is_capitalised(words: list[str]) -> bool:
    large = sum(word[0].isupper() for word in words)
    return len(words) >= FEWEST_CAPITALISED and large >= SHARE * len(words)


def _small(letter: str) -> str:
    small = letter.lower()
    return small if len(small) == 1 else letter
