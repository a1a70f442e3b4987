"""Labels of training windows: which unit an edit of garbled text belongs to, and what it says."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from corpora.garbler import Garbler
from corpora.garbler import Lexicon as GarblersLexicon
from restore._document import Document
from restore._edits import Edit
from restore.dictionary import Relation
from restore.lattice import load_weights
from restore.lattice._lattice import FIRST_RELATION
from restore.lattice._units import split_units
from restore.seq2seq._block import FLOOR
from restore.seq2seq._encode import Reader
from tests.tiny_network import SOURCE, lexicon, tiny_pieces
from training.seq2seq._examples import hide_unreachable, make_example, unit_originals


def labels(garbled, before, after):
    """Return by unit what one edit makes of a garbled text."""
    document = Document.parse(garbled)
    units = split_units(document, document.sentences, lexicon())
    start = garbled.index(before)
    edit = Edit(start, start + len(before), before, after, "test")
    found = unit_originals(document, SimpleNamespace(units=units), [edit])
    return {units.names[unit]: original for unit, original in found.items()}


@pytest.mark.parametrize(
    ("garbled", "before", "after", "expected"),
    [
        ("The couneil met.", "couneil", "council", {"couneil": "council"}),
        ('He said "couneil met."', '"couneil', '"council', {"couneil": "council"}),
        ("It met (wo times).", "(wo", "(two", {"wo": "two"}),
        ("It met last yeat.", "yeat.", "year.", {"yeat": "year"}),
        ("It met last yeat and this.", "yeat", "year,", {"yeat": "year,"}),
        ("The bef ore hours.", "bef ore", "before", {"bef": "before", "ore": ""}),
    ],
)
def test_the_word_gets_the_original_not_the_marks_around_it(garbled, before, after, expected):
    assert labels(garbled, before, after) == expected


@pytest.mark.parametrize("before", ["rt ", " rt", "rt"])
def test_a_stray_piece_is_to_be_deleted_whatever_space_goes_with_it(before):
    assert labels("The end of rt the year.", before, "") == {"rt": ""}


def test_a_mark_read_for_letters_leaves_the_word_to_say_what_it_was():
    assert labels("Then 'I'he council met.", "'I'he", "The")["i'he"] == "The"


@pytest.fixture(scope="module")
def example():
    """The sample article, garbled without held-out pairs, every relation allowed."""
    reader, pieces = Reader.of(lexicon(), load_weights()), tiny_pieces()
    return make_example("own", "random", Garbler("A", seed=3).garble(SOURCE, "own"), reader, pieces)


def readings(example):
    """Return the readings there are: (position, row, original, form)."""
    block = example.block
    text = block.texts
    return [
        (at, row, text[block.row_text[at, row]], text[block.row_text[at, 0]])
        for at, row in np.argwhere(block.row_text >= 0).tolist()
    ]


def test_readings_that_are_never_right_are_hidden(example):
    """A fifth of all pairs of words is held out: what is right stays, and what nothing derives."""
    reaches = GarblersLexicon().reaches
    before = readings(example)
    hide_unreachable(example, reaches)
    after = readings(example)
    gone = set(before) - set(after)
    assert 0.08 < len(gone) / len(before) < 0.2
    assert not any(reaches(original, form) for _, _, original, form in gone)
    assert not any(example.gold[at, row] for at, row, _, _ in gone)
    assert all(row > 1 for _, row, _, _ in gone)
    block = example.block
    assert all(block.log_fast[at, row] == FLOOR for at, row, _, _ in gone)
    derived = (block.relation > FIRST_RELATION + Relation.PHRASE) & (block.row_text >= 0)
    left = {(at, row) for at, row, original, form in after if not reaches(original, form)}
    assert not any(derived[at, row] and not example.gold[at, row] for at, row in left)
