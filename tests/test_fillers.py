"""Fillers that spinners put between a verb and its article go, honest ones stay."""

from __future__ import annotations

import pytest

from restore._document import Document
from restore._edits import apply_edits
from restore.seq2seq._choice import Choice, Reading
from restore.seq2seq._fillers import HONEST, confidence, drop_fillers

MANY = "It was simply a dog. They were simply the best. This is simply not so."


def dropped(text, choices=()):
    document = Document.parse(text)
    edits = list(drop_fillers(document, document.sentences, choices))
    assert all(text[edit.start : edit.end] == edit.before for edit in edits)
    return apply_edits(text, edits)


def test_a_filler_at_all_places_goes():
    assert dropped(MANY) == "It was a dog. They were the best. This is not so."


def test_one_filler_among_many_places_stays():
    text = "It was just a dog. " + "It is a town. " * 12
    assert dropped(text) == text


def test_a_filler_elsewhere_is_none():
    text = "They simply left. It simply is a dog. She was simply tired, and simply the best."
    assert dropped(text) == text


@pytest.mark.parametrize("gap", ["\n", "  ", ", "])
def test_only_one_space_is_taken_along(gap):
    text = MANY.replace("simply ", f"simply{gap}")
    assert dropped(text) == text


def test_garbled_neighbours_count_as_what_they_are_read_as():
    text = "It exists simply nan dog."
    readings = {"exists": "is", "nan": "the"}
    choices = [
        Choice(text.index(form), text.index(form) + len(form), form, (Reading(word, 0.9, "key"),),
               keeps=False, garbled=0.9, explained=0.9)
        for form, word in readings.items()
    ]  # fmt: skip
    assert dropped(text) == text
    assert dropped(text, choices) == "It exists nan dog."


@pytest.mark.parametrize("filler", HONEST)
def test_more_of_the_same_is_more_certain(filler):
    found = [confidence(filler, used, 8) for used in range(1, 9)]
    assert found == sorted(found)
    assert found[0] < 0.5 < 0.99 < found[-1]


@pytest.mark.parametrize("used", [1, 5_000, 10_000])
def test_any_number_of_places_can_be_weighed(used):
    assert 0 <= confidence("just", used, 10_000) <= 1
