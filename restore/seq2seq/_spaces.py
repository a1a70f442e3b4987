"""Spaces that went astray: words broken in two, and words run together.

Both are decided by the language model's bigrams, in context. A broken word leaves an odd fragment
(``nationa l``, ``str ike``), words run together make an unknown one (``ofwomen``); two usual words
in a row are never joined and a known word is never divided: that would be a matter of style.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from restore._capitals import capitals
from restore._document import ALLCAPS, CAPITAL, PROTECTED, WORD
from restore._edits import Edit
from restore._function_words import FUNCTION_WORDS
from restore.lattice._ngram import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from restore._document import Document
    from restore.lattice._ngram import NgramModel
    from restore.seq2seq._spelling import Speller

SOURCE = "full:spelling"
SHORTEST = 4  # letters of the whole word
RARE_WHOLE = -14.0  # log frequency below which a whole is no usual word
RARE_PART = -12.5  # log frequency below which a fragment is odd
# Single letters are odd, but for those that are words or what an apostrophe leaves behind.
USUAL_LETTERS = frozenset("aiostdm")
BROKEN = -9.0  # log odds that a space stands inside a word
SHORTEST_RUN, SHORTEST_CERTAIN = 4, 5  # letters of words run together, and for certain
RARE_RUN = -12.0  # log frequency above which they are a word: what is often run together is known
USUAL = -14.0  # log frequency of each of them, at least
RARE_RUN_PART = -14.5  # ... where each but the first begins with a capital
PARTS = re.compile(r"[A-Z]?[a-z'\u2019]+")
WORDS = frozenset("ai")  # single letters that are words
# Function words that begin or end no compound.
COMPOUNDING = frozenset(
    """above after around back before behind by down in inside near off on out over self through
    under up well""".split()  # noqa: SIM905
)
UNCOMPOUNDED = frozenset(FUNCTION_WORDS) - COMPOUNDING
# Log odds that two words which do not go together, nor with what follows, were run together: else
# it is a word that we do not know.
RUN_TOGETHER = -1.5
# Log probability of a lost space in texts that lose spaces: beside a function word, and where the
# whole may be a compound that we do not know.
LOST_BETWEEN, LOST_IN_COMPOUND = -2.5, -6.0
DOUBTFUL = -0.6  # log odds given to a division that only misspelt texts are to accept
LOST_SPACE = -0.5  # log probability of a lost space, as wrong letters have their costs
_BEGIN, _END = 1, 2  # the language model's sentence marks


@dataclass(frozen=True, slots=True)
class Place:
    """Where one word or two stand: token `first` up to, not including, `end`, and what is around.

    Attributes:
        before: language-model id of what comes before.
        after: the same of what comes after.
    """

    first: int
    end: int
    before: int
    after: int


def mend_spaces(
    document: Document,
    sentences: Sequence[tuple[int, int]],
    speller: Speller,
    whole: Container[str] = (),
    *,
    names: bool = True,
) -> Iterator[Edit]:
    """Yield edits, in order, that join broken words and divide those run together.

    Args:
        document: the text.
        sentences: first and end token of each.
        speller: knows words, and those near a misspelt one.
        whole: words that are never divided, in small letters: the dictionary's, rare as they may
            be (``motorboat``).
        names: whether words with a capital may be divided: in spun texts they are names.
    """
    for first, end in sentences:
        taken = first
        for at in _rare(document, first, end, speller.model):
            if at < taken:
                continue
            edit = _broken(document, at, (first, end), speller.model)
            free = names or not document.kinds[at] & CAPITAL
            if edit is None and free and document.tokens[at].lower() not in whole:
                edit = _run_together(document, at, (first, end), speller)
            if edit is not None:
                yield edit
                taken = at + (1 if " " in edit.after else 2)


def _rare(document: Document, first: int, end: int, model: NgramModel) -> list[int]:
    """Return the tokens that are rare or single letters, or stand before one."""
    tokens = document.tokens[first:end]
    share = model.log_shares(tokens)
    rare = (share < max(RARE_PART, RARE_RUN)) | np.array([len(token) == 1 for token in tokens])
    rare[:-1] |= rare[1:]
    return (first + np.flatnonzero(rare)).tolist()


def _broken(
    document: Document, at: int, sentence: tuple[int, int], model: NgramModel
) -> Edit | None:
    """Return the edit that joins the word at a token with the next one, if they are one word."""
    if at + 1 == sentence[1] or not _may_be_one(document, at, model):
        return None
    head, tail = document.tokens[at : at + 2]
    place = _place(document, at, at + 2, sentence, model)
    gain = _log_probability(place, [head + tail], model)
    gain -= _log_probability(place, [head, tail], model)
    odds = BROKEN + gain
    return _edit(document, place, head + tail, odds) if odds > 0 else None


def _may_be_one(document: Document, at: int, model: NgramModel) -> bool:
    head, tail = document.tokens[at : at + 2]
    if len(head) + len(tail) < SHORTEST:
        return False
    head_kind, tail_kind = document.kinds[at], document.kinds[at + 1]
    if not head_kind & tail_kind & WORD or (head_kind | tail_kind) & PROTECTED:
        return False
    if tail_kind & CAPITAL or (head_kind & ALLCAPS and len(head) > 1):
        return False
    usual = model.log_share(head + tail) >= RARE_WHOLE
    return usual and document.gap(at) == " " and (_is_odd(head, model) or _is_odd(tail, model))


def _is_odd(part: str, model: NgramModel) -> bool:
    if len(part) == 1:
        return part.lower() not in USUAL_LETTERS
    return model.log_share(part) < RARE_PART


def _run_together(
    document: Document, at: int, sentence: tuple[int, int], speller: Speller
) -> Edit | None:
    """Return the edit that divides the word at a token, if it is two words."""
    word, kind, model = document.tokens[at], document.kinds[at], speller.model
    free = kind & WORD and not kind & (PROTECTED | ALLCAPS)
    if not free or len(word) < SHORTEST_RUN or model.log_share(word) > RARE_RUN:
        return None
    place = _place(document, at, at + 1, sentence, model)
    if parts := _at_capitals(word, model):
        return _edit(document, place, " ".join(parts), DOUBTFUL)
    return _in_two(document, place, word, speller)


def _in_two(document: Document, place: Place, word: str, speller: Speller) -> Edit | None:
    """Return the edit that divides a word in two where that is likelier than any one word."""
    model = speller.model
    pairs = list(_divisions(word, model))
    if not pairs:
        return None
    best = max(pairs, key=lambda pair: _log_probability(place, pair, model))
    value = _log_probability(place, best, model)
    usual = float(model.log_frequency[[*model.ids(best), place.after]].sum())
    sure = RUN_TOGETHER + value - usual if speller.is_strange(word.lower()) else -np.inf
    compound = UNCOMPOUNDED.isdisjoint(part.lower() for part in best)
    lost = LOST_IN_COMPOUND if compound else LOST_BETWEEN
    likely = lost + value - _log_probability(place, [word], model)
    if max(sure, likely) <= 0:
        return None
    rivals = [
        weight - model.log_share(text) + _log_probability(place, [text], model)
        for text, weight in speller.candidates(word.lower())
    ]
    gain = LOST_SPACE + value - max(rivals, default=-np.inf)
    if gain <= 0:
        return None
    certain = sure > 0 and not compound and len(word) >= SHORTEST_CERTAIN
    return _edit(document, place, " ".join(best), min(gain, sure) if certain else DOUBTFUL)


def _at_capitals(word: str, model: NgramModel) -> list[str]:
    """Return the parts of a word with capitals inside, where all are words: ``theUnitedNations``.

    It may be a name that we do not know: a division that only misspelt texts are to accept.
    """
    parts = PARTS.findall(word)
    known = word.lower() in capitals() or model.ids([word])[0] != UNKNOWN
    if known or len(parts) < 2 or "".join(parts) != word:
        return []
    usual = (model.log_share(part) > RARE_RUN_PART for part in parts)
    return parts if all(usual) and all(len(part) > 1 for part in parts) else []


def _divisions(word: str, model: NgramModel) -> Iterator[list[str]]:
    """Yield the pairs of usual words that make up a word."""
    for cut in range(1, len(word)):
        pair = [word[:cut], word[cut:]]
        if all(len(part) > 1 or part.lower() in WORDS for part in pair) and all(
            model.log_share(part) > USUAL for part in pair
        ):
            yield pair


def _place(
    document: Document, first: int, end: int, sentence: tuple[int, int], model: NgramModel
) -> Place:
    tokens = document.tokens
    before = int(model.ids([tokens[first - 1]])[0]) if first > sentence[0] else _BEGIN
    after = int(model.ids([tokens[end]])[0]) if end < sentence[1] else _END
    return Place(first, end, before, after)


def _log_probability(place: Place, words: list[str], model: NgramModel) -> float:
    """Return the log probability of words at a place, and of what follows there."""
    ids = np.array([place.before, *model.ids(words), place.after])
    return float(model.bigram(ids[:-1], ids[1:]).sum())


def _edit(document: Document, place: Place, after: str, odds: float) -> Edit:
    start, end = document.starts[place.first], document.end(place.end - 1)
    confidence = round(float(1 / (1 + np.exp(-odds))), 4)
    return Edit(start, end, document.text[start:end], after, SOURCE, confidence)
