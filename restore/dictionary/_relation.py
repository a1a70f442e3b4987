"""What links a garbled form to the original it stands for."""

from __future__ import annotations

from enum import IntEnum


class Relation(IntEnum):
    """The relation that explains a candidate, read from the original to the garbled form.

    `HYPERNYM` says that the garbled form is more general than the original (`vessel` for `tank`).
    The numbers are stored in compiled dictionaries: never renumber, only append.
    """

    USER = 0  # a user's own table
    OBSERVED = 1  # seen in spun text, and explained by nothing below
    CLOSED_CLASS = 2  # the table of function words
    PHRASE = 3  # the table of tortured phrases
    SYNONYM = 4  # same WordNet synset
    SIMILAR = 5  # WordNet similar-to
    HYPERNYM = 6
    HYPONYM = 7
    ALSO = 8  # WordNet also-see, verb groups
    DERIVED = 9  # derivationally related
    PERTAINYM = 10
    ANTONYM = 11
    SISTER = 12  # shares a direct hypernym
    TWO_STEP = 13  # two WordNet steps, the first of them through a synonym or similar-to
    THESAURUS = 14  # Moby thesaurus, either direction
    BROKEN = 15  # a contraction whose first part was replaced (`preceptor't` for `don't`)
    NUMERAL = 16  # a number word written in digits, or the reverse

    def __str__(self) -> str:
        """Return the name in lower case, as edits and tables show it."""
        return self.name.lower()

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)
