"""Batches: what is read of a file and restored in one go, and how it goes back into the file.

Reading a batch, restoring its texts and making pieces of the results are steps apart, so that the
texts may be restored elsewhere while more of the file is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from restore._edits import apply_edits, moved
from restore.formats._encoding import encodes
from restore.formats._segments import BATCH, Piece, Segment, raw_edit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from restore.formats._segments import Restored


@dataclass(slots=True)
class Batch:
    """A part of a file.

    Attributes:
        texts: what is to be restored, in order.
        weight: how much memory it takes, in code points or bytes.
        encoding: the codec of the file.
    """

    texts: list[str]
    weight: int = 0
    encoding: str = "utf-8"

    def pieces(self, results: Iterable[Restored]) -> Iterator[Piece]:
        """Put the results, one a text, into their places; a batch without text gives nothing."""
        del results
        return iter(())


@dataclass(slots=True)
class TextBatch(Batch):
    """A few segments of a text file; `offset` is the first one's, in code points of the file."""

    segments: list[Segment] = field(default_factory=list)
    offset: int = 0

    def pieces(self, results: Iterable[Restored]) -> Iterator[Piece]:
        """Make the edits; those that the format or the encoding cannot take are left out."""
        following = iter(results)
        at = self.offset
        for segment in self.segments:
            result = None if segment.text is None else next(following)
            yield _piece(segment, result, at, self.encoding)
            at += len(segment.raw)


def text_batches(
    segments: Iterable[Segment],
    encoding: Callable[[], str] = lambda: "utf-8",
    size: int = BATCH,
) -> Iterator[TextBatch]:
    """Put a file's segments together.

    Args:
        segments: the file, in order.
        encoding: tells the file's codec once its first segment is read.
        size: code points at which a batch is full; only longer segments make it larger.
    """
    offset = 0
    for group in _groups(segments, size):
        texts = [segment.text for segment in group if segment.text is not None]
        weight = sum(len(segment.raw) for segment in group)
        yield TextBatch(texts, weight, encoding(), group, offset)
        offset += weight


def _groups(segments: Iterable[Segment], size: int) -> Iterator[list[Segment]]:
    group: list[Segment] = []
    held = 0
    for segment in segments:
        group.append(segment)
        held += len(segment.raw)
        if held >= size:
            yield group
            group, held = [], 0
    if group:
        yield group


def _piece(segment: Segment, result: Restored | None, offset: int, encoding: str) -> Piece:
    raw = segment.raw
    if result is None or segment.text is None:
        return Piece(raw, raw)
    edits = [raw_edit(segment, edit) for edit in result.edits]
    kept = [edit for edit in edits if edit is not None and encodes(edit.after, encoding)]
    if segment.settle is not None:
        kept = segment.settle(raw, kept)
    return Piece(
        raw,
        apply_edits(raw, kept) if kept else raw,
        tuple(moved(edit, offset) for edit in kept),
        len(segment.text.split()),
        result.garbled_share,
        sum(edit is None or not encodes(edit.after, encoding) for edit in edits),
    )
