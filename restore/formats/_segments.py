"""Segments: a file as a row of raw stretches, some of which carry text to restore.

Joining the raw stretches gives the file back exactly. Edits are made on the text and carried over
to the raw stretch, so that whatever is not edited stays as it was, byte for byte. The blocks of a
document are read together (`together`): its key shows in all of them, not in one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from restore._edits import Edit, moved, placed

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator, Sequence

# Code points restored in one go: large enough to vectorise over, small enough for the memory.
BATCH = 1 << 18
BETWEEN = "\n\n"  # what blocks are read with in between: paragraphs of their own


def as_it_is(before: str, after: str) -> str | None:
    """Write a replacement without escapes (`before` is the raw stretch that it replaces)."""
    del before
    return after


@dataclass(frozen=True, slots=True)
class Segment:
    """A raw stretch of a file.

    Attributes:
        raw: as it stands in the file.
        text: what it says, without escapes and inline markup; None is copied untouched.
        starts: raw offset at which each code point of `text` starts; None where raw is text.
        ends: raw offset after each code point of `text`; its start where the file has none.
        write: turns (raw before, text after) into raw after; None leaves the edit out.
        settle: last say over a segment's raw edits (raw, edits) -> edits, for instance to quote.
    """

    raw: str
    text: str | None = None
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None
    write: Callable[[str, str], str | None] = as_it_is
    settle: Callable[[str, list[Edit]], list[Edit]] | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment after restoring.

    Attributes:
        raw: the stretch of the original file.
        new: the same stretch with the edits made.
        edits: on the original file, offsets in its code points (for parquet: in the value).
        words: white-space separated words of the text, the weight of `share`.
        share: how garbled the text is, 0-1.
        left_out: edits that the format or the encoding could not take.
        row: row number from 0, and
        field: column name, for parquet only.
    """

    raw: str
    new: str
    edits: tuple[Edit, ...] = ()
    words: int = 0
    share: float = 0.0
    left_out: int = 0
    row: int | None = None
    field: str | None = None


class Restored(Protocol):
    """What a restorer says about one text."""

    @property
    def edits(self) -> Sequence[Edit]:
        """Edits on the text."""

    @property
    def garbled_share(self) -> float:
        """How garbled the text is, 0-1."""


def raw_edit(segment: Segment, edit: Edit) -> Edit | None:
    """Carry an edit of a segment's text over to its raw stretch; None where that cannot be done."""
    start, end = edit.start, edit.end
    if segment.starts is not None and segment.ends is not None:
        starts, ends = segment.starts, segment.ends
        if any(ends[at] != starts[at + 1] for at in range(start, end - 1)):
            return None  # markup lies inside the words
        if any(ends[at] == starts[at] for at in range(start, end)):
            return None  # nothing in the file stands there
        low = starts[start] if start < len(starts) else ends[-1]
        start, end = low, (ends[end - 1] if end > start else low)
    before = segment.raw[start:end]
    after = segment.write(before, edit.after)
    if after is None:
        return None
    return placed(edit, start, end, before, after)


def within(edits: Iterable[Edit], start: int, end: int) -> list[Edit]:
    """Return the edits of a stretch, with offsets in it."""
    return [moved(edit, -start) for edit in edits if start <= edit.start and edit.end <= end]


def together(segments: Iterable[Segment], size: int = BATCH) -> Iterator[Segment]:
    """Join the blocks of a document into one segment, with the markup between them.

    Args:
        segments: of one document; those with text have the same `write`.
        size: code points of text at which a segment is full.
    """
    group: list[Segment] = []
    held = 0
    for segment in segments:
        if not group and segment.text is None:
            yield segment
            continue
        group.append(segment)
        held += len(segment.text or "")
        if held >= size:
            yield _joined(group)
            group, held = [], 0
    if group:
        yield _joined(group)


def _joined(group: list[Segment]) -> Segment:
    if len(group) == 1:
        return group[0]
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for segment in group:
        if segment.text is not None:
            between = BETWEEN if parts else ""
            stands = [ends[-1]] * len(between) if parts else []
            parts += (between, segment.text)
            starts += (*stands, *_shifted(segment.starts, segment.text, at))
            ends += (*stands, *_shifted(segment.ends, segment.text, at, 1))
        at += len(segment.raw)
    raw = "".join(segment.raw for segment in group)
    settle = _settling(group) if any(segment.settle for segment in group) else None
    return Segment(raw, "".join(parts), starts, ends, group[0].write, settle)


def _settling(group: list[Segment]) -> Callable[[str, list[Edit]], list[Edit]]:
    """Return what lets each segment settle its own edits."""

    def settle(raw: str, edits: list[Edit]) -> list[Edit]:
        del raw
        out: list[Edit] = []
        at = 0
        for segment in group:
            end = at + len(segment.raw)
            if segment.text is not None:  # only such have edits, and no two of them touch
                own = within(edits, at, end)
                settled = segment.settle(segment.raw, own) if own and segment.settle else own
                out += (moved(edit, at) for edit in settled)
            at = end
        return out

    return settle


def _shifted(offsets: Sequence[int] | None, text: str, by: int, first: int = 0) -> Iterator[int]:
    plain = range(first, first + len(text))
    return (by + at for at in (plain if offsets is None else offsets))


def unescape(
    raw: str, pattern: re.Pattern[str], decode: Callable[[str], str]
) -> tuple[str, list[int], list[int]]:
    """Undo escapes and remember where every code point came from.

    Args:
        raw: text with escapes.
        pattern: finds the escapes.
        decode: gives an escape's meaning; anything but one code point is left as it stands.

    Returns:
        The text, and the raw offsets at which each of its code points starts and ends.
    """
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in pattern.finditer(raw):
        meaning = decode(match.group())
        if len(meaning) != 1:
            continue
        low, high = match.span()
        parts += (raw[at:low], meaning)
        starts += range(at, low + 1)
        ends += range(at + 1, low + 1)
        ends.append(high)
        at = high
    parts.append(raw[at:])
    starts += range(at, len(raw))
    ends += range(at + 1, len(raw) + 1)
    return "".join(parts), starts, ends
