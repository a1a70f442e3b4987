"""Finds forms of the dictionary in a document: the user's own first, then the longest.

Imported by the decoders.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from restore._decoder import is_free
from restore._document import CAPITAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from restore._document import Document

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Words:
    """Tokens of a document as forms are written, see `lower_tokens`.

    Attributes:
        document: what they stand in.
        lower: the tokens from `low` on.
        low: index of the first of them in the document.
    """

    document: Document
    lower: Sequence[str]
    low: int = 0


@dataclass(frozen=True, slots=True)
class Forms:
    """Forms to look for.

    Attributes:
        sizes: first word of each form -> numbers of words, longest first.
        has: tells whether these words are a form.
        spares_capitals: whether one that begins with a capital is left alone.
    """

    sizes: Mapping[str, tuple[int, ...]]
    has: Callable[[Sequence[str]], bool]
    spares_capitals: bool = False

    @classmethod
    def of(cls, forms: Iterable[str], *, spares_capitals: bool = False) -> Forms:
        """Make a table of forms, words joined by single spaces."""
        known = frozenset(forms)
        return cls(longest_first(known), lambda words: " ".join(words) in known, spares_capitals)

    def find(self, words: Words, span: Span) -> Iterator[Span]:
        """Yield ``(first, end)`` of unprotected forms between two places in `words.lower`."""
        at, stop = span
        while at < stop:
            sizes = self.sizes.get(words.lower[at])
            size = self._size(words, at, stop, sizes) if sizes else 0
            if size:
                yield at, at + size
            at += size or 1

    def _size(self, words: Words, at: int, stop: int, sizes: tuple[int, ...]) -> int:
        """Return the number of words of the longest form at `at`, 0 for none."""
        first = words.low + at
        if self.spares_capitals and words.document.kinds[first] & CAPITAL:
            return 0
        for size in sizes:
            fits = at + size <= stop and self.has(words.lower[at : at + size])
            if fits and is_free(words.document, first, first + size):
                return size
        return 0


def longest_first(forms: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return the first word of each form, to the numbers of words of its forms.

    >>> longest_first(["tin", "tin can", "can"])
    {'tin': (2, 1), 'can': (1,)}
    """
    sizes: dict[str, set[int]] = {}
    for form in forms:
        sizes.setdefault(form.split(" ", 1)[0], set()).add(form.count(" ") + 1)
    kept: dict[tuple[int, ...], tuple[int, ...]] = {}  # few different ones, each in memory once
    ordered = ((head, tuple(sorted(ns, reverse=True))) for head, ns in sizes.items())
    return {head: kept.setdefault(ns, ns) for head, ns in ordered}


def find_forms(words: Words, span: Span, own: Forms, others: Forms) -> Iterator[Span]:
    """Yield the user's `own` forms, and `others` where none of those is touched, in order."""
    at, stop = span
    for first, end in own.find(words, span) if own.sizes else ():
        yield from others.find(words, (at, first))
        yield first, end
        at = end
    yield from others.find(words, (at, stop))
