"""Candidates for words that no list knows: usual words a typing or reading error away."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from restore.lattice._ngram import NgramModel

RARE = -14.5  # log frequency below which even a known word may be a misspelling
FAR = 2  # edits, a transposition being one (optimal string alignment)
SHORTEST, LONGEST = 3, 24  # letters of a word that is looked at
COST = 3.0  # of an edit, in log frequency
MOST = 12
KEPT = 50_000  # words whose candidates are remembered


@dataclass(slots=True)
class Speller:
    """Finds usual words near a strange one.

    Attributes:
        candidates: from a word to its candidates and their log weights, best first.
    """

    model: NgramModel
    candidates: Callable[[str], tuple[tuple[str, float], ...]] = field(init=False)
    _by_length: dict[int, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._by_length = defaultdict(list)
        for word in self.model.vocabulary:
            if word.isalpha() and len(word) >= SHORTEST - 1:
                self._by_length[len(word)].append(word)
        self.candidates = lru_cache(KEPT)(self._find)

    def is_strange(self, word: str) -> bool:
        """Tell whether a lower-case word is unknown, or so rare that it may be an error."""
        if not (SHORTEST <= len(word) <= LONGEST and word.isalpha() and word.isascii()):
            return False
        number = self.model.vocabulary.get(word)
        return number is None or float(self.model.log_frequency[number]) < RARE

    def _find(self, word: str) -> tuple[tuple[str, float], ...]:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        far = FAR if len(word) > SHORTEST else 1
        pool = [w for n in range(len(word) - far, len(word) + far + 1) for w in self._by_length[n]]
        found = process.extract(word, pool, scorer=OSA.distance, score_cutoff=far, limit=None)
        weighed = [(w, self._weight(w, distance)) for w, distance, _ in found if w != word]
        return tuple(sorted(weighed, key=lambda pair: (-pair[1], pair[0]))[:MOST])

    def _weight(self, word: str, distance: float) -> float:
        return float(self.model.log_frequency[self.model.vocabulary[word]]) - COST * distance
