"""Counts for one segment: sums of them give every metric, so that aggregation is addition.

The design is sacrebleu's (Post 2018, "A Call for Clarity in Reporting BLEU Scores"): collect
sufficient statistics a segment, aggregate apart. Intervals, paired tests and slices come for free.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from evaluation import _overlap, _preserve
from evaluation._align import BROKEN, FIXED, MISSED, WRONG, Place, align
from evaluation._errors import EvaluationError
from evaluation._families import family_of
from restore._tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from restore import Edit

BINS = 10  # of equal width, for the reliability of confidences

WORDS = ("words", "right", "garbled", FIXED, WRONG, MISSED, BROKEN, "changed", "after")
MATCHES = ("segments", "exact", "lines", "lines_exact", "untouched")
GATES = tuple(f"{kind}_{what}" for kind in _preserve.KINDS for what in ("stay", "lost", "made_up"))
RELIABILITY = tuple(f"bin{k}_{what}" for k in range(BINS) for what in ("n", "confidence", "right"))
EDITS = ("edits", "edits_unjudged", *RELIABILITY)
CORE = (*WORDS, *MATCHES, *GATES, *EDITS)


@dataclass(frozen=True, slots=True)
class Segment:
    """One text to score.

    Attributes:
        source: the text as the system got it.
        reference: the text as it should be.
        hypothesis: the text as the system made it.
        edits: the system's edits on `source`, where it names them.
        gold: the edits that undo the garbling; their `source` names the relation to report by.
        accept: other texts that count as an exact match.
        fold: letters' case does not matter for an exact match.
    """

    source: str
    reference: str
    hypothesis: str
    edits: Sequence[Edit] = ()
    gold: Sequence[Edit] = ()
    accept: Collection[str] = ()
    fold: bool = False


@dataclass(slots=True)
class Counts:
    """What one segment adds to the sums.

    Attributes:
        values: column name to count.
        relations: relation of a gold edit to (how often, how often fixed).
    """

    values: dict[str, float]
    relations: dict[str, tuple[int, int]] = field(default_factory=dict)


def count(segment: Segment, families: Collection[str] = ("wer",)) -> Counts:
    """Collect all statistics of a segment.

    Args:
        segment: the texts.
        families: which of `_families.FAMILIES` to add; the core counts are always there.

    Raises:
        EvaluationError: an edit lies outside the source text, or a family lacks what it needs.
    """
    tokens, starts = _tokens(segment.source)
    after, _ = _tokens(segment.hypothesis)
    reference, _ = _tokens(segment.reference)
    places = align(tokens, reference, after)
    values = dict.fromkeys(CORE, 0.0)
    values.update(_words(tokens, reference, after, places))
    values.update(_matches(segment))
    for kind, found in _preserve.losses(
        segment.source, segment.reference, segment.hypothesis
    ).items():
        for what, number in zip(("stay", "lost", "made_up"), found, strict=True):
            values[f"{kind}_{what}"] = number
    _add_reliability(values, segment, starts, places)
    for family in families:
        values.update(family_of(family).count(segment))
    return Counts(values, _relations(segment, starts, places))


# A document is scored once a system: its source and reference come back.
@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[list[str], list[int]]:
    tokens, starts, _ = tokenize(text)  # the document model's own tokens
    return tokens, starts


def _words(
    source: list[str], reference: list[str], hypothesis: list[str], places: list[Place]
) -> dict[str, float]:
    values: Counter[str] = Counter()
    right = [token[-1].isalnum() for token in source]
    values["words"] = sum(right)
    for place in places:
        values[place.verdict] += place.weight
        if place.source and place.verdict != BROKEN:
            right[place.slot // 2] = False
    values["right"] = sum(right)
    values["garbled"] = values[FIXED] + values[WRONG] + values[MISSED]
    values["changed"] = values[FIXED] + values[WRONG] + values[BROKEN]
    values["after"] = _overlap.distance(reference, hypothesis)
    return {name: float(values[name]) for name in WORDS}


def _matches(segment: Segment) -> dict[str, float]:
    wanted, made = segment.reference.split("\n"), segment.hypothesis.split("\n")
    right = (segment.reference, *segment.accept)
    exact = segment.hypothesis in right or (
        segment.fold and segment.hypothesis.casefold() in [text.casefold() for text in right]
    )
    same = sum(left == right for left, right in zip(wanted, made, strict=False))
    return {
        "segments": 1,
        "exact": exact,
        "lines": len(wanted),
        # Lines are numbered: when the hypothesis has more or fewer, no line is at its place.
        "lines_exact": same if len(wanted) == len(made) else 0,
        "untouched": segment.hypothesis == segment.source,
    }


def _span(edit: Edit, starts: list[int], text: str) -> range:
    """Return the slots of an edit: its tokens and the gaps between them."""
    if edit.end > len(text):
        message = f"edit {edit.start}-{edit.end} lies outside its text of {len(text)} characters"
        raise EvaluationError(message)
    first = max(bisect_right(starts, edit.start) - 1, 0)
    last = bisect_left(starts, max(edit.end, edit.start + 1)) - 1
    return range(2 * first + 1, 2 * last + 2)


def _judge(span: range, verdicts: dict[int, str]) -> str | None:
    """Return the verdict on the slots of a span, the worst one first."""
    found = {verdicts[slot] for slot in span if slot in verdicts}
    if not found & {FIXED, WRONG, BROKEN}:  # perhaps words were put in beside it
        found |= {verdicts[slot] for slot in (span.start - 1, span.stop) if slot in verdicts}
    return next((verdict for verdict in (BROKEN, WRONG, MISSED, FIXED) if verdict in found), None)


def _add_reliability(
    values: dict[str, float], segment: Segment, starts: list[int], places: list[Place]
) -> None:
    verdicts = {place.slot: place.verdict for place in places}
    for edit in segment.edits:
        verdict = _judge(_span(edit, starts, segment.source), verdicts)
        values["edits"] += 1
        if verdict is None:  # white space only, or one letter of a word that is right either way
            values["edits_unjudged"] += 1
            continue
        k = min(int(edit.confidence * BINS), BINS - 1)
        values[f"bin{k}_n"] += 1
        values[f"bin{k}_confidence"] += edit.confidence
        values[f"bin{k}_right"] += verdict == FIXED


def _relations(
    segment: Segment, starts: list[int], places: list[Place]
) -> dict[str, tuple[int, int]]:
    verdicts = {place.slot: place.verdict for place in places}
    found: dict[str, tuple[int, int]] = {}
    for edit in segment.gold:
        verdict = _judge(_span(edit, starts, segment.source), verdicts)
        total, fixed = found.get(edit.source, (0, 0))
        found[edit.source] = (total + 1, fixed + (verdict == FIXED))
    return found
