"""What a look-up returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from restore.dictionary._relation import Relation


@dataclass(frozen=True, slots=True)
class Candidate:
    """An original that a garbled form may stand for.

    Attributes:
        original: the reading, cased as in mid-sentence.
        prior: probability that the form stands for it, given that the form is garbled, 0-1.
        relation: what links the two.
        observed: whether the pair was seen in spun text.
    """

    original: str
    prior: float
    relation: Relation
    observed: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A garbled form and its candidates, best first.

    Attributes:
        form: one to five lower-case words.
        candidates: at least one, at most 64.
        deterministic: the form is practically never honest English and has one plain reading, so
            that the first candidate may be put in its place without looking at the context.
    """

    form: str
    candidates: tuple[Candidate, ...]
    deterministic: bool
