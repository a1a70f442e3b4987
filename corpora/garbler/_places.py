"""Where noise strikes: draws places at a rate, and turns changes of letters into edits of words."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, TypeVar

from restore import Edit

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

_Item = TypeVar("_Item")

WORD = re.compile(r"[^\W\d_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}][^\W\d_]+)*")
_SOLID = re.compile(r"\S+")


def draw(items: Sequence[_Item], rate: float, rng: random.Random) -> list[_Item]:
    """Draw `rate` of the items, in their order; the fraction left over is a matter of chance.

    >>> import random
    >>> draw("abcd", 0.5, random.Random(1))
    ['a', 'b']
    """
    number = min(len(items), int(rate * len(items) + rng.random()))
    return [items[i] for i in sorted(rng.sample(range(len(items)), number))]


def whole_words(text: str, changes: list[tuple[int, int, str]], source: str) -> list[Edit]:
    """Turn changes of letters into edits that replace what stands between white space.

    Args:
        text: what the changes refer to.
        changes: (start, end, new) in order; one that overlaps its predecessor is dropped, and so
            is one that touches white space.
        source: of the edits.

    >>> whole_words("a modern man", [(4, 5, "d"), (6, 8, "m")], "ocr")[0].after
    'modem'
    """
    spans = [match.span() for match in _SOLID.finditer(text)] if changes else []
    starts = [start for start, _ in spans]
    inside: dict[int, list[tuple[int, int, str]]] = {}
    reach = -1
    for start, end, new in changes:
        at = bisect_right(starts, start) - 1
        if start >= reach and at >= 0 and end <= spans[at][1]:
            inside.setdefault(at, []).append((start, end, new))
            reach = end
    edits = [_edit(text, spans[at], parts, source) for at, parts in inside.items()]
    return [edit for edit in edits if edit.before != edit.after]


def _edit(text: str, span: tuple[int, int], parts: list[tuple[int, int, str]], source: str) -> Edit:
    pieces, at = [], span[0]
    for start, end, new in parts:
        pieces += [text[at:start], new]
        at = end
    pieces.append(text[at : span[1]])
    return Edit(span[0], span[1], text[span[0] : span[1]], "".join(pieces), source)
