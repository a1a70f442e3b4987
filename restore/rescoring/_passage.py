"""A document as it is believed to read by now, a passage at a time, its unsure places marked."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from restore._capitals import fit_case
from restore.rescoring._model import Place
from restore.seq2seq._choice import Choice, with_space

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from restore._edits import Edit
    from restore.seq2seq._choice import Heard, Reading

FOLLOWING = re.compile(r"(?:\s*\S+){0,6}")  # the words after a place that tell its variants apart


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a document that may change, with the space before it.

    The space goes with the word, as in the tokens of language models, and leaves with it.

    Attributes:
        start: offset in the document.
        end: offset after it.
        now: what is believed to stand there.
        choice: what full mode says of it; None where a rule decided.
    """

    start: int
    end: int
    now: str
    choice: Choice | None = None

    def written(self, text: str, reading: Reading) -> str:
        """Return a reading as it would stand in the document `text`."""
        choice = self.choice
        if choice is None:
            return self.now
        kept = reading.source == "keep"
        word = choice.before if kept else fit_case(text, choice.start, choice.end, reading.text)
        return text[self.start : choice.start] + word if word else ""


def spots(text: str, heard: Iterable[Heard], least: float) -> list[Spot]:
    """Return what may change in a document, in order, disjoint, as full mode would settle it.

    Args:
        text: the document's.
        heard: what full mode says of it.
        least: confidence that a reading needs to be believed.
    """
    found: list[Spot] = []
    for ruled, choices, _ in heard:
        # What the policy would not accept is no context either.
        found += [_ruled(text, edit) for edit in ruled if edit.confidence >= least]
        found += [_chosen(text, choice, least) for choice in choices]
    found.sort(key=lambda spot: (spot.start, spot.end))
    out: list[Spot] = []
    for spot in found:
        if not out or spot.start >= out[-1].end:
            out.append(spot)
    return out


def _chosen(text: str, choice: Choice, least: float) -> Spot:
    """Believe the best reading if it is probable enough, else the word itself."""
    start, best = with_space(text, choice.start), choice.readings[0]
    now = text[start : choice.end]
    spot = Spot(start, choice.end, now, choice)
    if best.source == "keep" or choice.keeps or best.share < least:
        return spot
    return replace(spot, now=spot.written(text, best))


def _ruled(text: str, edit: Edit) -> Spot:
    start = with_space(text, edit.start)
    return Spot(start, edit.end, text[start : edit.start] + edit.after)


class Passage(NamedTuple):
    """A stretch of a document as it is believed to read.

    Attributes:
        text: what it reads.
        spots: what may change in it.
        ranges: where each of them begins and ends in `text`.
    """

    text: str
    spots: Sequence[Spot]
    ranges: list[tuple[int, int]]

    def place(self, index: int, variants: tuple[str, ...]) -> Place:
        """Return the place of a spot that there are several texts for."""
        start, end = self.ranges[index]
        return Place(start, end, reach(self.text, end), variants)


def passage(text: str, span: tuple[int, int], inside: Sequence[Spot]) -> Passage:
    """Write a stretch of a document as it is believed to read.

    Args:
        text: the document's.
        span: offsets where the stretch begins and ends.
        inside: the spots in it.
    """
    pieces: list[str] = []
    ranges: list[tuple[int, int]] = []
    at, length = span[0], 0
    for spot in inside:
        begin = length + spot.start - at
        length = begin + len(spot.now)
        ranges.append((begin, length))
        pieces += (text[at : spot.start], spot.now)
        at = spot.end
    return Passage("".join((*pieces, text[at : span[1]])), inside, ranges)


def reach(text: str, at: int) -> int:
    """Return the offset after the words that tell the variants before `at` apart."""
    found = FOLLOWING.match(text, at)
    return found.end() if found else at
