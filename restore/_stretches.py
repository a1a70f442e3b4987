"""Spun articles among honest ones: what is plain in a stretch may drown in a whole text.

A newsletter, or a page with several stories, is not spun as a whole. So its paragraphs are looked
at for a stretch that may be, and that is then a text by itself, with a key of its own.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from restore._document import WORD, Document
from restore._edits import moved
from restore._quiet import quietened
from restore._signs import betrays_spinner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from restore._decoder import Decoder, Proposal
    from restore._edits import Edit
    from restore._policy import Policy
    from restore._quiet import Quiet

# Of a stretch's words that a decoder takes for a spinner's where it sees them among honest ones. By
# themselves they are told more surely, and spun texts have three times as many.
SUSPICIOUS = 0.015
FEWEST = 1.5  # such words, as expected
MOST_STRETCHES = 8
# A spun text is looked at like that too if so many words, and so large a share, hold no more of it.
OTHER_WORDS, OTHER_SHARE, HONEST = 100, 0.25, 0.01


@dataclass(frozen=True, slots=True)
class Decided:
    """What is to be made of a text.

    Attributes:
        edits: in order.
        garbled: expected number of garbled words.
        words: number of words.
    """

    edits: list[Edit]
    garbled: float
    words: int


@dataclass(frozen=True, slots=True)
class _Paragraph:
    start: int
    end: int
    words: int
    looks_spun: float

    @property
    def surplus(self) -> float:
        """How many more words look spun than is no reason to look closer."""
        return self.looks_spun - SUSPICIOUS * self.words


def decide(
    decoder: Decoder, policy: Policy, document: Document, protect: tuple[str, ...]
) -> Decided:
    """Choose the edits of a text: as a whole, or of stretches that are spun by themselves.

    Args:
        decoder: proposes.
        policy: accepts.
        document: the text.
        protect: terms never altered.
    """
    quiet = quietened(document.text, protect) if policy.if_spun is not None else None
    if quiet is not None and quiet.whole:
        found = _of_copy(decoder, policy, quiet, protect)
        if found is not None and quiet.is_prose(found.edits):
            return replace(found, edits=quiet.as_loud(found.edits))
    proposal = decoder.propose(document)
    whole = _by_stretches(decoder, policy, document, proposal, protect)
    if quiet is None or quiet.whole or policy.fitting(proposal) is not policy.if_spun:
        return whole
    found = _of_copy(decoder, policy, quiet, protect)
    if found is None:
        return whole
    edits = [edit for edit in whole.edits if not quiet.is_loud(edit)]
    edits += quiet.as_loud(quiet.spun(found.edits, policy.signs))
    return replace(whole, edits=sorted(edits, key=lambda edit: edit.start))


def _of_copy(
    decoder: Decoder, policy: Policy, quiet: Quiet, protect: tuple[str, ...]
) -> Decided | None:
    """Choose the edits of a text's copy in small letters; None if that is not spun."""
    copy = Document.parse(quiet.text, protect)
    proposal = decoder.propose(copy)
    if policy.fitting(proposal) is not policy.if_spun:
        return None
    return _by_stretches(decoder, policy, copy, proposal, protect)


def _by_stretches(
    decoder: Decoder,
    policy: Policy,
    document: Document,
    proposal: Proposal,
    protect: tuple[str, ...],
) -> Decided:
    """Choose among the edits that are proposed of a text, and of its stretches by themselves."""
    fitting = policy.fitting(proposal)
    whole = _accepted(decoder, fitting, document, proposal)
    if policy.if_spun is None:
        return whole
    proposed = sorted(proposal.edits, key=lambda edit: edit.start)
    paragraphs = list(_paragraphs(document, proposed))
    runs, is_spun = suspicious(paragraphs), fitting is policy.if_spun
    if is_spun and not _is_mixed(paragraphs, runs):
        return whole
    parts = list(_spun_parts(decoder, policy, document, protect, runs))
    if parts and is_spun:  # what is beside them is not
        whole = _accepted(decoder, policy.fitting_unspun(proposal), document, proposal)
    for start, end, part in parts:
        seen = sum(edit.confidence for edit in _inside(proposed, start, end))
        whole = _with_part(whole, part, start, end, seen)
    return whole


