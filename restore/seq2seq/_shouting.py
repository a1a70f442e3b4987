"""Words in capitals amid running text: `He IN fact WAS there` is damage, `the FBI` is not.

One such word is emphasis. Several function words, each between words in small letters, tell that
capitals were scattered over the text; then they go from all words that cannot be abbreviations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from restore._capitals import LONGEST_SHORT
from restore._document import ALLCAPS, PROTECTED, WORD
from restore._edits import Edit
from restore._function_words import FUNCTION_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from restore._document import Document
    from restore.lattice._ngram import NgramModel

SOURCE = "full:case"
CONFIDENCE = 0.999
FEWEST = 3  # function words in capitals amid small letters
USUAL = -13.0  # log frequency of the longer words, at least
# Function words that are abbreviations, or that people write in capitals for emphasis.
AMBIGUOUS = frozenset(
    """a i it us who or may will am me not no all never more so must now without both only every any
    most best""".split()  # noqa: SIM905
)
PLAIN = frozenset(FUNCTION_WORDS) - AMBIGUOUS


def quiet(
    document: Document, sentences: Sequence[tuple[int, int]], model: NgramModel
) -> Iterator[Edit]:
    """Yield edits, in order, that write scattered capitals small.

    Args:
        document: the text.
        sentences: first and end token of each.
        model: knows the usual words.
    """
    found = [at for first, end in sentences for at in _amid(document, first, end)]
    if sum(document.tokens[at].lower() in PLAIN for at in found) < FEWEST:
        return
    small = {token for token in document.tokens if token.islower()}
    for at in found:
        word = document.tokens[at]
        if _is_plain(word.lower(), small, model):
            start = document.starts[at]
            yield Edit(start, start + len(word), word, word.lower(), SOURCE, CONFIDENCE)


def _amid(document: Document, first: int, end: int) -> list[int]:
    """Return the words in capitals of a sentence of which most are not; not its first word."""
    words = [at for at in range(first, end) if document.kinds[at] & WORD]
    loud = [
        at
        for at in words[1:]
        if document.kinds[at] & ALLCAPS
        and not document.kinds[at] & PROTECTED
        and len(document.tokens[at]) > 1
    ]
    small = sum(document.tokens[at].islower() for at in words)
    return loud if 2 * small > len(words) else []


def _is_plain(word: str, small: set[str], model: NgramModel) -> bool:
    """Tell whether a word is a word, and no abbreviation."""
    if word in PLAIN:
        return True
    if len(word) <= LONGEST_SHORT:
        return word in small
    return model.log_share(word) >= USUAL
