"""Cuts a text into words, numbers and punctuation marks; used by `restore._document` alone."""

from __future__ import annotations

import re
from itertools import accumulate, compress

# Bits of a token's kind. White space has none of them.
SPACE = 0
WORD = 1
NUMBER = 2  # also codes that hold a digit: 21st, F-16, COVID-19, 1990s
PUNCT = 4
PROTECTED = 8  # never altered, whatever it is; whole numbers may be written out
CAPITAL = 16  # a word whose first letter is a capital
ALLCAPS = 32  # a word of two or more letters, all capitals (and 'S after such a word)
SENTENCE_START = 64  # the first word of a sentence
INITIAL = 128  # a word that is one capital letter

# Letters that English news is made of: a plain set is matched faster than "\w but no digit".
_COMMON = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
# Signs that belong to the letter before them: accents of several scripts, soft hyphen, joiners.
_MARKS = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f"
    "\u0981-\u0983\u09bc-\u09cd\u0a3c-\u0a4d\u0abc-\u0acd\u0b3c-\u0b57\u0bbe-\u0bcd\u0c3e-\u0c56"
    "\u0cbc-\u0cd6\u0d3b-\u0d4d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u200c\u200d\u20d0-\u20ff\ufe20-\ufe2f"
)
_LETTERS = rf"(?:[{_COMMON}]++|[^\W\d_]|(?<=[^\W\d_])[{_MARKS}]++)++"
_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"
_HYPHENS = "\N{HYPHEN}\N{NON-BREAKING HYPHEN}-"
_POSSESSIVE = rf"[{_APOSTROPHES}][sS](?!\w)"
# A digit and what hangs on to it: 10,000  3.5  21st  1990s  2024-10-03T10:00  5G  4x4  1990-95
_DIGITS = r"\d(?:[^\W_]|[.,:/\N{EN DASH}-](?=\d))*+"
_TOKEN = re.compile(
    " "
    rf"|{_LETTERS}(?:(?:[{_HYPHENS}]|(?!{_POSSESSIVE})[{_APOSTROPHES}]){_LETTERS})*+(?:-?{_DIGITS})?+"
    rf"|{_DIGITS}"
    rf"|(?<=[\w.]){_POSSESSIVE}"
    r"|\s++"
    r"|.",  # any other sign is a token of its own
    re.DOTALL,
)


def words(table: str) -> frozenset[str]:
    """Return the words of a table written as running text.

    >>> sorted(words("b a"))
    ['a', 'b']
    """
    return frozenset(table.split())


def _kind(piece: str) -> int:
    """Return the bits that a piece of text has by itself, wherever it stands."""
    if piece.isspace():
        return SPACE
    if any(sign.isnumeric() and not sign.isalpha() for sign in piece):
        return NUMBER | PROTECTED
    letters = [sign for sign in piece if sign.isalpha()]
    if not letters:
        return PUNCT
    if not letters[0].isupper():
        return WORD
    if len(piece) == 1:
        return WORD | CAPITAL | INITIAL
    return WORD | CAPITAL | (ALLCAPS if piece.isupper() else 0)


class _KindCache(dict[str, int]):
    """Kinds by piece. News repeats its words, so that a look-up in C replaces the work above."""

    def __missing__(self, piece: str) -> int:
        kind = _kind(piece)
        if len(piece) <= _CACHED_LENGTH:
            if len(self) >= _CACHED_PIECES:
                self.clear()  # any order is right: the kind depends on the piece alone
            self[piece] = kind
        return kind


_CACHED_LENGTH = 24
_CACHED_PIECES = 1 << 16
_kinds = _KindCache()


def tokenize(text: str) -> tuple[list[str], list[int], bytearray]:
    """Return the tokens of `text`, their offsets in code points, and their kinds.

    >>> tokenize("Russia's 10,000 don't!")[:2]
    (['Russia', "'s", '10,000', "don't", '!'], [0, 6, 9, 16, 21])
    """
    pieces = _TOKEN.findall(text)
    kinds = bytes(map(_kinds.__getitem__, pieces))
    tokens = list(compress(pieces, kinds))
    starts = list(compress(accumulate(map(len, pieces), initial=0), kinds))
    return tokens, starts, bytearray(kinds.translate(None, b"\0"))
