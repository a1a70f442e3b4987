"""What a restorer must hand through: numbers, addresses, names, quotation marks, white space."""

from __future__ import annotations

import re
from collections import Counter

# Found by patterns of their own, on purpose not by the restorer's document model: a gate that
# shared its blind spots would let them through.
PATTERNS: dict[str, re.Pattern[str]] = {
    "numbers": re.compile(r"\d+(?:[.,:/]\d+)*"),
    "urls": re.compile(r"(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)\]']", re.IGNORECASE),
    "emails": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "names": re.compile(r"\b[^\W\d_a-zß-öø-ÿ][^\W\d_]*(?:[-'\u2019][^\W\d_]+)*"),
    "quotes": re.compile("[\"'\N{LEFT SINGLE QUOTATION MARK}-\N{DOUBLE LOW-9 QUOTATION MARK}«»`]"),
}
LAYOUT = "layout"
KINDS = (*PATTERNS, LAYOUT)

_GAP = re.compile(r"\s+")


def skeleton(text: str) -> list[str]:
    r"""Return the white space that carries layout: all but single spaces, and the text's rim.

    >>> skeleton("a b\n\n c ")
    ['\n\n ', ' ']
    """
    spaces = [match.group() for match in _GAP.finditer(text) if match.group() != " "]
    return spaces + [" "] * (text[:1] == " ") + [" "] * (text[-1:] == " ")


def losses(source: str, reference: str, hypothesis: str) -> dict[str, tuple[int, int, int]]:
    """Count what should have stayed, what of it is gone, and what was made up.

    What should stay is what source and reference have in common; made up is what neither has.

    Returns:
        Kind to (should stay, lost, made up). Layout counts as one item a text: kept when the
        hypothesis has the line breaks and indents of the source or of the reference.

    >>> losses("In 1999 he", "In 1999 he", "In 1998 he")["numbers"]
    (1, 1, 1)
    """
    found = {
        kind: _compare(*(pattern.findall(text) for text in (source, reference, hypothesis)))
        for kind, pattern in PATTERNS.items()
    }
    kept = skeleton(hypothesis) in (skeleton(source), skeleton(reference))
    found[LAYOUT] = (1, int(not kept), 0)
    return found


def _compare(
    source: list[str], reference: list[str], hypothesis: list[str]
) -> tuple[int, int, int]:
    if source == reference == hypothesis:  # nearly always
        return len(source), 0, 0
    old, right, new = Counter(source), Counter(reference), Counter(hypothesis)
    stay = old & right
    return stay.total(), (stay - new).total(), (new - (old | right)).total()
