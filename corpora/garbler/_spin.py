"""The spinner as a corruptor: a document's key applied to its tokens, as edits."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from corpora.garbler._debris import debris_edits, stray_edits
from corpora.garbler._key import KeyMaker
from restore import Edit
from restore._document import PROTECTED, WORD, Document

if TYPE_CHECKING:
    import random

    from corpora.garbler._dialect import Dialect
    from corpora.garbler._key import Key
    from corpora.garbler._lexicon import Lexicon

_LONGEST_PHRASE = 3  # words


def spin(text: str, lexicon: Lexicon, dialect: Dialect, rng: random.Random) -> list[Edit]:
    """Return the edits by which a spinner of `dialect` garbles `text`, in order.

    Words inside protected spans (addresses, figures, handles) are never touched.
    """
    document = Document.parse(text)
    tokens = document.tokens
    maker = KeyMaker(lexicon, dialect, rng)
    words = [i for i, kind in enumerate(document.kinds) if kind & WORD and not kind & PROTECTED]
    edits: list[Edit] = []
    open_words = words
    if dialect.phrases:
        edits, taken = _phrases(document, words, lexicon, maker)
        open_words = [i for i in words if i not in taken]
    key = maker.make(Counter([tokens[i] for i in open_words]))
    hits = [i for i in open_words if tokens[i] in key]
    if dialect.occurrences < 1:
        hits = [i for i in hits if rng.random() < dialect.occurrences]
    edits += _replaced(document, hits, key, rng)
    inserted = stray_edits(document, dialect.stray, rng) if dialect.stray else []
    inserted += debris_edits(document, words, dialect.debris, rng) if dialect.debris else []
    return _in_place(edits + inserted) if inserted or dialect.phrases else edits


def _replaced(document: Document, hits: list[int], key: Key, rng: random.Random) -> list[Edit]:
    tokens, starts = document.tokens, document.starts
    edits = []
    for i in hits:
        token, start = tokens[i], starts[i]
        chosen = key[token]
        if len(chosen) == 1:
            new, relation = chosen[0]
        else:
            new, relation = chosen[int(rng.random() * len(chosen))]
        if new != token:
            edits.append(Edit(start, start + len(token), token, new, f"garble:{relation}"))
    return edits


def _phrases(
    document: Document, words: list[int], lexicon: Lexicon, maker: KeyMaker
) -> tuple[list[Edit], set[int]]:
    """Replace lower-case phrases that WordNet knows; return the edits and the tokens they take."""
    edits: list[Edit] = []
    taken: set[int] = set()
    tokens, starts, text = document.tokens, document.starts, document.text
    starting = lexicon.phrase_starts
    last = len(tokens) - 1
    for i in words:
        if i == last or f"{tokens[i]} {tokens[i + 1]}" not in starting or i in taken:
            continue
        for length in range(_LONGEST_PHRASE, 1, -1):
            phrase = " ".join(tokens[i : i + length])
            end = starts[i] + len(phrase)
            if phrase in lexicon.wordnet.index and text[starts[i] : end] == phrase:
                new = maker.phrase(phrase)
                if new is not None:
                    relation = f"garble:phrase-{new.relation}"
                    edits.append(Edit(starts[i], end, phrase, new.text, relation))
                    taken.update(range(i, i + length))
                break
    return edits, taken


def _in_place(edits: list[Edit]) -> list[Edit]:
    """Order edits; of two insertions at one place the first stays, and none inside a phrase."""
    places: dict[tuple[int, int], Edit] = {}
    for edit in edits:
        places.setdefault((edit.start, edit.end), edit)
    ordered: list[Edit] = []
    for place in sorted(places):
        if not ordered or place[0] >= ordered[-1].end:
            ordered.append(places[place])
    return ordered
