"""Pairs (original, garbled form) with the links between them, as columns; later joined by pair."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from restore.dictionary import normalise_form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

# How the garbled form's inflection relates to the original's.
SAME, BASE_FOR_INFLECTED, INFLECTED_ALIKE = range(3)
MAX_WORDS = 5
_FORM = re.compile(r"[a-z]+(?:[-'][a-z]+)*(?: (?:'s|'|[a-z]+(?:[-'][a-z]+)*)){0,4}|\d+")


class Forms:
    """Interns garbled forms: one number a form; forms that no tokeniser yields get -1."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._number: dict[str, int] = {}

    def number(self, text: str) -> int:
        """Return the form's number, -1 if it cannot be a form."""
        form = normalise_form(text)
        found = self._number.get(form)
        if found is None:
            found = len(self.texts) if _FORM.fullmatch(form) else -1
            if found >= 0:
                self.texts.append(form)
            self._number[form] = found
        return found

    def numbers(self, texts: Iterable[str]) -> NDArray[np.int32]:
        """Return the numbers of several forms."""
        return np.array([self.number(text) for text in texts], np.int32)


@dataclass(slots=True)
class Columns:
    """Links between originals and forms; equal lengths.

    Attributes:
        original: number in the vocabulary, int32.
        form: number in `Forms`, int32.
        link: kind of link, uint8 (`restore.dictionary.Relation`).
        log_share: log of the share of this target among the source's targets of the kind, float32.
        rank: sense rank of the original, uint8.
        form_rank: sense rank of the form, uint8.
        place: place of the form among the words of its synset, uint8.
        inflection: `SAME`, `BASE_FOR_INFLECTED` or `INFLECTED_ALIKE`, uint8.
    """

    original: NDArray[np.int32]
    form: NDArray[np.int32]
    link: NDArray[np.uint8]
    log_share: NDArray[np.float32]
    rank: NDArray[np.uint8]
    form_rank: NDArray[np.uint8]
    place: NDArray[np.uint8]
    inflection: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.original)

    def where(self, keep: NDArray[Any]) -> Columns:
        """Select rows by mask or by place."""
        return Columns(*(getattr(self, name)[keep] for name in self.__slots__))


@dataclass
class ColumnStore:
    """Collects columns block by block."""

    blocks: list[Columns] = field(default_factory=list)

    def add(self, columns: Columns) -> None:
        """Add a block, without pairs whose form is no form."""
        self.blocks.append(columns.where(columns.form >= 0))

    def join(self) -> Columns:
        """Return everything collected as one table."""
        names = Columns.__slots__
        return Columns(
            *(np.concatenate([getattr(block, name) for block in self.blocks]) for name in names)
        )
