"""Which originals are written with a capital in mid-sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpora.wordnet import WordNet

_LEAST_LETTERS = 4  # shorter ones are mostly abbreviations that look like common words


def capitalised(words: list[str], wordnet: WordNet) -> dict[str, str]:
    """Map words that WordNet only knows as names to their spelling.

    >>> from corpora.wordnet import WordNet
    >>> capitalised(["march", "american", "this"], WordNet.load())
    {'i': 'I', 'american': 'American'}
    """
    spelt: dict[str, set[str]] = {}
    for spelling in wordnet.spellings:
        spelt.setdefault(spelling.lower(), set()).add(spelling)
    found = {"i": "I"}
    for word in words:
        known = spelt.get(word, set())
        if len(word) >= _LEAST_LETTERS and known and all(text.istitle() for text in known):
            found[word] = min(known)
    return found
