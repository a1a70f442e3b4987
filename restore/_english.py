"""Drops edits in sentences of other languages, where `nan` and `ar` are honest words."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from functools import cached_property
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from restore._decoder import lower_tokens
from restore._document import WORD
from restore._sources import GUESSES, NEEDS_CONTEXT, source_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from restore._document import Document
    from restore._edits import Edit

KNOWN_SHARE = 0.5  # of a sentence's other words, for the sentence to count as English
# Share of a text's words in small letters that are known: with fewer it is not English, whether it
# has words that are only English, or none of them.
FOREIGN_SHARE, WITHOUT_ENGLISH = 0.4, 0.55
FOREIGN_WORDS, LETTERS = 20, 3  # ... if it has so many such words, of so many letters and more
TOO_FEW = 2  # fewer other words than this say nothing about the language
PLAIN_SHARE = 0.8  # ... and for words to be corrected in it that no list of garbled forms holds
PLAIN_WORDS = 3  # ... if there are so many known ones
# ... or these two are so many: a sentence full of errors has fewer known words than a foreign one.
SURELY_ENGLISH, ENGLISH_SHARE = 2, 0.06
SHORT = 6  # words of a sentence of which one of these is enough
# Many words of other languages are known ones too, or one letter away from one. So in sentences
# without one of these a correction has to be sure.
SURE_GUESS = 0.93
ENGLISH = frozenset(
    """the of and to that with which from this these they their there has have were been would could
    said his its not by when what where who how about after before than then because it you your our
    every only other each own through against while between should both year years people always
    help today""".split()  # noqa: SIM905
)
# Other languages write words like these too: for a short sentence they do not vouch.
COGNATES = frozenset("of and to has have been his not by when".split())  # noqa: SIM905
STRETCH = 4  # words in small letters that tell the language of a sentence, or of a quotation
OFTEN = 3  # times a word comes in a text that belongs to its key, if not to its language
QUOTES = frozenset('"\u201c\u201d\u201e\u00ab\u00bb')  # straight, curly, low, angular
SPARED = {*GUESSES, "user"}  # kinds of edits that are left to other rules


def in_english(edits: list[Edit], document: Document, knows: Callable[[str], bool]) -> list[Edit]:
    """Drop edits in texts and sentences of other languages, where `nan` and `ar` are honest words.

    Args:
        edits: in order, not overlapping.
        document: what they are for.
        knows: tells whether a lower-case word, its apostrophe straight, is usual English.
    """
    if edits and is_foreign(document, knows):
        return []
    begins = [document.starts[first] for first, _ in document.sentences]
    guesses = GUESSES if len(document.tokens) > 1 else NEEDS_CONTEXT
    language = _Language(document, knows)
    kept: list[Edit] = []
    for sentence, group in groupby(edits, lambda edit: bisect_right(begins, edit.start) - 1):
        proposed = _native(list(group), language, document.sentences[sentence])
        english = _english_words(document, sentence, proposed)
        if not english:
            proposed = [
                edit
                for edit in proposed
                if source_of(edit) not in guesses or edit.confidence >= SURE_GUESS
            ]
        known, others = _known_words(document, document.sentences[sentence], proposed, knows)
        if others < TOO_FEW or known >= KNOWN_SHARE * others:
            plain = known >= max(PLAIN_WORDS, PLAIN_SHARE * others)
            vouched = others <= SHORT and not COGNATES.issuperset(english)
            least = 1 if vouched else SURELY_ENGLISH
            plain |= len(english) >= max(least, ENGLISH_SHARE * others)
            kept += [edit for edit in proposed if plain or source_of(edit) not in guesses]
    return kept


class _Language:
    """What the words of a document tell of the languages in it."""

    def __init__(self, document: Document, knows: Callable[[str], bool]) -> None:
        self.document = document
        self._knows = knows

    @cached_property
    def _everywhere(self) -> Counter[str]:
        return Counter(lower_tokens(self.document.tokens))

    def is_foreign(self, first: int, end: int) -> bool:
        """Tell whether fewer than half of a stretch's words in small letters are known, or usual.

        A spinner may put words that nobody knows into the places of function words, everywhere.
        """
        words = _small(self.document, first, end)
        strange = [word for word in words if not self._knows(word)]
        most = KNOWN_SHARE * len(words)
        if len(words) < STRETCH or len(strange) <= most:
            return False
        return sum(self._everywhere[word] < OFTEN for word in strange) > most


def _native(edits: list[Edit], language: _Language, sentence: tuple[int, int]) -> list[Edit]:
    """Drop a spinner's words where a whole stretch of a sentence is in another language.

    What is quoted is a stretch by itself. Garbled English has twice as many known words. Phrases
    are spared, and what stands beside them: no language has a spinner's phrases by accident.
    """
    document = language.document
    quotes = (at for at in range(*sentence) if document.tokens[at] in QUOTES)
    foreign = [
        (document.starts[first], document.starts[end - 1])
        for first, end in pairwise((sentence[0], *quotes, sentence[1]))
        if end > first and language.is_foreign(first, end)
    ]
    for low, high in foreign:
        if not any(" " in edit.before and low <= edit.start <= high for edit in edits):
            edits = [e for e in edits if not low <= e.start <= high or source_of(e) in SPARED]
    return edits


def _small(document: Document, first: int, end: int) -> list[str]:
    """Return the words in small letters among some tokens, their apostrophes straight."""
    tokens, kinds = document.tokens[first:end], document.kinds[first:end]
    pairs = zip(tokens, kinds, strict=True)
    return lower_tokens([token for token, kind in pairs if kind & WORD and token.islower()])


def is_foreign(document: Document, knows: Callable[[str], bool]) -> bool:
    """Tell whether a text is in another language: garbled English has more known words.

    It lacks English function words, and its own stand oddly often, just as in a spun text. Sentence
    by sentence that would not be seen: what is replaced no longer tells of its language.
    """
    words = [word for word in _small(document, 0, len(document.tokens)) if len(word) >= LETTERS]
    share = WITHOUT_ENGLISH if ENGLISH.isdisjoint(words) else FOREIGN_SHARE
    return len(words) >= FOREIGN_WORDS and sum(map(knows, words)) < share * len(words)


def _english_words(document: Document, sentence: int, edits: list[Edit]) -> list[str]:
    """Return the words of the sentence that hardly any other language has.

    Those count too that came back by a list or the key: spinners replace the very words.
    """
    words = document.tokens[slice(*document.sentences[sentence])]
    restored = [edit.after for edit in edits if source_of(edit) not in GUESSES]
    words = [*words, *" ".join(restored).split(" ")]
    return [word for word in map(str.lower, words) if word in ENGLISH]


def _known_words(
    document: Document,
    sentence: tuple[int, int],
    edits: list[Edit],
    knows: Callable[[str], bool],
) -> tuple[int, int]:
    """Count the words that edits leave alone: usual English ones, and all."""
    edited = {at for edit in edits for at in range(edit.start, edit.end)}
    left = [
        document.tokens[index]
        for index in range(*sentence)
        if document.kinds[index] & WORD and document.starts[index] not in edited
    ]
    others = lower_tokens(left)
    return sum(map(knows, others)), len(others)
