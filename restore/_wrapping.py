"""Finds the line ends of hard-wrapped text: the next word did not fit, and the sentence goes on.

Used by `restore._sentences`; what ends a line is the same for phrases.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

NARROWEST, WIDEST = 40, 160  # code points of the longest line, if lines are wrapped at all
FEWEST = 3  # line ends that look so, and
SHARE = 0.8  # ... of those that no stop stands before
# A line counts as full if with the next word it would have been longer than this share of the
# longest: some programs even their lines out.
FULL = 0.9

LINE_ENDS = "\n\r\x0b\x0c\x85\u2028\u2029"
_LINES = re.compile(rf"([^{LINE_ENDS}]*)(\r\n|[{LINE_ENDS}]|\Z)")
_QUOTED = re.compile(r"\A[ \t]*+>[> \t]*+")  # what a mail puts before the lines that it quotes
_FIRST = re.compile(r"\s*([^\s]+)")
_STOPPED = re.compile(r"[.!?:;\u2026][\"')\]\u2019\u201d]*\s*\Z")
# What a line begins with that goes on a sentence: no dash, star or number of a list.
_GOES_ON = re.compile(r"\s*(?!\d{1,3}[.)]\s)[\w\"'(\[$\u00a3\u20ac\u2018\u201c]")


class _Line(NamedTuple):
    text: str
    end: int  # offset of its line end


def wraps(text: str) -> frozenset[int]:
    r"""Return the offsets of line ends that only wrap a line; none in text that is not wrapped.

    >>> sorted(wraps("Nobody had expected the mayor to come back from\nLondon with a plan that the"
    ...              " council could accept\nTuesday, said officials of Harlow County, who meet\n"
    ...              "Thursday."))
    [47, 96, 147]
    """
    if text.count("\n") + text.count("\r") < FEWEST:
        return frozenset()
    lines = [
        _Line(_QUOTED.sub("", match[1], count=1), match.end(1)) for match in _LINES.finditer(text)
    ]
    width = max((len(line.text.rstrip()) for line in lines if " " in line.text.strip()), default=0)
    if not NARROWEST <= width <= WIDEST:
        return frozenset()
    pairs = [(one, two) for one, two in pairwise(lines) if one.text.strip() and two.text.strip()]
    full = [(one, two) for one, two in pairs if _is_full(one.text, two.text, width)]
    ends = sum(_STOPPED.search(one.text) is None for one, _ in pairs)
    inner = [one for one, two in full if _GOES_ON.match(two.text)]
    open_ones = sum(_STOPPED.search(one.text) is None for one in inner)
    if open_ones < max(FEWEST, SHARE * ends):
        return frozenset()
    return frozenset(line.end for line in inner)


def _is_full(line: str, following: str, width: int) -> bool:
    """Tell whether the first word of the line that follows would not have fitted."""
    word = _FIRST.match(following)
    return word is not None and len(line.rstrip()) + 1 + len(word[1]) > FULL * width
