"""Labelled windows: garbled news as the network reads it, with what each position should become."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np

from restore._document import Document
from restore.dictionary import Relation
from restore.lattice._lattice import FIRST_RELATION
from restore.seq2seq._block import FLOOR
from restore.seq2seq._encode import encode
from restore.seq2seq._pieces import END, plain
from training.seq2seq._first import show

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Collection, Iterable, Mapping

    from numpy.typing import NDArray

    from corpora.garbler import Garbled
    from restore import Edit
    from restore.seq2seq._block import Block
    from restore.seq2seq._encode import Reader
    from restore.seq2seq._pieces import Pieces
    from training.seq2seq._first import FirstReader

TARGET_PIECES = 6  # pieces of a target, its end included
BELIEVED = 0.7  # share of a key's pairs that an example is told
WRONGLY = 0.08  # ... of which are wrong
IGNORED = -1  # a position whose original one replacement cannot express
# Codes of the relations that pairs of words follow from.
_DERIVED = (FIRST_RELATION + Relation.SYNONYM, FIRST_RELATION + Relation.THESAURUS)


@dataclass(slots=True)
class Example:
    """One garbled document.

    Attributes:
        name: document id.
        dialect: what it was garbled with.
        block: its units and readings.
        gold: which readings are right, shape (P, R); none where no list holds the original.
        target: piece ids of the original, ended by `END`; `IGNORED` throughout where it cannot be
            said in `TARGET_PIECES`, shape (P, TARGET_PIECES).
        altered: whether the position was garbled, shape (P,).
        unplaced: garbled units that are no positions.
        fresh: whether the n-gram model has never read the document.
    """

    name: str
    dialect: str
    block: Block
    gold: NDArray[np.bool_]
    target: NDArray[np.int64]
    altered: NDArray[np.bool_]
    unplaced: list[int]
    fresh: bool = True


def make_example(
    name: str,
    dialect: str,
    garbled: Garbled,
    reader: Reader,
    pieces: Pieces,
    key: Mapping[str, str] | None = None,
    first: FirstReader | None = None,
) -> Example | None:
    """Encode and label a garbled document; None where there is nothing to decide.

    Args:
        name: of the document.
        dialect: what it was garbled with.
        garbled: the document.
        reader: what it takes to read it.
        pieces: the vocabulary.
        key: what is believed of its key, as `restore.seq2seq._encode.encode` takes it.
        first: reads it first; the example is its second reading then, and `key` of no account.
    """
    document = Document.parse(garbled.text)
    if not document.sentences:
        return None
    before = None
    if first is not None:
        key, before = first.read(document)
    block = encode(document, document.sentences, reader, key)
    show(block, before, reader.lexicon)
    block.describer = None  # large, and of no more use
    if not len(block.unit):
        return None
    originals = unit_originals(document, block, garbled.edits)
    return _label(name, dialect, block, originals, pieces)


def believed_key(
    edits: Iterable[Edit], words: Collection[str], lot: random.Random
) -> dict[str, str]:
    """Return what a first reading may have found out of a key: most of it, not all of it right.

    Args:
        edits: what was garbled.
        words: function words.
        lot: draws which of the pairs are believed.
    """
    pairs = {
        (edit.before.lower(), edit.after.lower())
        for edit in edits
        if edit.after.lower() in words and edit.before.isalpha()
    }
    key: dict[str, str] = {}
    choices = sorted(words)
    for form, word in sorted(pairs):
        if form not in words and lot.random() < BELIEVED:
            wrong = lot.random() < WRONGLY
            key[form] = lot.choice(choices) if wrong else word
    return key


def _label(
    name: str, dialect: str, block: Block, originals: dict[int, str | None], pieces: Pieces
) -> Example:
    count = len(block.unit)
    gold = np.zeros(block.row_text.shape, bool)
    gold[:, 0] = True
    target = np.full((count, TARGET_PIECES), IGNORED, np.int64)
    altered = np.zeros(count, bool)
    index = {text: number for number, text in enumerate(block.texts)}
    unplaced = sorted(set(originals) - set(block.unit.tolist()))
    for position, unit in enumerate(block.unit.tolist()):
        if unit not in originals:
            continue
        original = originals[unit]
        gold[position, 0] = False
        altered[position] = True
        if original is None:
            continue
        gold[position] = block.row_text[position] == index.get(original.lower(), -2)
        gold[position, 1] = False
        ids = pieces.ids(original)
        if len(ids) < TARGET_PIECES:
            target[position, : len(ids)] = ids
            target[position, len(ids)] = END
    return Example(name, dialect, block, gold, target, altered, unplaced)


def hide_unreachable(example: Example, reaches: Callable[[str, str], bool]) -> None:
    """Take away the readings that rest on pairs of words which the garbler never produces.

    They are held out, to measure what was never trained on. A network that sees them, and that
    they are never right, learns to pass over one reading in five by heart.

    Args:
        example: is changed.
        reaches: whether the garbler may put the second word for the first.
    """
    block = example.block
    derived = (block.relation >= _DERIVED[0]) & (block.relation <= _DERIVED[1])
    for position, row in np.argwhere(derived & (block.row_text >= 0) & ~example.gold).tolist():
        form = block.texts[block.row_text[position, 0]]
        if not reaches(block.texts[block.row_text[position, row]], form):
            block.row_text[position, row] = -1
            block.log_fast[position, row] = FLOOR


def unit_originals(document: Document, block: Block, edits: list[Edit]) -> dict[int, str | None]:
    """Say what each altered unit stands for: its original, "" for deletion, None if unclear."""
    units = block.units
    begin = np.array(document.starts, np.int64)[units.token]
    last = units.token + units.length - 1
    end = np.array([document.end(i) for i in last.tolist()], np.int64)
    out: dict[int, str | None] = {}
    for edit in map(trimmed, edits):
        if plain(edit.before) == plain(edit.after):
            continue
        first = int(np.searchsorted(end, edit.start, side="right"))
        stop = int(np.searchsorted(begin, edit.end, side="left"))
        if first >= stop:
            continue  # an insertion between units cannot be said
        head = document.text[int(begin[first]) : edit.start]
        tail = document.text[edit.end : int(end[stop - 1])]
        clear = first not in out and edit.start >= begin[first] and edit.end <= end[stop - 1]
        owner = next((unit for unit in range(first, stop) if units.is_word[unit]), first)
        for unit in range(first, stop):
            out[unit] = "" if clear else None
        if clear:
            out[owner] = head + edit.after + tail
    return out


def touched(edits: Iterable[Edit]) -> set[int]:
    """Return the offsets that edits touch; an insertion touches what it stands before."""
    return {at for edit in edits for at in range(edit.start, max(edit.end, edit.start + 1))}


def trimmed(edit: Edit) -> Edit:
    """Return an edit without the marks and spaces around it that stay; a deletion's all stay."""
    before, after = edit.before, edit.after
    if not after.strip():
        begin, end = len(before) - len(before.lstrip()), len(before.rstrip())
        return replace(edit, start=edit.start + begin, end=edit.start + end,
                       before=before.strip(), after="")  # fmt: skip
    head = _marks(before, after)
    before, after = before[head:], after[head:]
    tail = _marks(before[::-1], after[::-1])
    size = len(before) - tail
    start = edit.start + head
    return replace(edit, start=start, end=start + size,
                   before=before[:size], after=after[: len(after) - tail])  # fmt: skip


def _marks(one: str, other: str) -> int:
    """Return how many marks two texts begin with alike."""
    same = takewhile(
        lambda pair: pair[0] == pair[1] and not pair[0].isalnum(), zip(one, other, strict=False)
    )
    return sum(1 for _ in same)
