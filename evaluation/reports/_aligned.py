"""A row as people read it: its text with what was changed, right or wrong, marked in its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from evaluation._align import BROKEN, FIXED, MISSED, WRONG, Place, align
from restore._tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# Verdict: the sign that stands for it beside its colour, and what it means.
VERDICTS = {
    BROKEN: ("!", "broken: it was right, and is wrong now"),
    WRONG: ("~", "still wrong: it was changed, but not to the right words"),
    MISSED: ("?", "missed: it is garbled, and was left as it is"),
    FIXED: ("✓", "fixed: it was garbled, and is right now"),
}
NEAR = 120  # characters of unchanged text shown at each side of a change
LONGEST = 1400  # characters of a row shown at most


@dataclass(slots=True)
class Mark:
    """A changed place, as shown.

    Attributes:
        verdict: one of `VERDICTS`.
        source: what the source has there.
        made: what the system made of it.
        right: what the reference has.
        why: sentences that explain it.
        start: offset in the source.
        end: offset behind it.
    """

    verdict: str
    source: str
    made: str
    right: str
    start: int
    end: int
    why: list[str] = field(default_factory=list)


def marks(row: dict[str, Any]) -> list[Mark]:
    """Return the changed places of a scored row, neighbours of one verdict as one."""
    text = row["source"]
    tokens, starts, _ = tokenize(text)
    reference, hypothesis = (tokenize(row[key])[0] for key in ("reference", "hypothesis"))
    found = []
    for group in _groups(align(tokens, reference, hypothesis)):
        first, last = group[0].slot, group[-1].slot
        start, end = _span(first, last, tokens, starts, text)
        right = _joined(place.reference for place in group)
        made = _joined(place.hypothesis for place in group)
        mark = Mark(group[0].verdict, text[start:end], made, right, start, end)
        mark.why = _why(mark, row["edits"] or ())
        found.append(mark)
    return found


def _groups(places: Sequence[Place]) -> Iterator[list[Place]]:
    """Put places together that touch one another and have one verdict."""
    group: list[Place] = []
    for place in places:
        near = group and place.slot - group[-1].slot <= (2 if place.slot % 2 else 1)
        if group and not (near and place.verdict == group[-1].verdict):
            yield group
            group = []
        group.append(place)
    if group:
        yield group


def _joined(parts: Iterable[Sequence[str]]) -> str:
    """Write tokens as text: no space before signs and possessives."""
    text = " ".join(token for part in parts for token in part)
    return re.sub(r" (?=['\u2019]s\b|[.,;:!?%)\]])", "", text)


def _span(
    first: int, last: int, tokens: Sequence[str], starts: Sequence[int], text: str
) -> tuple[int, int]:
    """Return the offsets of a run of slots; a gap alone is an empty span before its token."""
    begin = starts[first // 2] if first // 2 < len(starts) else len(text.rstrip())
    ends = [n // 2 for n in range(first, last + 1) if n % 2]
    end = starts[ends[-1]] + len(tokens[ends[-1]]) if ends else begin
    return begin, max(begin, end)


def _why(mark: Mark, edits: Sequence[dict[str, Any]]) -> list[str]:
    lines = [VERDICTS[mark.verdict][1]]
    if mark.verdict != FIXED:
        lines.append(f"right would be: {mark.right or 'nothing'}")
    for edit in edits:
        touches = edit["start"] < mark.end and mark.start < edit["end"]
        inserts = edit["start"] == edit["end"] and mark.start <= edit["start"] <= mark.end
        if touches or inserts:
            lines.append(_explained(edit))
    return lines


def _explained(edit: dict[str, Any]) -> str:
    others = [f"{text} ({share:.2f})" for text, share in edit["alternatives"][:3]]
    told = f"edit by {edit['source']}, confidence {edit['confidence']:.2f}"
    return f"{told}; other readings: {', '.join(others)}" if others else told


def pieces(row: dict[str, Any]) -> list[str | Mark]:
    """Return the text with its marks in place; long stretches without any are cut short.

    Of a long text, a part is returned that begins shortly before the first thing that went wrong.
    """
    text, found = row["source"], marks(row)
    bad = next((mark.start for mark in found if mark.verdict in (BROKEN, WRONG)), 0)
    first = 0 if bad < LONGEST // 2 else text.rfind(" ", 0, bad - NEAR) + 1
    last = len(text) if len(text) - first <= LONGEST else text.rfind(" ", 0, first + LONGEST)
    inside = [mark for mark in found if first <= mark.start and mark.end <= last]
    made: list[str | Mark] = ["… "] if first else []
    at = first
    for mark in inside:
        made += [_between(text[at : mark.start], at == first, last=False), mark]
        at = mark.end
    made.append(_between(text[at:last], at == first, last=True))
    left = len(found) - len(inside)
    return made + ([f" … ({left} more marks in the rest of the row)"] if left else [])


def _between(text: str, first: bool, last: bool) -> str:
    if len(text) <= 2 * NEAR:
        return text
    head = "" if first else text[:NEAR].rpartition(" ")[0]
    tail = "" if last else text[-NEAR:].partition(" ")[2]
    return f"{head} … {tail}"
