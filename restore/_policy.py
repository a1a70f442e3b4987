"""The one place that answers: should this proposed edit be made?"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from restore._document import CAPITAL, SENTENCE_START, WORD
from restore._english import in_english
from restore._signs import CLEAR, Signs, is_misspelt, is_spun, is_suspect
from restore._sources import GUESSES, NUMERAL, STRAY, is_division, source_of
from restore._varieties import in_variety, is_americanised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from restore._decoder import Proposal
    from restore._document import Document
    from restore._edits import Edit

IF_STRAY = 0.3  # confidence of the deletion of stray letters
IF_NUMERAL = 0.5  # ... that a number of a spun text stands for its word
IF_ALONE = 0.4  # confidence of the correction of a word that is all of a text
IF_SUSPECT = 0.7  # confidence needed beside a word that is certainly garbled
CORRECTED_IF_MISSPELT = 0.35  # confidence of a correction in misspelt texts
WRITTEN_IF_MISSPELT = 0.5  # confidence of what no list holds, in misspelt texts


@dataclass(frozen=True, slots=True)
class Policy:
    """Least confidence of an edit, 0-1, by what it would change.

    Attributes:
        min_confidence: of words in lower case.
        min_confidence_start: of a capitalised word at the start of a sentence.
        min_confidence_name: of capitalised words elsewhere: mostly names, which spinners spare.
        min_confidence_deletion: of edits that leave nothing.
        min_confidence_stray: of those that delete a few letters which are no word.
        min_confidence_misspelt: of words that hardly anybody writes: they betray themselves.
        min_confidence_written: of replacements that no list holds.
        min_confidence_alone: of a word that hardly anybody writes and that is all of a text; None
            for no difference.
        min_confidence_numeral: of numbers that are written out; None leaves all of them alone.
        min_confidence_spelling: of British spelling turned American, which spinners have turned
            British; None leaves all of it alone.
        bold_guesses: whether capitalised words need little more than others where the edit is a
            correction of a misspelt word, or rests on no list.
        if_spun: what holds instead in spun texts; None for no difference.
        if_misspelt: the same for texts with several words that are certainly misspelt.
        if_suspect: the same for texts with a word that is certainly garbled.
        signs: what tells that a text is spun.
    """

    min_confidence: float
    min_confidence_start: float
    min_confidence_name: float
    min_confidence_deletion: float
    min_confidence_stray: float
    min_confidence_misspelt: float
    min_confidence_written: float
    min_confidence_alone: float | None = None
    min_confidence_numeral: float | None = None
    min_confidence_spelling: float | None = None
    bold_guesses: bool = False
    if_spun: Policy | None = None
    if_misspelt: Policy | None = None
    if_suspect: Policy | None = None
    signs: Signs = CLEAR

    @classmethod
    def from_threshold(
        cls,
        min_confidence: float,
        *,
        misspelt: float | None = None,
        if_spun: float | None = None,
        signs: Signs = CLEAR,
    ) -> Policy:
        """Derive all thresholds from the one for words in lower case.

        Those for capitals close a third and four fifths of the distance to certainty; deletions
        count as names.

        Args:
            min_confidence: for words in lower case, 0-1.
            misspelt: for words that hardly anybody writes; None for the same, in texts full of
                such words too.
            if_spun: for words in lower case in spun texts; None for no difference.
            signs: what tells that a text is spun.
        """
        plain = cls._derived(min_confidence, misspelt)
        if misspelt is not None:
            plain = replace(plain, if_misspelt=plain.for_misspelt())
        if if_spun is None:
            return plain
        suspect = cls._derived(min(IF_SUSPECT, min_confidence), misspelt)
        suspect = replace(suspect, min_confidence_written=min_confidence)
        spun = cls.for_spun(if_spun, misspelt)
        return replace(plain, if_spun=spun, if_suspect=suspect, signs=signs)

    @classmethod
    def _derived(cls, least: float, misspelt: float | None) -> Policy:
        rest = 1 - least
        sure = 1 - rest / 5
        lower = least if misspelt is None else misspelt
        alone = None if misspelt is None else min(IF_ALONE, misspelt)
        stray = sure if misspelt is None else min(IF_STRAY, misspelt)
        return cls(least, 1 - rest * 2 / 3, sure, sure, stray, lower, least, alone)

    @classmethod
    def for_spun(cls, min_confidence: float, misspelt: float | None = None) -> Policy:
        """Derive the thresholds of texts that are certainly spun.

        A word left garbled costs a reader there more than a wrong guess at it, and spinners that
        touch capitals touch many: those for capitals close a seventh of the distance to certainty.
        Words that hardly anybody writes are as they are elsewhere: spinners use them, and do not
        misspell.
        """
        least, capital = min_confidence, 1 - (1 - min_confidence) * 6 / 7
        rare = least if misspelt is None else misspelt
        return cls(
            least, capital, capital, least, least, rare, least,
            min_confidence_numeral=max(IF_NUMERAL, least), min_confidence_spelling=least,
        )  # fmt: skip

    def for_misspelt(self) -> Policy:
        """Derive the thresholds of texts full of misspelt words: any correction is welcome there.

        What a list of spinners' words suggests needs more than elsewhere: there are better reasons
        for what is amiss.
        """
        sure = self.min_confidence_name
        return replace(
            self,
            min_confidence=sure,
            min_confidence_start=sure,
            min_confidence_misspelt=min(CORRECTED_IF_MISSPELT, self.min_confidence_misspelt),
            min_confidence_written=min(WRITTEN_IF_MISSPELT, self.min_confidence),
            bold_guesses=True,
        )

    def fitting(self, proposal: Proposal) -> Policy:
        """Return the policy for a text: is it spun, or misspelt? Honest text asks for certainty."""
        if self.if_spun is not None and is_spun(proposal, self.signs):
            return self.if_spun
        return self.fitting_unspun(proposal)

    def fitting_unspun(self, proposal: Proposal) -> Policy:
        """Return the policy for a text that is known not to be spun: is it misspelt?"""
        if self.if_misspelt is not None and is_misspelt(proposal):
            return self.if_misspelt
        if self.if_suspect is not None and is_suspect(proposal, self.min_confidence):
            return self.if_suspect
        return self

    def accept(
        self, edits: Iterable[Edit], document: Document, knows: Callable[[str], bool]
    ) -> list[Edit]:
        """Return the edits to make: sure enough, in the text's English, unprotected, disjoint.

        Args:
            edits: proposals, in any order.
            document: what they are for.
            knows: tells whether a lower-case word is usual English.
        """
        accepted: list[Edit] = []
        kind_at = dict(zip(document.starts, document.kinds, strict=True))
        policy = self._alone() if len(document.tokens) == 1 else self
        for edit in sorted(edits, key=lambda e: (e.start, -e.confidence)):
            if accepted and edit.start < accepted[-1].end:
                continue
            if edit.confidence >= policy._needed(edit, kind_at.get(edit.start, WORD)):
                accepted.append(edit)
        english = in_english(_outside(accepted, document), document, knows)
        return in_variety(english, document, knows)

    def _alone(self) -> Policy:
        """Return the policy for a text of one word."""
        if self.min_confidence_alone is None:
            return self
        return replace(self, min_confidence_misspelt=self.min_confidence_alone)

    def _needed(self, edit: Edit, kind: int) -> float:
        if not edit.after:
            return self._deletion(edit)
        if source_of(edit) == NUMERAL:
            return _if_any(self.min_confidence_numeral)
        if source_of(edit) != "user" and is_americanised(edit.before, edit.after):
            return _if_any(self.min_confidence_spelling)
        guess = source_of(edit) in GUESSES
        if not kind & CAPITAL:
            return self._guess(edit) if guess else self.min_confidence
        if guess and self.bold_guesses:
            least = self._guess(edit)
            return least if is_division(edit) else _for_capitals(least)
        return self.min_confidence_start if kind & SENTENCE_START else self.min_confidence_name

    def _deletion(self, edit: Edit) -> float:
        if source_of(edit) != STRAY:
            return self.min_confidence_deletion
        least = self.min_confidence_stray
        return _for_capitals(least) if edit.before.strip()[:1].isupper() else least

    def _guess(self, edit: Edit) -> float:
        misspelt = source_of(edit) == "spelling"
        return self.min_confidence_misspelt if misspelt else self.min_confidence_written


def _if_any(least: float | None) -> float:
    """Return a threshold; one that is not there lets nothing through."""
    return math.inf if least is None else least


def _for_capitals(least: float) -> float:
    """Return what a guess at a capitalised word needs: a third of the way to certainty more."""
    return 1 - (1 - least) * 2 / 3


def _outside(edits: list[Edit], document: Document) -> list[Edit]:
    """Drop edits, which are in order, that touch what is protected from them."""
    protected, figures = document.protected, set(document.figures)
    kept: list[Edit] = []
    at = 0
    for edit in edits:
        while at < len(protected) and protected[at][1] <= edit.start:
            at += 1
        last = at
        if source_of(edit) == NUMERAL:
            while last < len(protected) and _is_inside(protected[last], edit, figures):
                last += 1
        if last == len(protected) or edit.end <= protected[last][0]:
            kept.append(edit)
    return kept


def _is_inside(span: tuple[int, int], edit: Edit, figures: set[tuple[int, int]]) -> bool:
    return span[0] < edit.end and span in figures
