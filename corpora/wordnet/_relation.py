"""The relations kept from WordNet, and how its data files write them."""

from __future__ import annotations

from enum import IntEnum


class Relation(IntEnum):
    """How a target lemma is linked to a source lemma: one step, part of speech ignored."""

    SYNONYM = 0  # same synset
    SIMILAR = 1  # similar-to, both directions (adjectives)
    HYPERNYM = 2  # the target is more general, instances included
    HYPONYM = 3  # the target is more specific, instances included
    ALSO = 4  # also-see and verb groups
    DERIVED = 5  # derivationally related form
    PERTAINYM = 6  # relational adjective or adverb to the word it comes from, and back
    ANTONYM = 7
    SISTER = 8  # shares a direct hypernym; computed, not stored


# Pointer symbols of the data files (wninput(5WN)); anything else is left out.
POINTERS = {
    "&": Relation.SIMILAR,
    "@": Relation.HYPERNYM,
    "@i": Relation.HYPERNYM,
    "^": Relation.ALSO,
    "$": Relation.ALSO,
    "+": Relation.DERIVED,
    "\\": Relation.PERTAINYM,
    "<": Relation.PERTAINYM,
    "!": Relation.ANTONYM,
}

PARTS_OF_SPEECH = "nvar"  # noun, verb, adjective (satellites included), adverb
