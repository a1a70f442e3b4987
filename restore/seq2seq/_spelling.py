"""Candidates for words that no list knows: usual words a typing or reading error away.

Errors are letters typed wrong, one or two of them, and printed shapes read wrong (Kukich 1992).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nlargest
from typing import TYPE_CHECKING
from unicodedata import combining, normalize

from restore.seq2seq._rare_english import RARE_ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from restore.lattice._ngram import NgramModel

RARE = -14.5  # log frequency below which even a known word may be a misspelling
FAR = 2  # edits, a transposition being one (optimal string alignment)
SHORTEST, LONGEST = 3, 24  # letters of a word that is looked at
ROUGH, LOOKED_AT = 4.2, 24  # cost of an edit of any kind, and how many words are looked at closely
MISREAD_COST = 3.0  # of a shape read wrong, which may be several letters, in log frequency
ACCENT_COST = 2.0  # of all accents that a word should not have
CROSSED = str.maketrans({"đ": "d", "ħ": "h", "\u0131": "i", "ł": "l", "ø": "o", "ŧ": "t"})
MOST = 12
KEPT = 50_000  # words whose candidates are remembered
POOLS = 12  # lists of words about as long, half a megabyte each
# What printed letters are taken for, and what they were. Long s, ligatures and broken types too.
MISREAD = {
    "cl": ("d",), "ci": ("d",), "rn": ("m",), "m": ("rn", "in"), "ni": ("m",), "in": ("m",),
    "li": ("h", "u"), "ii": ("u", "n"), "vv": ("w",), "w": ("vv",), "tl": ("d",), "d": ("cl",),
    "f": ("s", "t"), "fi": ("fl", "si"), "fl": ("fi", "st"), "lh": ("th",), "tb": ("th",),
    "il": ("u", "d"), "lii": ("hi",), "iii": ("m", "ui"), "ri": ("n",), "n": ("ri",), "u": ("ii",),
    "h": ("li", "b"), "b": ("h",), "e": ("c", "o"), "c": ("e", "o"), "o": ("e", "c"), "i": ("l",),
    "l": ("i", "t"), "t": ("l", "f"), "y": ("v",), "v": ("y",), "nn": ("mi",), "hi": ("in",),
}  # fmt: skip


@dataclass(slots=True)
class Speller:
    """Finds usual words near a strange one.

    Attributes:
        candidates: from a word to its candidates and their log weights, best first.
    """

    model: NgramModel
    candidates: Callable[[str], tuple[tuple[str, float], ...]] = field(init=False)
    _by_length: dict[int, list[str]] = field(init=False)
    _pool: Callable[[int, int], list[str]] = field(init=False)
    _usual: dict[str, float] = field(init=False)

    def __post_init__(self) -> None:
        self._by_length = defaultdict(list)
        for word in self.model.vocabulary:
            if word.isalpha() and len(word) >= SHORTEST - 1:
                self._by_length[len(word)].append(word)
        frequencies = self.model.log_frequency[list(self.model.vocabulary.values())].tolist()
        self._usual = dict(zip(self.model.vocabulary, frequencies, strict=True))
        self.candidates = lru_cache(KEPT)(self._find)
        self._pool = lru_cache(POOLS)(self._about_as_long)

    def is_strange(self, word: str) -> bool:
        """Tell whether a lower-case word is unknown, or so rare that it may be an error."""
        if not (SHORTEST <= len(word) <= LONGEST and word.isalpha() and word.isascii()):
            return False
        if word in RARE_ENGLISH:
            return False
        return self._usual.get(word, RARE - 1) < RARE

    def is_accented(self, word: str) -> bool:
        """Tell whether a lower-case word has letters that English lacks, and nobody writes it."""
        if word.isascii() or word in self._usual or not 1 < len(word) <= LONGEST:
            return False
        plain = unaccented(word)
        return plain.isascii() and plain.isalpha()

    def _find(self, word: str) -> tuple[tuple[str, float], ...]:
        plain = unaccented(word)
        found: dict[str, float] = {}
        if plain in self._usual:
            found[plain] = self._usual[plain] - ACCENT_COST
        for text, weight in (*self._near(plain), *self._misread(plain)):
            found[text] = max(weight, found.get(text, weight))
        found.pop(word, None)
        return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST])

    def _about_as_long(self, length: int, far: int) -> list[str]:
        lengths = range(length - far, length + far + 1)
        return [word for at in lengths for word in self._by_length.get(at, ())]

    def _near(self, word: str) -> Iterator[tuple[str, float]]:
        """Yield usual words one or two edits away."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        from restore.seq2seq._typing import cost

        far = FAR if len(word) > SHORTEST else 1
        pool = self._pool(len(word), far)
        found = process.extract(word, pool, scorer=OSA.distance, score_cutoff=far, limit=None)
        rough = [(self._usual[near] - ROUGH * far, near, far) for near, far, _ in found]
        for _, near, distance in nlargest(LOOKED_AT, rough):
            yield near, self._usual[near] - cost(word, near, int(distance))

    def _misread(self, word: str) -> Iterator[tuple[str, float]]:
        """Yield usual words of which one or two shapes were read wrong."""
        once = set(_read_right(word))
        twice = {right for text in once for right in _read_right(text)} if len(word) > 4 else set()
        for errors, texts in ((1, once), (2, twice - once)):
            for text in texts & self._usual.keys():
                yield text, self._usual[text] - MISREAD_COST * errors


def unaccented(word: str) -> str:
    """Return a word without what stands above, below and across its letters.

    >>> unaccented("cỏuple"), unaccented("đeath"), unaccented("plain")
    ('couple', 'death', 'plain')
    """
    if word.isascii():
        return word
    bare = (letter for letter in normalize("NFKD", word) if not combining(letter))
    return "".join(bare).translate(CROSSED)


def _read_right(word: str) -> Iterator[str]:
    """Yield what one shape read wrong may have been."""
    for shape, originals in MISREAD.items():
        at = word.find(shape)
        while at >= 0:
            for original in originals:
                yield word[:at] + original + word[at + len(shape) :]
            at = word.find(shape, at + 1)
