"""What the network is told of a text: its units, and at each position the lattice's readings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from restore.lattice._lattice import build_lattice
from restore.lattice._units import split_units
from restore.seq2seq._batch import in_doubt
from restore.seq2seq._block import NAME, Block, Texts
from restore.seq2seq._divide import Divider
from restore.seq2seq._rows import (
    find_strange,
    lattice_rows,
    lone_rows,
    obey,
    run_fast,
    spelling_rows,
)
from restore.seq2seq._spelling import Speller

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from restore._document import Document
    from restore.lattice._lattice import Lattice
    from restore.lattice._lexicon import Lexicon
    from restore.lattice._units import Units
    from restore.lattice._weights import Weights

# Strange words in small letters from which on strange names are thought misspelt as well.
MISSPELT_WORDS, MISSPELT_SHARE = 3, 0.02


@dataclass(frozen=True, slots=True)
class Reader:
    """What it takes to read a text as the network does.

    Attributes:
        lexicon: dictionary and language model.
        weights: fast mode's.
        speller: finds words near a misspelt one.
        divider: divides words that were run together.
    """

    lexicon: Lexicon
    weights: Weights
    speller: Speller
    divider: Divider

    @classmethod
    def of(cls, lexicon: Lexicon, weights: Weights) -> Reader:
        """Make a reader with a speller of its own."""
        speller = Speller(lexicon.model)
        return cls(lexicon, weights, speller, Divider.load(speller))


def encode(
    document: Document,
    sentences: list[tuple[int, int]],
    reader: Reader,
    key: Mapping[str, str] | None = None,
    *,
    whole: bool = True,
) -> Block:
    """Run fast mode over consecutive `sentences` and lay out what it found.

    Args:
        document: the text.
        sentences: first and end token of each.
        reader: what it takes.
        key: function words that forms stand for in this document, as far as that is known.
        whole: False lays out only sentences with a doubtful word, as no other is read.
    """
    lexicon, weights, speller = reader.lexicon, reader.weights, reader.speller
    units = split_units(document, sentences, lexicon)
    lattice = build_lattice(units, lexicon, key)
    texts = Texts()
    unit_text = np.array([texts.index(name) for name in units.names], np.int64)
    misspelt = _is_misspelt(units, speller)
    unit = np.flatnonzero(_positions(units, lattice, speller, misspelt=misspelt))
    block = Block.blank(texts.items, unit_text, units, unit)
    lone_rows(block)
    if lattice is not None:
        run_fast(block, lattice, lexicon, weights)
    find_strange(block, speller, accents=misspelt)
    wanted = np.ones(len(unit), bool) if whole else in_doubt(block)[block.sentence[unit]]
    if wanted.any():
        lattice_rows(block, lexicon, texts, wanted)
        spelling_rows(block, speller, texts)
    obey(block, lexicon)
    block.texts = texts.items
    return block


def _is_misspelt(units: Units, speller: Speller) -> bool:
    """Tell whether several words in small letters are misspelt."""
    plain = np.flatnonzero(units.plain).tolist()
    strange = sum(speller.is_strange(units.names[number]) for number in plain)
    return strange >= max(MISSPELT_WORDS, MISSPELT_SHARE * int(units.is_word.sum()))


def _positions(
    units: Units, lattice: Lattice | None, speller: Speller, *, misspelt: bool
) -> NDArray[np.bool_]:
    """Tell which units are decided about: the lattice's, and other free words but names.

    Where other words are misspelt, unknown names are looked at as well.
    """
    chosen: NDArray[np.bool_] = units.free & (units.case != NAME)
    if lattice is not None:
        chosen[lattice.unit] = True
    if misspelt:
        for name in np.flatnonzero(units.free & ~chosen).tolist():
            chosen[name] = speller.is_strange(units.names[name])
    return chosen
