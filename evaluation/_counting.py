"""Which code counts: what decides the statistics of given texts, beside the families' libraries."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files

# Tokeniser, aligner, and what is counted of them. All of both packages would be too much: results
# of an earlier release could never be compared with those of a later one.
_FILES = (
    ("restore", "_tokens.py"),
    ("evaluation", "_align.py"),
    ("evaluation", "_statistics.py"),
    ("evaluation", "_preserve.py"),
    ("evaluation", "_overlap.py"),
)
_NAMED = re.compile(r"\|tokens:[^|]*,code-(\w+)")


@cache
def counting() -> str:
    """Return what signatures say of how texts are counted."""
    digest = hashlib.sha256()
    for package, name in _FILES:
        digest.update((files(package) / name).read_bytes())
    return f"tokens:restore-document,code-{digest.hexdigest()[:12]}"


def counted_alike(first: str, second: str) -> bool:
    """Say whether two signatures name the same code, or one of them none, as they once did.

    >>> counted_alike("data:x|tokens:restore-document,code-12|", "data:x|tokens:restore-document|")
    True
    """
    named = {found[1] for one in (first, second) if (found := _NAMED.search(one))}
    return len(named) < 2
