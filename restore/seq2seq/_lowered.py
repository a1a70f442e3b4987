"""Capitals that got lost: ``on monday the mayor of ghent`` (compare Lita et al. 2003, tRuEcasIng).

One such word is a slip, or somebody's style. Several words that news always capitalises, in small
letters, tell that capitals got lost; then they come back, at the beginnings of sentences too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from restore._beginnings import small_beginnings
from restore._capitals import capitals
from restore._document import PROTECTED, WORD
from restore._edits import Edit
from restore._english import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from restore._document import Document
    from restore.lattice._ngram import NgramModel

SOURCE = "full:case"
CONFIDENCE = 0.995
FEWEST, SHARE = 3, 0.15  # different names in small letters, and how many of all names are
USUAL = -13.0  # log frequency of what is capitalised at a beginning: others may be misspelt


def lost_beginnings(document: Document) -> frozenset[int] | None:
    """Return where sentences begin in small letters; None for a text that has lost no capitals."""
    return frozenset(small_beginnings(document.text)) if _has_lost(document, capitals()) else None


def raise_names(
    document: Document,
    sentences: Sequence[tuple[int, int]],
    begins: frozenset[int],
    model: NgramModel,
) -> Iterator[Edit]:
    """Yield edits, in order, that give names and beginnings their capitals back.

    Args:
        document: the text.
        sentences: first and end token of each that edits are wanted for.
        begins: what `lost_beginnings` says of the whole text, asked once.
        model: knows the usual words.
    """
    names = capitals()
    for first, end in sentences:
        for at in range(first, end):
            word, start = document.tokens[at], document.starts[at]
            if not _is_small(document, at):
                continue
            after = "I" if word == "i" else names.get(word, word)
            if start in begins and after == word and model.log_share(word) >= USUAL:
                after = word.capitalize()
            if after != word:
                yield Edit(start, start + len(word), word, after, SOURCE, CONFIDENCE)


def _has_lost(document: Document, names: Mapping[str, str]) -> bool:
    """Tell whether several of a text's names are in small letters, plainly English sentences alone.

    ``norte`` and ``maire`` are names in English, and words where they are at home.
    """
    small: list[str] = []
    large = 0
    for first, end in document.sentences:
        if ENGLISH.isdisjoint(word.lower() for word in document.tokens[first:end]):
            continue
        for at in range(first, end):
            word = document.tokens[at]
            if _is_small(document, at):
                small += [word] if word in names else []
            elif document.kinds[at] & WORD:
                large += word.lower() in names
    return len(set(small)) >= FEWEST and len(small) >= SHARE * (len(small) + large)


def _is_small(document: Document, at: int) -> bool:
    kind = document.kinds[at]
    return bool(kind & WORD) and not kind & PROTECTED and document.tokens[at].islower()