def _spun_parts(
    decoder: Decoder,
    policy: Policy,
    document: Document,
    protect: tuple[str, ...],
    runs: list[list[_Paragraph]],
) -> Iterator[tuple[int, int, Decided]]:
    """Yield the runs that are spun by themselves: their offsets, and what is to be made of them."""
    for run in runs:
        start, end = run[0].start, run[-1].end
        part = Document.parse(document.text[start:end], protect)
        proposal = decoder.propose(part)
        fitting = policy.fitting(proposal)
        if fitting is policy.if_spun:
            yield start, end, _accepted(decoder, fitting, part, proposal)


def _accepted(decoder: Decoder, policy: Policy, document: Document, proposal: Proposal) -> Decided:
    edits = policy.accept(proposal.edits, document, decoder.knows)
    return Decided(edits, proposal.garbled, proposal.words)


def _with_part(whole: Decided, part: Decided, start: int, end: int, seen: float) -> Decided:
    """Return a text's edits with those of a part, where fewer garbled words were seen before."""
    inside = [moved(edit, start) for edit in part.edits]
    before = [edit for edit in whole.edits if edit.end <= start]
    after = [edit for edit in whole.edits if edit.start >= end]
    return Decided([*before, *inside, *after], whole.garbled - seen + part.garbled, whole.words)


def _is_mixed(paragraphs: list[_Paragraph], runs: list[list[_Paragraph]]) -> bool:
    """Tell whether a spun text holds much that nobody spun, besides what somebody did."""
    words, looks_spun = sum(p.words for p in paragraphs), sum(p.looks_spun for p in paragraphs)
    chosen = [one for run in runs for one in run]
    others = words - sum(one.words for one in chosen)
    left = looks_spun - sum(one.looks_spun for one in chosen)
    return others >= max(OTHER_WORDS, OTHER_SHARE * words) and left <= HONEST * others


def suspicious(paragraphs: list[_Paragraph]) -> list[list[_Paragraph]]:
    """Return the runs of paragraphs that may be spun in a text that is not, all of it.

    Each is the run with the largest surplus of what looks spun (Kadane's algorithm; Bentley 1984,
    column 7) among those that are left.
    """
    waiting = [paragraphs]
    found: list[list[_Paragraph]] = []
    while waiting and len(found) < MOST_STRETCHES:
        left = waiting.pop()
        first, end = _best(left)
        run = left[first:end]
        if run != paragraphs and sum(one.looks_spun for one in run) >= FEWEST:
            found.append(run)
            waiting += [left[:first], left[end:]]
    return found


def _best(run: list[_Paragraph]) -> tuple[int, int]:
    """Return the first and end index of the run with the largest sum."""
    best, chosen = 0.0, (0, 0)
    total, first = 0.0, 0
    for at, one in enumerate(run):
        if total <= 0:
            total, first = 0.0, at
        total += one.surplus
        if total > best:
            best, chosen = total, (first, at + 1)
    return chosen


def _paragraphs(document: Document, edits: list[Edit]) -> Iterator[_Paragraph]:
    """Yield a document's paragraphs, each of whole sentences."""
    first = 0
    for number, (_, end) in enumerate(document.sentences, 1):
        if number == len(document.sentences) or "\n" in document.gap(end - 1):
            sentences = document.sentences[first:number]
            yield _paragraph(document, edits, sentences[0][0], end)
            first = number


def _paragraph(document: Document, edits: list[Edit], first: int, end: int) -> _Paragraph:
    start, stop = document.starts[first], document.end(end - 1)
    words = sum(kind & WORD > 0 for kind in document.kinds[first:end])
    looks_spun = sum(
        edit.confidence for edit in _inside(edits, start, stop) if betrays_spinner(edit)
    )
    return _Paragraph(start, stop, words, looks_spun)


def _inside(edits: list[Edit], start: int, end: int) -> list[Edit]:
    """Return the edits, which are in order, that begin between two offsets."""
    low = bisect_left(edits, start, key=lambda edit: edit.start)
    return edits[low : bisect_left(edits, end, key=lambda edit: edit.start)]
