"""Puts source, reference and hypothesis side by side: each change is judged at its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Verdicts on a changed place.
FIXED = "fixed"  # source wrong, hypothesis right
WRONG = "wrong"  # source wrong, hypothesis wrong in another way
MISSED = "missed"  # source wrong, hypothesis left it
BROKEN = "broken"  # source right, hypothesis wrong


@dataclass(frozen=True, slots=True)
class Place:
    """One place where reference or hypothesis differ from the source.

    Attributes:
        slot: ``2 i`` is the gap before source token *i*, ``2 i + 1`` the token itself.
        source: the source token, or nothing in a gap.
        reference: the tokens that the reference has there.
        hypothesis: the tokens that the hypothesis has there.
        verdict: `FIXED`, `WRONG`, `MISSED` or `BROKEN`.
    """

    slot: int
    source: tuple[str, ...]
    reference: tuple[str, ...]
    hypothesis: tuple[str, ...]
    verdict: str

    @property
    def weight(self) -> int:
        """Words in question: 1 at a token; the words that are missing or were put in at a gap."""
        wanted = self.reference if self.verdict != BROKEN else self.hypothesis
        return 1 if self.source else len(wanted)


def changes(source: Sequence[str], target: Sequence[str]) -> dict[int, tuple[str, ...]]:
    """Map each slot of `source` that `target` changes to what it becomes.

    The alignment is the minimal one of Levenshtein (1966) on whole tokens.

    >>> changes(["nan", "cat"], ["the", "cat", "sat"])
    {1: ('the',), 4: ('sat',)}
    """
    changed: dict[int, tuple[str, ...]] = {}
    for step in Levenshtein.editops(source, target):
        at, to = step.src_pos, step.dest_pos
        if step.tag == "insert":
            changed[2 * at] = (*changed.get(2 * at, ()), target[to])
        else:
            changed[2 * at + 1] = (target[to],) if step.tag == "replace" else ()
    return changed


def align(
    source: Sequence[str], reference: Sequence[str], hypothesis: Sequence[str]
) -> list[Place]:
    """Judge every place where `reference` or `hypothesis` differ from `source`.

    Both are aligned to the source. Where words were put in or left out, two minimal alignments of
    the same text may differ; neighbouring changes are therefore first compared as a whole.

    Returns:
        Places in order; the weights of the fixed, wrong and missed ones add up to the Levenshtein
        distance between source and reference.

    >>> [place.verdict for place in align(["nan", "cat", "s"], ["the", "cat"], ["the", "dog", "s"])]
    ['fixed', 'broken', 'missed']
    """
    wanted = changes(source, reference)
    made = wanted if hypothesis == reference else changes(source, hypothesis)
    places: list[Place] = []
    for run in _runs(sorted(wanted.keys() | made.keys())):
        triples = [_triple(slot, source, wanted, made) for slot in run]
        same = len(run) > 1 and _joined(triples, 1) == _joined(triples, 2)
        places += [
            Place(slot, *triple, FIXED if same and slot in wanted else _verdict(*triple))
            for slot, triple in zip(run, triples, strict=True)
            if not same or slot in wanted
        ]
    return places


Tokens = tuple[str, ...]
Triple = tuple[Tokens, Tokens, Tokens]


def _runs(slots: list[int]) -> Iterator[list[int]]:
    """Split slots where an unchanged token lies between."""
    run: list[int] = []
    for slot in slots:
        if run and slot - run[-1] > (2 if slot % 2 else 1):
            yield run
            run = []
        run.append(slot)
    if run:
        yield run


def _triple(
    slot: int,
    source: Sequence[str],
    wanted: dict[int, tuple[str, ...]],
    made: dict[int, tuple[str, ...]],
) -> Triple:
    here = (source[slot // 2],) if slot % 2 else ()
    return here, wanted.get(slot, here), made.get(slot, here)


def _joined(triples: list[Triple], which: int) -> list[str]:
    return [token for triple in triples for token in triple[which]]


def _verdict(source: Tokens, reference: Tokens, hypothesis: Tokens) -> str:
    if source == reference:
        return BROKEN
    if hypothesis == reference:
        return FIXED
    return MISSED if hypothesis == source else WRONG
