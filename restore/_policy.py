"""The one place that answers: should this proposed edit be made?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from restore._document import CAPITAL, SENTENCE_START, WORD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from restore._document import Document
    from restore._edits import Edit


@dataclass(frozen=True, slots=True)
class Policy:
    """Thresholds on confidence, 0-1.

    Attributes:
        min_confidence: for words in lower case.
        min_confidence_start: for a capitalised word at the start of a sentence.
        min_confidence_name: for capitalised words elsewhere: mostly names, which spinners spare.
    """

    min_confidence: float
    min_confidence_start: float
    min_confidence_name: float

    @classmethod
    def from_threshold(cls, min_confidence: float) -> Policy:
        """Derive the stricter thresholds for capitals from the one for lower case.

        They close a third and four fifths of the distance to certainty.
        """
        rest = 1 - min_confidence
        return cls(min_confidence, 1 - rest * 2 / 3, 1 - rest / 5)

    def accept(self, edits: Iterable[Edit], document: Document) -> list[Edit]:
        """Return the edits to make: confident enough, outside protected spans, not overlapping."""
        accepted: list[Edit] = []
        kind_at = dict(zip(document.starts, document.kinds, strict=True))
        for edit in sorted(edits, key=lambda e: (e.start, -e.confidence)):
            if accepted and edit.start < accepted[-1].end:
                continue
            if edit.confidence >= self._needed(kind_at.get(edit.start, WORD)):
                accepted.append(edit)
        return _outside(accepted, document.protected)

    def _needed(self, kind: int) -> float:
        if not kind & CAPITAL:
            return self.min_confidence
        return self.min_confidence_start if kind & SENTENCE_START else self.min_confidence_name


def _outside(edits: list[Edit], protected: list[tuple[int, int]]) -> list[Edit]:
    """Drop edits that touch a protected span; both lists are in order."""
    kept: list[Edit] = []
    at = 0
    for edit in edits:
        while at < len(protected) and protected[at][1] <= edit.start:
            at += 1
        if at == len(protected) or edit.end <= protected[at][0]:
            kept.append(edit)
    return kept
