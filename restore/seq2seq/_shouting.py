"""Words in capitals amid running text: `He IN fact WAS there` is damage, `the FBI` is not.

One such word is emphasis. Several function words, each between words in small letters, tell that
capitals were scattered over the text; then they go from all words that cannot be abbreviations,
down to the capital that news gives a word and its neighbours.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from restore._capitals import LIKE_INITIALS, LONGEST_SHORT, begun, capitals
from restore._document import ALLCAPS, PROTECTED, WORD
from restore._edits import Edit
from restore._function_words import FUNCTION_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from restore._document import Document
    from restore.lattice._ngram import NgramModel
    from restore.lattice._truecase import Odds

SOURCE = "full:case"
CONFIDENCE = 0.999
FEWEST = 3  # different function words in capitals amid small letters
SMALL, SOME = 0.5, 0.2  # words of a sentence in small letters that tell, and that are enough then
USUAL, USUAL_SHORT = -15.0, -11.0  # log frequency of longer words, of those as short as initials
COMMON = -2.0  # log odds of a capital below which a short word is no name
# Function words that are abbreviations, or that people write in capitals for emphasis.
AMBIGUOUS = frozenset(
    """a i it us who or may will am me not no all never more so must now without both only every any
    most best here at is""".split()  # noqa: SIM905
)
PLAIN = frozenset(FUNCTION_WORDS) - AMBIGUOUS


def quiet(
    document: Document,
    sentences: Sequence[tuple[int, int]],
    odds: Odds,
    model: NgramModel,
) -> Iterator[Edit]:
    """Yield edits, in order, that take scattered capitals away.

    Args:
        document: the text.
        sentences: first and end token of each.
        odds: of a capital at each token, as `capital_odds` has them.
        model: knows the usual words.
    """
    lines = [_words(document, first, end) for first, end in sentences]
    told = {document.tokens[at].lower() for words in lines for at in _loud(document, words, SMALL)}
    if len(told & PLAIN) < FEWEST:
        return
    small = {token for token in document.tokens if token.islower()}
    for words in lines:
        heading = _heading(document, words)
        for at in _loud(document, words, SOME):
            word, begins = document.tokens[at], at == words[0]
            lean = float(odds.beside[at])
            if at in heading or not _is_plain(word.lower(), small, model, lean, begins=begins):
                continue
            after = _written(word.lower(), capital=begins or lean > 0)
            start = document.starts[at]
            yield Edit(start, start + len(word), word, after, SOURCE, CONFIDENCE)


def _written(word: str, *, capital: bool) -> str:
    name = capitals().get(word, word)
    return begun(name) if capital else name


def _words(document: Document, first: int, end: int) -> list[int]:
    return [at for at in range(first, end) if document.kinds[at] & WORD]


def _heading(document: Document, words: list[int]) -> list[int]:
    """Return the words in capitals that a sentence begins with: several, or one and a colon."""
    loud = list(takewhile(lambda at: document.kinds[at] & ALLCAPS, words))
    label = loud and document.text[document.end(loud[0]) : document.end(loud[0]) + 1] == ":"
    return loud if len(loud) > 1 or label else []


def _loud(document: Document, words: list[int], share: float) -> list[int]:
    """Return the words in capitals of a sentence of which enough are small; one letter is none."""
    loud = [
        at
        for at in words
        if document.kinds[at] & (ALLCAPS | PROTECTED) == ALLCAPS and len(document.tokens[at]) > 1
    ]
    small = sum(document.tokens[at].islower() for at in words)
    return loud if small > share * len(words) else []


def _is_plain(word: str, small: set[str], model: NgramModel, odds: float, *, begins: bool) -> bool:
    """Tell whether a word is a word, and no abbreviation."""
    if word in PLAIN:
        return True
    if begins:  # the place that a news story comes from
        return False
    if len(word) > LONGEST_SHORT:
        return model.log_share(word) >= USUAL
    if word in small or capitals().get(word) == word.capitalize():
        return True
    return word not in LIKE_INITIALS and odds < COMMON and model.log_share(word) >= USUAL_SHORT
