"""Dictionary mode: forms that are practically never honest English, undone without a model."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from restore._capitals import fit_case
from restore._decoder import Proposal, lower_tokens
from restore._document import WORD
from restore._edits import Edit
from restore._forms import Forms, Words, find_forms
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
    def _own(self) -> Forms:
        return Forms.of(form for form, found in self._forms.items() if _is_own(found))

    @cached_property
    def _others(self) -> Forms:
        others = (form for form, found in self._forms.items() if not _is_own(found))
        return Forms.of(others, spares_capitals=True)

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
        lower = lower_tokens(document.tokens)
        edits: list[Edit] = []
        garbled = 0
        for first, end in find_forms(
            Words(document, lower), (0, len(lower)), self._own, self._others
        ):
            edit = _make(document, first, self._forms[" ".join(lower[first:end])], end)
            if edit.before != edit.after:  # the user's "ibm" for "IBM" is right as it stands
                edits.append(edit)
                garbled += end - first
        words = sum(kind & WORD for kind in document.kinds)
        return Proposal(tuple(edits), float(garbled), words)


def _is_own(found: tuple[str, str, float]) -> bool:
    return found[1] == f"dictionary:{Relation.USER}"


def _make(document: Document, first: int, found: tuple[str, str, float], end: int) -> Edit:
    original, source, confidence = found
    start, stop = document.starts[first], document.end(end - 1)
    before = document.text[start:stop]
    after = fit_case(document.text, start, stop, original)
    return Edit(start, stop, before, after, source, confidence)
