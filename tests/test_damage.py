"""What a list explains better is no damage."""

from __future__ import annotations

import pytest

from restore import Edit
from restore.seq2seq._choice import Choice, Reading
from restore.seq2seq._damage import unexplained


@pytest.mark.parametrize(("explained", "stands"), [(0.0, True), (0.5, True), (0.51, False)])
def test_a_guess_at_damage_yields_to_what_a_list_explains_better(explained, stands):
    text = "she paid a throwaway"
    start = text.index("throwaway")
    reading = Reading("bill", 0.9, "synonym")
    choice = Choice(start, len(text), "throwaway", (reading,), False, 0.9, explained)
    edit = Edit(start, len(text), "throwaway", "throw away", "full:spelling", 0.5)
    elsewhere = Edit(0, 3, "she", "he", "full:spelling", 0.1)
    assert list(unexplained([elsewhere, edit], [choice])) == [elsewhere, edit][: 1 + stands]


@pytest.mark.parametrize(("garbled", "stands"), [(0.4, True), (0.6, False)])
def test_a_word_that_is_likely_garbled_gets_no_other_capitals(garbled, stands):
    reading = Reading("like", 0.6, "written")
    choice = Choice(7, 11, "peru", (reading,), False, garbled, 0.0)
    edit = Edit(7, 11, "peru", "Peru", "full:case", 0.995)
    assert list(unexplained([edit], [choice])) == [edit] * stands


@pytest.mark.parametrize(
    ("put_back", "word", "stands"),
    [("Inc", "announced", False), ("house", "announced", True), ("Inc", "monday", True)],
)
def test_no_beginning_is_raised_behind_an_abbreviation(put_back, word, stands):
    text = f"they own Harbor firm. {word}"
    reading = Reading(put_back, 0.9, "hypernym")
    choice = Choice(16, 20, "firm", (reading,), False, 0.9, 0.9)
    edit = Edit(22, len(text), word, word.capitalize(), "full:case", 0.995)
    assert list(unexplained([edit], [choice])) == [edit] * stands
