"""Dictionary mode: forms that are practically never honest English, undone without a model."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from restore._decoder import Proposal, match_case
from restore._document import CAPITAL, PROTECTED, WORD
from restore._edits import Edit

if TYPE_CHECKING:
    from restore._document import Document
    from restore.dictionary import Dictionary


class DictionaryDecoder:
    """Applies deterministic entries alone; a few hundred thousand words a second."""

    name = "dictionary"

    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary

    @cached_property
    def _forms(self) -> dict[str, tuple[str, str, float]]:
        """Deterministic form -> (original, source, probability)."""
        return {
            entry.form: (
                entry.candidates[0].original,
                f"dictionary:{entry.candidates[0].relation}",
                entry.candidates[0].prior,
            )
            for entry in self.dictionary.deterministic_entries()
        }

    @cached_property
    def _heads(self) -> dict[str, tuple[int, ...]]:
        """First word of each deterministic form -> numbers of words, longest first."""
        heads: dict[str, set[int]] = {}
        for form in self._forms:
            words = form.split(" ")
            heads.setdefault(words[0], set()).add(len(words))
        return {head: tuple(sorted(sizes, reverse=True)) for head, sizes in heads.items()}

    def propose(self, document: Document) -> Proposal:
        """Return an edit for every deterministic form outside protected spans."""
        lower = [token.lower() for token in document.tokens]
        words = len(lower)
        if self._heads.keys().isdisjoint(lower):
            return Proposal((), 0.0, words)
        edits: list[Edit] = []
        at = 0
        while at < words:
            edit, used = self._edit_at(document, lower, at)
            if edit is not None:
                edits.append(edit)
            at += used
        return Proposal(tuple(edits), float(len(edits)), words)

    def _edit_at(self, document: Document, lower: list[str], at: int) -> tuple[Edit | None, int]:
        for size in self._heads.get(lower[at], ()):
            found = self._forms.get(" ".join(lower[at : at + size]))
            if found and _is_free(document, at, at + size):
                return _make(document, at, at + size, *found), size
        return None, 1


def _is_free(document: Document, first: int, end: int) -> bool:
    """Are these plain words, with single spaces between them?"""
    if end > len(document.tokens):
        return False
    for index in range(first, end):
        if document.kinds[index] & (PROTECTED | WORD) != WORD:
            return False
        if index > first and document.text[_end(document, index - 1) : document.starts[index]] not in " \n":
            return False
    # A name is not a garbled word: "Nan Goldin" stays, "Nan" at a sentence's start is looked at.
    return True


def _end(document: Document, index: int) -> int:
    return document.starts[index] + len(document.tokens[index])


def _make(
    document: Document, first: int, end: int, original: str, source: str, confidence: float
) -> Edit:
    start, stop = document.starts[first], _end(document, end - 1)
    before = document.text[start:stop]
    return Edit(start, stop, before, match_case(before, original), source, round(confidence, 4))


__all__ = ["CAPITAL", "DictionaryDecoder"]
