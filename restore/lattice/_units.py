"""Units: what the lattice decides about, a word or a phrase that the dictionary knows whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from restore._decoder import lower_tokens
from restore._document import ALLCAPS, CAPITAL, PROTECTED, SENTENCE_START, WORD
from restore._forms import Words, find_forms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from restore._document import Document
    from restore.lattice._lexicon import Lexicon


@dataclass(slots=True)
class Units:
    """A stretch of sentences as units; all arrays of shape (N,).

    Attributes:
        names: lower-cased surface, the words of a phrase joined by spaces.
        token: index of the first token of each unit in the document.
        length: number of tokens in each unit.
        first: language-model id of the first word.
        last: language-model id of the last word.
        inner: log-probability of a phrase's words after the first.
        free: whether the unit is a word or phrase outside protected spans.
        plain: whether it is such a word in lower case.
        is_word: whether it is a word at all.
        case: 0 lower, 1 capital at a sentence start, 2 capital elsewhere, 3 capitals.
        begins: index of the first unit of each sentence, shape (sentences,).
    """

    names: list[str]
    token: NDArray[np.int32]
    length: NDArray[np.int32]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    inner: NDArray[np.float32]
    free: NDArray[np.bool_]
    plain: NDArray[np.bool_]
    is_word: NDArray[np.bool_]
    case: NDArray[np.int32]
    begins: NDArray[np.int32]


def split_units(document: Document, sentences: list[tuple[int, int]], lexicon: Lexicon) -> Units:
    """Return the units of consecutive `sentences` of `document`."""
    low, high = sentences[0][0], sentences[-1][1]
    lower = lower_tokens(document.tokens[low:high])
    kinds = np.frombuffer(bytes(document.kinds[low:high]), np.uint8)
    ids = lexicon.model.ids(lower)
    phrases = _phrases(Words(document, lower, low), sentences, lexicon)
    head = np.ones(len(lower), bool)
    length = np.ones(len(lower), np.int32)
    inner = np.zeros(len(lower), np.float32)
    for at, count in phrases:
        head[at + 1 : at + count] = False
        length[at] = count
        words = ids[at : at + count]
        inner[at] = lexicon.model.bigram(words[:-1], words[1:]).sum()
        lower[at] = " ".join(lower[at : at + count])
    token = np.flatnonzero(head).astype(np.int32)
    is_word = (kinds[token] & WORD) != 0
    free = is_word & ((kinds[token] & PROTECTED) == 0)
    unit_of = np.cumsum(head) - 1
    return Units(
        names=[lower[i] for i in token.tolist()],
        token=token + low,
        length=length[token],
        first=ids[token],
        last=ids[token + length[token] - 1],
        inner=inner[token],
        free=free,
        plain=free & ((kinds[token] & CAPITAL) == 0),
        is_word=is_word,
        case=_case(kinds[token]),
        begins=np.array([unit_of[first - low] for first, _ in sentences], np.int32),
    )


def _case(kinds: NDArray[np.uint8]) -> NDArray[np.int32]:
    capital = (kinds & CAPITAL) != 0
    case = np.where(capital, np.where((kinds & SENTENCE_START) != 0, 1, 2), 0)
    return np.where((kinds & ALLCAPS) != 0, 3, case).astype(np.int32)


def _phrases(
    words: Words, sentences: list[tuple[int, int]], lexicon: Lexicon
) -> list[tuple[int, int]]:
    """Return (index, words) of phrases within sentences: the user's, then the dictionary's."""
    return [
        (first, end - first)
        for begin, stop in sentences
        for first, end in find_forms(
            words, (begin - words.low, stop - words.low), lexicon.own, lexicon.phrases
        )
        if end - first > 1
    ]
