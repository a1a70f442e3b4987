"""Labelled lattices: held-out news, garbled, with the true reading of every position."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from restore._document import Document
from restore.lattice._lattice import KEEP, UNKNOWN, Lattice, build_lattice
from restore.lattice._units import split_units
from training._corpora import articles, corpus_files
from training.ngram._encode import HELD_OUT, is_held_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from corpora.garbler import Garbled
    from restore import Edit
    from restore.lattice import Lexicon

MAX_WORDS = 1200  # longer documents are cut at a paragraph: one key needs no more
SIZES = {"whole": 0.4, "paragraphs": 0.3, "sentences": 0.3}  # and how often each is drawn


@dataclass(slots=True)
class Example:
    """One garbled document.

    Attributes:
        name: document id.
        dialect: what it was garbled with, ``clean`` if at all not.
        lattice: its readings.
        gold: whether a row is right, shape (M,); at least one row of each position is.
        garbled: number of altered words, listed or not.
    """

    name: str
    dialect: str
    lattice: Lattice
    gold: NDArray[np.bool_]
    garbled: int


def read_held_out(
    folder: Path, percent_of: tuple[int, int], held_out: range = HELD_OUT
) -> Iterator[tuple[str, str]]:
    """Yield (id, text) of the documents that the language model was not trained on.

    Args:
        folder: Parquet corpora.
        percent_of: half-open range of 0-100 by a second hash of the id: parts for fitting and
            for measuring.
        held_out: hundredths of the documents that the language model has not read.
    """
    for path in corpus_files(folder):
        for name, _, text in articles(path):
            if not text or not is_held_out(name, held_out):
                continue
            if percent_of[0] <= part_of(name) < percent_of[1]:
                yield f"{path.stem}/{name}", text


def part_of(name: str) -> int:
    """Return the per cent, 0-99, that a document's id falls into."""
    return int(hashlib.sha256(f"part {name}".encode()).hexdigest()[:8], 16) % 100


def excerpt(text: str, name: str) -> tuple[str, str]:
    """Cut a text down by lot, so that inputs of every size are known.

    Returns:
        What it is (a key of `SIZES`) and the stretch: all of it up to `MAX_WORDS` words, one to
        four consecutive paragraphs, or one to three consecutive sentences.
    """
    lot = random.Random(f"excerpt {name}")
    size = lot.choices(list(SIZES), list(SIZES.values()))[0]
    parts = text.split("\n")
    if size == "sentences":
        paragraph = lot.choice(parts)
        spans = list(Document.parse(paragraph).sentence_spans())
        first = lot.randrange(max(1, len(spans)))
        taken = spans[first : first + lot.randint(1, 3)]
        return size, paragraph[taken[0][0] : taken[-1][1]] if taken else paragraph
    if size == "paragraphs":
        first = lot.randrange(len(parts))
        parts = parts[first : first + lot.randint(1, 4)]
    return size, _head(parts)


def _head(paragraphs: list[str]) -> str:
    """Return the first paragraphs that hold at most `MAX_WORDS` words, one at least."""
    taken: list[str] = []
    words = 0
    for paragraph in paragraphs:
        words += len(paragraph.split())
        if taken and words > MAX_WORDS:
            break
        taken.append(paragraph)
    return "\n".join(taken)


def make_example(name: str, dialect: str, garbled: Garbled, lexicon: Lexicon) -> Example | None:
    """Label the lattice of a garbled text; None where it has no uncertain position."""
    document = Document.parse(garbled.text)
    if not document.sentences:
        return None
    lattice = build_lattice(split_units(document, document.sentences, lexicon), lexicon)
    if lattice is None:
        return None
    gold = label(document, lattice, garbled.edits, lexicon)
    return Example(name, dialect, lattice, gold, len(garbled.edits))


def label(
    document: Document, lattice: Lattice, edits: list[Edit], lexicon: Lexicon
) -> NDArray[np.bool_]:
    """Mark the right rows: the original's where it is listed, else unknown; keep where intact.

    Returns:
        Shape (M,).
    """
    relation = lattice.readings.relation[lattice.slot]
    text = lattice.readings.text[lattice.slot]
    gold: NDArray[np.bool_] = np.equal(relation, KEEP)
    spans = _spans(document, lattice)
    for position, original in _altered(spans, edits):
        rows = range(int(lattice.starts[position]), int(lattice.starts[position + 1]))
        right = [
            row
            for row in rows
            if text[row] >= 0
            and original is not None
            and lexicon.originals[text[row]].lower() == original.lower()
        ]
        for row in rows:
            gold[row] = row in right if right else relation[row] == UNKNOWN
    return gold


def _spans(document: Document, lattice: Lattice) -> list[tuple[int, int]]:
    units = lattice.units
    first = units.token[lattice.unit].tolist()
    last = (units.token[lattice.unit] + units.length[lattice.unit] - 1).tolist()
    return [
        (document.starts[a], document.starts[b] + len(document.tokens[b]))
        for a, b in zip(first, last, strict=True)
    ]


def _altered(spans: list[tuple[int, int]], edits: list[Edit]) -> Iterator[tuple[int, str | None]]:
    """Yield each position that an edit touches, with its original if the edit covers just it."""
    at = 0
    for position, (start, end) in enumerate(spans):
        while at < len(edits) and edits[at].end <= start:
            at += 1
        if at < len(edits) and edits[at].start < end:
            edit = edits[at]
            if edit.before.lower() == edit.after.lower():
                continue
            exact = (edit.start, edit.end) == (start, end)
            yield position, edit.after if exact else None
