"""Dictionary mode: forms that are practically never honest English, undone without a model."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from restore._decoder import Proposal, is_free, match_case
from restore._document import CAPITAL
from restore._edits import Edit
from restore.dictionary._relation import Relation

if TYPE_CHECKING:
    from restore._document import Document
    from restore.dictionary import Dictionary


class DictionaryDecoder:
    """Applies deterministic entries alone; hundreds of thousands of words a second."""

    name = "dictionary"

    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary

    @cached_property
    def _forms(self) -> dict[str, tuple[str, str, float]]:
        """Deterministic form -> (original, source, probability)."""
        entries = self.dictionary.deterministic_entries()
        best = ((entry.form, entry.candidates[0]) for entry in entries)
        return {
            form: (first.original, f"dictionary:{first.relation}", round(first.prior, 4))
            for form, first in best
        }

    @cached_property
    def _heads(self) -> dict[str, tuple[int, ...]]:
        """First word of each deterministic form -> numbers of words, longest first."""
        heads: dict[str, set[int]] = {}
        for form in self._forms:
            heads.setdefault(form.split(" ", 1)[0], set()).add(form.count(" ") + 1)
        return {head: tuple(sorted(sizes, reverse=True)) for head, sizes in heads.items()}

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(self.dictionary.originals)

    def knows(self, word: str) -> bool:
        """Tell whether a lower-case word is usual English: an original of some form."""
        return word in self._words

    def propose(self, document: Document) -> Proposal:
        """Return an edit for every deterministic form outside protected spans.

        Capitalised forms may be names, and nothing here could tell: they stay, but for the user's
        own entries.
        """
        lower = [token.lower() for token in document.tokens]
        heads = self._heads
        edits: list[Edit] = []
        taken = 0
        for at in [index for index, word in enumerate(lower) if word in heads]:
            found = self._longest(lower, at) if at >= taken else None
            if found is not None and self._may_edit(document, at, found):
                edits.append(_make(document, at, *found))
                taken = found[1]
        return Proposal(tuple(edits), float(len(edits)), len(lower))

    @staticmethod
    def _may_edit(document: Document, at: int, found: tuple[tuple[str, str, float], int]) -> bool:
        own = found[0][1] == f"dictionary:{Relation.USER}"
        return (own or not document.kinds[at] & CAPITAL) and is_free(document, at, found[1])

    def _longest(self, lower: list[str], at: int) -> tuple[tuple[str, str, float], int] | None:
        """Return what stands at `at` and the index behind it, None if no whole form does."""
        for size in self._heads[lower[at]]:
            found = self._forms.get(" ".join(lower[at : at + size]))
            if found is not None:
                return found, at + size
        return None


def _make(document: Document, first: int, found: tuple[str, str, float], end: int) -> Edit:
    original, source, confidence = found
    start, stop = document.starts[first], document.end(end - 1)
    before = document.text[start:stop]
    return Edit(start, stop, before, match_case(before, original), source, confidence)
