"""The spinner as a corruptor: a document's key applied to its tokens, as edits."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from corpora.garbler._debris import debris_edits, stray_edits
from corpora.garbler._key import KeyMaker
from restore._document import PROTECTED, WORD, Document
from restore._edits import Edit

if TYPE_CHECKING:
    import random

    from corpora.garbler._dialect import Dialect
    from corpora.garbler._key import Key
    from corpora.garbler._lexicon import Lexicon

_PLAIN = "garble:"


def spin(text: str, lexicon: Lexicon, dialect: Dialect, rng: random.Random) -> list[Edit]:
    """Return the edits by which a spinner of `dialect` garbles `text`, in order.

    Words inside protected spans (addresses, figures, handles) are never touched.
    """
    document = Document.parse(text)
    words = [i for i, kind in enumerate(document.kinds) if kind & WORD and not kind & PROTECTED]
    tokens = document.tokens
    key = KeyMaker(lexicon, dialect, rng).make(Counter([tokens[i] for i in words]))
    hits = [i for i in words if tokens[i] in key]
    edits = _replaced(document, hits, key, rng)
    extra: list[Edit] = []
    if dialect.stray:
        extra += stray_edits(document, dialect.stray, rng)
    if dialect.debris:
        extra += debris_edits(document, words, dialect.debris, rng)
    return _merged(edits, extra) if extra else edits


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
            edits.append(Edit(start, start + len(token), token, new, _PLAIN + relation))
    return edits


def _merged(edits: list[Edit], extra: list[Edit]) -> list[Edit]:
    """Put insertions among replacements; of two at one place the first stays."""
    places: dict[tuple[int, int], Edit] = {}
    for edit in (*edits, *extra):
        places.setdefault((edit.start, edit.end), edit)
    return [places[place] for place in sorted(places)]
