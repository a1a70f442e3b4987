"""Cuts a stream of text into pieces of bounded size at places where a reader would pause."""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING

from restore._errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DEFAULT_LIMIT = 1 << 18
_SHORTEST = 2  # room for a pair that must stay together

_LINE_END = r"(?:\r\n|[\n\r\x85\u2028\u2029])"
# Places to cut behind, best first: blank line, line end after a stop, line end, stop, white space.
_PLACES = (
    re.compile(rf"{_LINE_END}[ \t]*+{_LINE_END}"),
    re.compile(rf"(?<=[.!?\u2026\"'\u201d]){_LINE_END}"),
    re.compile(_LINE_END),
    re.compile(r"(?<=\w\w)[.!?\u2026][\"')\]\u2019\u201d]?[ \t\xa0]"),
    re.compile(r"\s"),
)


def pieces(chunks: Iterable[str], limit: int = DEFAULT_LIMIT) -> Iterator[str]:
    """Regroup a stream of strings; joined, the pieces give what the joined chunks give.

    A piece ends behind a paragraph, else a line, else a sentence, else white space, and in the
    middle of a word only if there is no white space at all. Where the cuts fall depends on the
    text alone, never on how it was chunked. Holds about two pieces and one chunk in memory.

    Args:
        chunks: strings of any length, empty ones included.
        limit: most code points in a piece, at least 2.

    Raises:
        InputError: `limit` is below 2.

    >>> list(pieces(["One. Tw", "o. Three."], limit=10))
    ['One. Two. ', 'Three.']
    """
    if limit < _SHORTEST:
        message = f"a piece holds at least {_SHORTEST} code points, not {limit}: raise the limit"
        raise InputError(message)
    return _pieces(chunks, limit)


def _pieces(chunks: Iterable[str], limit: int) -> Iterator[str]:
    waiting: list[str] = []
    size = 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size > limit:
            text = "".join(waiting)
            at = 0
            while len(text) - at > limit:
                end = _cut(text, at, limit)
                yield text[at:end]
                at = end
            waiting, size = [text[at:]], len(text) - at
    if size:
        yield "".join(waiting)


def _cut(text: str, start: int, limit: int) -> int:
    """Return where to end the piece that begins at `start`; the text goes on beyond the limit."""
    end = start + limit
    if text[end - 1] == "\r" and text[end] == "\n":
        end -= 1
    for place in _PLACES:
        places = deque(place.finditer(text, start + limit // 2, end), maxlen=1)
        if places:
            return places[0].end()
    return _whole_sign(text, start, end)


def _whole_sign(text: str, start: int, end: int) -> int:
    """Move a cut inside a word off surrogate pairs and what joins to the sign before it."""
    for at in range(end, max(start + 1, end - 16), -1):
        pair = "\ud800" <= text[at - 1] <= "\udbff" and "\udc00" <= text[at] <= "\udfff"
        if not pair and not _joins(text[at]) and text[at - 1] != "\u200d":
            return at
    return end


def _joins(sign: str) -> bool:
    """Tell whether `sign` belongs to the one before it: accents, joiners, emoji variants."""
    return (
        "\u0300" <= sign <= "\u036f"
        or sign in "\u200d\ufe0e\ufe0f"
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
    )
