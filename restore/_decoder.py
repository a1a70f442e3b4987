"""What every decoder answers to: a document in, proposed edits and a garbled share out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from restore._document import PROTECTED, WORD
from restore._wrapping import LINE_ENDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from restore._document import Document
    from restore._edits import Edit


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a decoder makes of a document.

    Attributes:
        edits: one for each place whose best reading differs from what stands there, whatever its
            confidence; offsets refer to the document's text.
        garbled: expected number of garbled words, `edits` included or not.
        words: number of words looked at.
        explained: the expected number of those garbled words that are explained by a list of
            spinners' replacements or by the document's key, user's entries apart.
        titled: whether the document is written like a headline: its capitals tell nothing.
    """

    edits: tuple[Edit, ...]
    garbled: float
    words: int
    explained: float = 0.0
    titled: bool = False


class Decoder(Protocol):
    """Chooses readings for a document's words. Deterministic and free of state between calls."""

    @property
    def name(self) -> str:
        """The mode's name."""
        ...

    def propose(self, document: Document) -> Proposal:
        """Return the proposed edits; never raises for any text."""
        ...

    def knows(self, word: str) -> bool:
        """Tell whether a lower-case word, its apostrophe straight, is usual English."""
        ...


_CURLY = "\N{RIGHT SINGLE QUOTATION MARK}"
_APOSTROPHES = ("'", _CURLY)
# What may stand between the words of a phrase: a line end inside a sentence only wraps the line,
# and the next one may be indented.
_ACROSS = rf"[^\S{LINE_ENDS}]"
_BREAK = re.compile(rf"{_ACROSS}*\r?\n{_ACROSS}*")
_SPACES = re.compile(rf"{_BREAK.pattern}|{_ACROSS}+")


def lower_tokens(tokens: Sequence[str]) -> list[str]:
    """Write tokens as dictionary forms are written: small letters, straight apostrophes."""
    return [token.lower().replace(_CURLY, "'") for token in tokens]


def match_case(before: str, after: str) -> str:
    """Give `after` the capitals of `before`, its kind of apostrophes and its line break.

    The break stands where the last space would; a single word has no place for it.

    >>> match_case("Nan", "the"), match_case("NAN", "the"), match_case("nan", "I")
    ('The', 'THE', 'I')
    """
    if _CURLY in before:
        after = after.replace("'", _CURLY)
    if "\n" in before and (broken := _BREAK.search(before)) is not None:
        after = broken[0].join(after.rsplit(" ", 1))
    if len(before) > 1 and before.isupper():
        return after.upper()
    if before[:1].isupper():
        return after[:1].upper() + after[1:]
    return after


def is_free(document: Document, first: int, end: int) -> bool:
    """Are the tokens from `first` to `end` unprotected words, one space or line break apart?

    Nothing stands before a possessive ``'s``, which is a token of its own. False where `end` lies
    behind the last token.
    """
    if end > len(document.tokens):
        return False
    for index in range(first, end):
        if document.kinds[index] & (PROTECTED | WORD) != WORD:
            return False
        if index > first:
            gap = document.gap(index - 1)
            if document.tokens[index].startswith(_APOSTROPHES):
                if gap:
                    return False
            elif gap != " " and not _SPACES.fullmatch(gap):
                return False
    return True
