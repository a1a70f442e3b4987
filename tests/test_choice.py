"""Choices as edits: what a deleted word takes along."""

from __future__ import annotations

import pytest

from restore import apply_edits
from restore.seq2seq._choice import Choice, Heard, Reading, proposal


@pytest.mark.parametrize(
    ("text", "word", "left"),
    [
        ("The {{keyword}} town met.", "keyword", "The town met."),
        ("The [item] town met.", "item", "The town met."),
        ("The {spin| town met.", "spin", "The town met."),
        ("The %city% town met.", "city", "The town met."),
        ("{name} The town met.", "name", "The town met."),
        ("The town met.\n{name} It sat.", "name", "The town met.\nIt sat."),
        ("The [town} met.", "town", "The [} met."),
        ("The town gave 5% more % of it.", "more", "The town gave 5% % of it."),
        ("rt The town met.", "rt", "The town met."),
    ],
)
def test_a_deleted_word_takes_its_space_and_a_template_field_its_marks_along(text, word, left):
    start = text.index(word)
    reading = Reading("", 0.9, "written")
    edit = Choice(start, start + len(word), word, (reading,), False, 0.9, 0.0).edit(text, "full")
    assert apply_edits(text, [edit]) == left


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        ("{name} rt The town met.", ("name", "rt"), "The town met."),
        ("%name%city% The town met.", ("name", "city"), "The town met."),
        ("In {name} [city] it met.", ("name", "city"), "In it met."),
        ("rt aa bb The town met.", ("rt", "aa", "bb"), "The town met."),
        ("Met.\nrt aa bb\nSat.", ("rt", "aa", "bb"), "Met.\n\nSat."),
    ],
)
def test_deleted_words_side_by_side_take_nothing_twice(text, words, left):
    places = [(text.index(word), word) for word in words]
    reading = (Reading("", 0.9, "written"),)
    choices = tuple(Choice(at, at + len(w), w, reading, False, 0.9, 0.0) for at, w in places)
    made = proposal(text, [Heard((), choices, 2)], "full")
    assert apply_edits(text, made.edits) == left


def test_choices_may_come_in_any_order():
    text = "The rt town met and sat."
    late = Choice(16, 19, "and", (Reading("or", 0.9, "synonym"),), False, 0.9, 0.0)
    early = Choice(4, 6, "rt", (Reading("", 0.9, "written"),), False, 0.9, 0.0)
    made = proposal(text, [Heard((), (late, early), 2)], "full")
    assert apply_edits(text, made.edits) == "The town met or sat."


def test_a_possessive_ending_is_written_once():
    readings = (
        Reading("mayor's", 0.5, "written"), Reading("mayor", 0.2, "spelling"),
        Reading("'s", 0.1, "written"), Reading("mayr", 0.1, "keep"),
    )  # fmt: skip
    choice = Choice(4, 8, "mayr", readings, keeps=False, garbled=0.9, explained=0.1)
    edit = choice.edit("the mayr's plan", "full")
    assert edit is not None
    assert edit.after == "mayor"
    assert edit.alternatives == (("'s", 0.1), ("mayr", 0.1))
    assert choice.edit("the mayr plan", "full").after == "mayor's"
