"""Labels of training windows: which unit an edit of garbled text belongs to, and what it says."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from restore._document import Document
from restore._edits import Edit
from restore.lattice._units import split_units
from tests.tiny_network import lexicon
from training.seq2seq._examples import unit_originals


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
