"""Ids of documents that the shipped language model has not read, for tests of what is fitted."""

from __future__ import annotations

from training.fast._examples import part_of
from training.ngram._encode import is_held_out


def unread_ids(part: tuple[int, int], number: int) -> list[str]:
    """Return the first ids of a part, such as `FIT_PART`."""
    found = (f"text {n}" for n in range(100_000))
    return [n for n in found if is_held_out(n) and part[0] <= part_of(n) < part[1]][:number]
