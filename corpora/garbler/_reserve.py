"""Which keys are held out for the benchmark: decided by a hash, so that anyone finds the same.

A content pair (original lemma, replacement lemma) is reserved when the CRC-32 of
``original TAB replacement`` is 0 modulo 5; an arbitrary replacement of a function word is
reserved as a word, for whatever it stands. Observed keys are public and never reserved.
"""

from __future__ import annotations

from enum import StrEnum
from zlib import crc32

from corpora.garbler._tables import observed_pairs

SHARE = 5  # one in five


class Reserved(StrEnum):
    """What the garbler does with reserved keys."""

    EXCLUDE = "exclude"  # never produce them: training
    PREFER = "only-prefer"  # produce nothing else for a word that has one: unseen-keys condition
    ALLOW = "allow"  # make no difference


def is_reserved_pair(original: str, replacement: str) -> bool:
    """Whether the pair of lemmas (any case) is held out.

    >>> is_reserved_pair("at", "astatine")  # observed, hence public
    False
    """
    pair = (original.lower(), replacement.lower())
    return crc32("\t".join(pair).encode()) % SHARE == 0 and pair not in observed_pairs()


def is_reserved_word(replacement: str) -> bool:
    """Whether the word is held out as an arbitrary replacement of function words."""
    return crc32(replacement.lower().encode()) % SHARE == 0


def allowed(reserved: Reserved, items: tuple[str, ...], held_out: list[bool]) -> tuple[str, ...]:
    """Filter replacements by what `reserved` says; with `PREFER`, all if none is held out.

    >>> allowed(Reserved.PREFER, ("a", "b"), [False, True])
    ('b',)
    """
    if reserved is Reserved.ALLOW:
        return items
    wanted = reserved is Reserved.PREFER
    kept = tuple(item for item, held in zip(items, held_out, strict=True) if held == wanted)
    return kept or (items if wanted else ())
