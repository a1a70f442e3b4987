"""Capitals that got lost: ``on monday the mayor of ghent`` (compare Lita et al. 2003, tRuEcasIng).

One such word is a slip, or somebody's style. Several words that news always capitalises, in small
letters, tell that capitals got lost, and how many; then they come back, at the beginnings of
sentences too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore._beginnings import small_beginnings
from restore._capitals import LIKE_INITIALS, capitals
from restore._document import PROTECTED, WORD
from restore._edits import Edit
from restore._english import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from restore._document import Document
    from restore.lattice._ngram import NgramModel
    from restore.lattice._truecase import Odds

SOURCE = "full:case"
CONFIDENCE = 0.995
FEWEST, SHARE = 3, 0.15  # different names in small letters, and how many of all names are
SHORTEST = 3  # letters of a name that tells
SURE = 4.0  # log odds of a capital from which on a word is a name
MARGIN = 0.5  # log odds of a lost capital
USUAL = -13.0  # log frequency of what no list capitalises: others may be misspelt
# What stands before and behind a word that is whole; pieces of words have other marks beside them.
BEFORE, BEHIND = frozenset(' \n\t("\u201c\u2018/'), frozenset(" \n\t,.;:?!)\"\u201d'\u2019/")
# Letters with full stops (`u.s.`), and an American politician's party and state (`d-mi`).
INITIALS = re.compile(r"(?<![\w.])(?:[a-z]\.){2,}(?!\w)|(?<=\()[dri]-[a-z]{2}(?=[),])")
NO_NAMES = frozenset({"a.m.", "p.m.", "i.e.", "e.g.", "a.k.a."})
# Small where they number paragraphs, as single letters are; `i` is a word outside of brackets.
NUMERALS = frozenset("i ii iii iv v vi vii viii ix x xi xii".split())  # noqa: SIM905


class Lost(NamedTuple):
    """What a text tells of capitals that it has lost.

    Attributes:
        begins: where its sentences begin in small letters.
        share: of its capitals that are lost, 0-1.
    """

    begins: frozenset[int]
    share: float


def lost_capitals(document: Document, odds: Odds) -> Lost | None:
    """Return what a text tells of its lost capitals; None if it has lost none.

    Several different names tell, or one and sentences that begin in small letters behind others:
    lines do in lists and verse.

    Args:
        document: the text.
        odds: of a capital at each token, as `capital_odds` has them.
    """
    small, large = _names(document, odds)
    if not small:
        return None
    begins = frozenset(small_beginnings(document.text))
    lost = len(small)
    if len(set(small)) < FEWEST:
        behind = sum(" " in document.text[max(0, at - 2) : at] for at in begins)
        if len(set(small)) + behind < FEWEST:
            return None
        lost, large = lost + behind, large + len(document.sentences)
    share = lost / (lost + large)
    return Lost(begins, share) if share >= SHARE else None


def raise_names(
    document: Document,
    sentences: Sequence[tuple[int, int]],
    lost: Lost,
    odds: Odds,
    model: NgramModel,
) -> Iterator[Edit]:
    """Yield edits, sentence by sentence, that give names and beginnings their capitals back.

    Args:
        document: the text.
        sentences: first and end token of each that edits are wanted for.
        lost: what `lost_capitals` says of the whole text, asked once.
        odds: of a capital at each token.
        model: knows the usual words.
    """
    for first, end in sentences:
        initials = list(_initials(document, *document.extent([(first, end)])))
        within = {at for edit in initials for at in range(edit.start, edit.end)}
        yield from initials
        for at in range(first, end):
            start = document.starts[at]
            if start in within or not _is_small(document, at):
                continue
            word = document.tokens[at]
            after = _raised(document, at, lost, float(odds.beside[at]), model)
            if after != word:
                yield Edit(start, start + len(word), word, after, SOURCE, CONFIDENCE)


def _raised(document: Document, at: int, lost: Lost, odds: float, model: NgramModel) -> str:
    """Return a word in small letters as it was written, likely."""
    word, start = document.tokens[at], document.starts[at]
    if word in NUMERALS or len(word) == 1:
        numbers = document.text[start - 1 : start] == "(" or word not in {"a", "i"}
        return word.upper() if not numbers and (word == "i" or start in lost.begins) else word
    after = capitals().get(word, word)
    if after != word or model.log_share(word) < USUAL:
        return after
    named = odds + np.log(lost.share) > MARGIN and word not in LIKE_INITIALS
    if start in lost.begins or (named and _is_whole(document.text, start, start + len(word))):
        after = word[:1].upper() + word[1:]
    return after


def _initials(document: Document, start: int, end: int) -> Iterator[Edit]:
    for match in INITIALS.finditer(document.text, start, end):
        before = match.group()
        if before not in NO_NAMES:
            yield Edit(*match.span(), before, before.upper(), SOURCE, CONFIDENCE)


def _names(document: Document, odds: Odds) -> tuple[list[str], int]:
    """Return a text's names in small letters, and how many have their capitals.

    Plainly English sentences alone: ``norte`` and ``maire`` are names in English, and words where
    they are at home.
    """
    small: list[str] = []
    large = 0
    for first, end in document.sentences:
        if ENGLISH.isdisjoint(word.lower() for word in document.tokens[first:end]):
            continue
        for at in (first + np.flatnonzero(odds.alone[first:end] >= SURE)).tolist():
            if len(document.tokens[at]) < SHORTEST or document.tokens[at] in NUMERALS:
                continue
            if _is_small(document, at):
                small.append(document.tokens[at])
            else:
                large += bool(document.kinds[at] & WORD)
    return small, large


def _is_small(document: Document, at: int) -> bool:
    kind = document.kinds[at]
    return bool(kind & WORD) and not kind & PROTECTED and document.tokens[at].islower()


def _is_whole(text: str, start: int, end: int) -> bool:
    """Tell whether a word is no piece of a damaged one."""
    before, behind = text[start - 1 : start] or " ", text[end : end + 1] or " "
    return before in BEFORE and behind in BEHIND
