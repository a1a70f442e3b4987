"""How garbled forms are written as keys."""

from __future__ import annotations

import re

MAX_WORDS = 5
_POSSESSIVE = re.compile(r"(?<=\w)('s)\b|(?<=s)(')(?= |$)")


def normalise_form(text: str) -> str:
    """Return the key of a garbled form: lower case, straight apostrophes, single spaces.

    A possessive ending is a word of its own, as in `Document.tokens`.

    >>> normalise_form("Crohn\N{RIGHT SINGLE QUOTATION MARK}s  Disease")
    "crohn 's disease"
    """
    plain = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").lower()
    return " ".join(_POSSESSIVE.sub(r" \1\2", plain).split())
