"""Plain text and Markdown: text in pieces of bounded size; fenced code is passed over."""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING

from restore._pieces import pieces
from restore.formats._segments import BATCH, Segment, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^\n]*)")
# Metadata between two rules at the very top; longer than this it is taken for prose.
_MATTER_ENDS = ("---", "...")
_MATTER_LINES = 200


def plain_segments(chunks: Iterable[str]) -> Iterator[Segment]:
    """Yield the text in pieces that end between paragraphs or sentences."""
    for piece in pieces(chunks, BATCH):
        yield _segment(piece)


def markdown_segments(chunks: Iterable[str]) -> Iterator[Segment]:
    """Like `plain_segments`, with front matter and fenced code blocks as they stand.

    The rest of Markdown's syntax is protected inside the document; blocks are handled here since
    a block may be longer than a piece. What stands before and after one is read together.
    """
    yield from together(_stretches(chunks))


def _stretches(chunks: Iterable[str]) -> Iterator[Segment]:
    prose: list[str] = []
    size = 0
    for line, is_code in _marked_lines(chunks):
        if prose and (is_code or size >= BATCH):
            yield from plain_segments(prose)
            prose, size = [], 0
        if is_code:
            yield Segment(line)
        else:
            prose.append(line)
            size += len(line)
    yield from plain_segments(prose)


def _marked_lines(chunks: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Pair every line with whether it is code or front matter."""
    rest = lines(chunks)
    head = _front_matter(rest)
    is_matter = len(head) > 1 and head[-1].rstrip() in _MATTER_ENDS
    if is_matter:
        yield from ((line, True) for line in head)
    fence = ""
    for line in rest if is_matter else chain(head, rest):
        if fence:
            yield line, True
            fence = "" if _closes(line, fence) else fence
        else:
            fence = _opens(line)
            yield line, bool(fence)


def _front_matter(rest: Iterator[str]) -> list[str]:
    """Take the lines up to the end of a block of front matter, or of what might be one."""
    head = list(islice(rest, 1))
    if head and head[0].rstrip() == "---":
        for line in islice(rest, _MATTER_LINES):
            head.append(line)
            if line.rstrip() in _MATTER_ENDS:
                break
    return head


def _opens(line: str) -> str:
    match = _FENCE.match(line)
    # A back-tick after the fence makes it inline code (CommonMark 0.31, section 4.5).
    if match is None or (match[1][0] == "`" and "`" in match[2]):
        return ""
    return match[1]


def _closes(line: str, fence: str) -> bool:
    bare = line.strip()
    return len(bare) >= len(fence) and set(bare) == {fence[0]}


def _segment(text: str) -> Segment:
    return Segment(text, text if text.strip() else None)


def lines(chunks: Iterable[str]) -> Iterator[str]:
    r"""Yield lines with their line feeds; only a line feed ends a line.

    >>> list(lines(["a\r", "\nb", "c"]))
    ['a\r\n', 'bc']
    """
    parts: list[str] = []
    for chunk in chunks:
        start = 0
        while (stop := chunk.find("\n", start)) >= 0:
            parts.append(chunk[start : stop + 1])
            yield "".join(parts)
            parts.clear()
            start = stop + 1
        if start < len(chunk):
            parts.append(chunk[start:])
    if parts:
        yield "".join(parts)
