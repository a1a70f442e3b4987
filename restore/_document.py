"""Splits a text into tokens, sentences and protected spans without losing a code point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from restore._protect import mark_protected, protected_spans, read_out
from restore._sentences import split_sentences
from restore._tokens import (
    ALLCAPS,
    CAPITAL,
    INITIAL,
    NUMBER,
    PROTECTED,
    PUNCT,
    SENTENCE_START,
    SPACE,
    WORD,
    tokenize,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "ALLCAPS",
    "CAPITAL",
    "INITIAL",
    "NUMBER",
    "PROTECTED",
    "PUNCT",
    "SENTENCE_START",
    "SPACE",
    "WORD",
    "Document",
]


@dataclass(slots=True)
class Document:
    """A text and what it is made of; the text itself is never changed.

    Words are letters with the hyphens and apostrophes inside them (``year-old``, ``don't``); a
    possessive ``'s`` is a word of its own; a code with a digit in it (``21st``, ``F-16``) is a
    number. Every other sign is a punctuation mark by itself.

    Attributes:
        text: the original.
        tokens: surface strings of words, numbers and punctuation marks, in order; what lies
            between them is white space and markup that nobody reads out, as ``**`` and ``<b>``.
        starts: offset of each token, in code points of `text`.
        kinds: bit flags of each token (`WORD`, `NUMBER`, `PUNCT`, `PROTECTED`, `CAPITAL`,
            `ALLCAPS`, `INITIAL`, `SENTENCE_START`).
        sentences: half-open ranges of token indexes, in order, without gaps.
        protected: half-open ranges of offsets that no edit may touch, in order, disjoint.
        figures: those of `protected` that are a whole number by itself (or ``H2O``), and nothing
            else: in a spun text they may be written out, as ``2`` stands for two.
    """

    text: str
    tokens: list[str]
    starts: list[int]
    kinds: bytearray
    sentences: list[tuple[int, int]]
    protected: list[tuple[int, int]]
    figures: list[tuple[int, int]]

    @classmethod
    def parse(cls, text: str, protect: tuple[str, ...] = ()) -> Document:
        """Split `text`; whole-word occurrences of the terms in `protect` are protected too.

        Takes time linear in the length of `text`, whatever it holds.

        >>> document = Document.parse("It cost $5. He paid.")
        >>> document.protected, document.sentences
        ([(8, 10)], [(0, 5), (5, 8)])
        """
        tokens, starts, kinds = tokenize(text)
        protected, figures, silent = protected_spans(text, tokens, starts, kinds, protect)
        mark_protected(tokens, starts, kinds, protected)
        tokens, starts, kinds = read_out(tokens, starts, kinds, silent)
        sentences = split_sentences(text, tokens, starts, kinds)
        _mark_sentence_starts(kinds, sentences)
        return cls(text, tokens, starts, kinds, sentences, protected, figures)

    def extent(self, sentences: list[tuple[int, int]]) -> tuple[int, int]:
        """Return the offsets between which consecutive `sentences` stand."""
        return self.starts[sentences[0][0]], self.end(sentences[-1][1] - 1)

    def spans(self) -> Iterator[tuple[int, int, int]]:
        """Yield ``(kind, start, end)`` for tokens and, as `SPACE`, what lies between them.

        The spans follow one another without gaps from 0 to the length of the text.
        """
        at = 0
        for token, start, kind in zip(self.tokens, self.starts, self.kinds, strict=True):
            if at < start:
                yield SPACE, at, start
            at = start + len(token)
            yield kind, start, at
        if at < len(self.text):
            yield SPACE, at, len(self.text)

    def end(self, token: int) -> int:
        """Return the offset behind the token with index `token`."""
        return self.starts[token] + len(self.tokens[token])

    def gap(self, token: int) -> str:
        """Return what stands between the token with index `token` and the next."""
        return self.text[self.end(token) : self.starts[token + 1]]

    def sentence_spans(self) -> Iterator[tuple[int, int]]:
        """Yield the offsets of each sentence, from its first token to the end of its last."""
        for first, after in self.sentences:
            yield self.starts[first], self.starts[after - 1] + len(self.tokens[after - 1])


def _mark_sentence_starts(kinds: bytearray, sentences: list[tuple[int, int]]) -> None:
    for first, after in sentences:
        for index in range(first, after):
            if kinds[index] & (WORD | NUMBER):
                if kinds[index] & WORD:
                    kinds[index] |= SENTENCE_START
                break
