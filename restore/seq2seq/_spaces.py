"""Spaces that went astray: words broken in two, and words run together.

The language model's bigrams decide, in context. A broken word leaves an odd fragment
(``nationa l``, ``str ike``), words run together make an unknown one (``ofwomen``; see `_divide`);
two usual words in a row are never joined and a known word is never divided: that would be a matter
of style.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from restore._document import ALLCAPS, CAPITAL, PROTECTED, WORD
from restore._edits import Edit
from restore.seq2seq._divide import divide
from restore.seq2seq._place import Place

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from restore._document import Document
    from restore.lattice._ngram import NgramModel
    from restore.seq2seq._divide import Divider

SOURCE = "full:spelling"
SHORTEST = 4  # letters of the whole word
RARE_WHOLE = -14.0  # log frequency below which a whole is no usual word
RARE_PART = -12.5  # log frequency below which a fragment is odd
# Single letters are odd, but for those that are words or what an apostrophe leaves behind.
USUAL_LETTERS = frozenset("aiostdm")
BROKEN = -9.0  # log odds that a space stands inside a word
SHORTEST_RUN = 4  # letters of words run together
RARE_RUN = -12.0  # log frequency above which they are a word: what is often run together is known
# Least confidence of a division: where a function word tells of it, and where the whole may be a
# compound that we do not know, or a name.
TOLD, COMPOUND, NAME = 0.35, 0.5, 0.7
CLEARLY, UNCLEAR = 0.9, 0.7  # with less than the first only misspelt texts are to accept any
DOUBTFUL = 0.354  # confidence of the latter two: only misspelt texts are to accept them


def mend_spaces(
    document: Document,
    sentences: Sequence[tuple[int, int]],
    divider: Divider,
    whole: Container[str] = (),
    *,
    names: bool = True,
) -> Iterator[Edit]:
    """Yield edits, in order, that join broken words and divide those run together.

    Args:
        document: the text.
        sentences: first and end token of each.
        divider: divides words, and knows them.
        whole: words that are never divided, in small letters: the dictionary's, rare as they may
            be (``motorboat``).
        names: whether words with a capital may be divided: in spun texts they are names.
    """
    model = divider.speller.model
    for first, end in sentences:
        taken = first
        for at in _rare(document, first, end, model):
            if at < taken:
                continue
            edit = _broken(document, at, (first, end), model)
            free = names or not document.kinds[at] & CAPITAL
            word, kind = document.tokens[at], document.kinds[at]
            if edit is None and free and is_asked(word, kind, whole, model):
                edit = _run_together(document, at, (first, end), divider)
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
    place = Place.of(document, (at, at + 2), sentence, model)
    gain = place.log_probability([head + tail], model)
    gain -= place.log_probability([head, tail], model)
    odds = BROKEN + gain
    return _edit(document, place, head + tail, 1 / (1 + np.exp(-odds))) if odds > 0 else None


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


def is_asked(word: str, kind: int, whole: Container[str], model: NgramModel) -> bool:
    """May a word be several, run together?

    Args:
        word: as it is written.
        kind: of its token.
        whole: words that are never divided, in small letters.
        model: knows the usual words.
    """
    free = kind & WORD and not kind & (PROTECTED | ALLCAPS) and len(word) >= SHORTEST_RUN
    return bool(free) and word.lower() not in whole and model.log_share(word) <= RARE_RUN


def _run_together(
    document: Document, at: int, sentence: tuple[int, int], divider: Divider
) -> Edit | None:
    """Return the edit that divides the word at a token, if it is several words.

    What may be one word is one if it comes again.
    """
    word, kind, speller = document.tokens[at], document.kinds[at], divider.speller
    place = Place.of(document, (at, at + 1), sentence, speller.model)
    found = divide(word, kind, place, speller)
    if found is None:
        return None
    confidence, after = divider.confidence(found), " ".join(found.parts)
    if not found.may_be_one:
        sure = confidence if confidence >= CLEARLY else min(confidence, UNCLEAR)
        return _edit(document, place, after, sure) if confidence >= TOLD else None
    least = NAME if kind & CAPITAL else COMPOUND
    once = confidence >= least and document.tokens.count(word) == 1
    return _edit(document, place, after, DOUBTFUL) if once else None


def _edit(document: Document, place: Place, after: str, confidence: float) -> Edit:
    start, end = document.starts[place.first], document.end(place.end - 1)
    return Edit(start, end, document.text[start:end], after, SOURCE, round(float(confidence), 4))
