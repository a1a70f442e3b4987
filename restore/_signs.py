"""What kind of text is it: spun, misspelt, suspect? The policy and full mode ask the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from restore._sources import NO_EVIDENCE, STRAY, is_division, source_of
from restore._varieties import is_americanised

if TYPE_CHECKING:
    from restore._decoder import Proposal
    from restore._edits import Edit

SPUN_SHARE = 0.04  # of the words that a list or the key explains better: the text counts as spun
SPUN_WORDS = 3  # ... if they are so many
MISSPELT_BESIDE = 0.3  # ... and for each of them there are fewer misspelt words than this
MISSPELT_SHARE = 0.01  # of the words that are misspelt beyond doubt: the text counts as misspelt
MISSPELT_EDITS = 2  # ... if they are so many
CERTAINLY_MISSPELT = 0.5  # confidence of their corrections
SURELY_MISSPELT = 0.6  # ... of which one is enough


class Signs(NamedTuple):
    """What has to be found of a spinner in a text, at the least.

    Attributes:
        words: expected to stand for what a list or the key says, in a text too short for
            `SPUN_WORDS` of them.
        share: of all its words that they are.
        confidence: with which one word at least is garbled, 0-1.
    """

    words: float
    share: float
    confidence: float

    def suffice(self, explained: float, words: int) -> bool:
        """Are so many words of a short text expected to stand for what a list or the key says?"""
        return explained >= max(self.words, self.share * words)


CLEAR = Signs(1.5, 0.2, 0.9)
SLIGHT = Signs(1.2, 0.12, 0.8)  # enough where a network has read the words in context


def is_spun(proposal: Proposal, signs: Signs = CLEAR) -> bool:
    """Does a decoder find so many garbled words that the text must have been through a spinner?

    Only what the dictionary or the document's key explains counts: misspelt text is not spun, and
    a user's own entries say nothing about it.
    """
    misspelt = sum(source_of(edit) == "spelling" for edit in proposal.edits)
    many = is_explained(proposal.explained, misspelt, proposal.words, signs)
    return many and is_suspect(proposal, signs.confidence)


def is_explained(explained: float, misspelt: float, words: int, signs: Signs) -> bool:
    """Do lists and the key explain as many words as a spun text has, and are few misspelt?

    Args:
        explained: words expected to stand for what a list or the key says.
        misspelt: words expected to be misspelt.
        words: of the text.
        signs: that suffice.
    """
    many = signs.suffice(explained, words) or explained >= max(SPUN_WORDS, SPUN_SHARE * words)
    return many and misspelt <= MISSPELT_BESIDE * explained


def is_suspect(proposal: Proposal, least: float) -> bool:
    """Does one word at least, in lower case, betray a spinner with a confidence of `least`?

    Where all words are capitalised, any word may.
    """
    sure = (edit for edit in proposal.edits if edit.confidence >= least)
    return any(betrays_spinner(edit, titled=proposal.titled) for edit in sure)


def betrays_spinner(edit: Edit, *, titled: bool = False) -> bool:
    """Does an edit speak for a spinner: by what it rests on, and of a word in small letters?

    Any word may where all are capitalised (`titled`). British spelling tells nothing.
    """
    telling = source_of(edit) not in NO_EVIDENCE and (titled or edit.before.islower())
    return telling and not is_americanised(edit.before, edit.after)


def is_misspelt(proposal: Proposal) -> bool:
    """Does a decoder find words that are misspelt beyond doubt, or stray letters?"""
    found = [edit for edit in proposal.edits if source_of(edit) in {"spelling", STRAY}]
    certain = sum(edit.confidence >= CERTAINLY_MISSPELT for edit in found)
    # A single one may be a name that nobody knows, or a compound.
    lone = [edit for edit in found if edit.before.islower() and not is_division(edit)]
    surely = sum(edit.confidence >= SURELY_MISSPELT for edit in lone)
    share = MISSPELT_SHARE * proposal.words
    return certain >= max(MISSPELT_EDITS, share) or surely >= max(1, share)
