"""Stray letters and marks, between words and inside them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restore import apply_edits
from restore._document import Document
from restore.seq2seq._strays import drop_strays
from tests.shipped import speller


def unspecked(text):
    document = Document.parse(text)
    return apply_edits(text, list(drop_strays(document, 0, len(text), speller().model)))


@pytest.mark.parametrize(
    ("specked", "clean"),
    [
        ("A member of the House r of Commons.", "A member of the House of Commons."),
        ("She n was told that he had gone.", "She was told that he had gone."),
        ("She asked her L to come at once.", "She asked her to come at once."),
        ("The sale was . taking place.", "The sale was taking place."),
        ("_ The men went home.", "The men went home."),
        ("In a most !brutal manner.", "In a most brutal manner."),
        ("He left the. house at noon.", "He left the house at noon."),
        ("There could. be no doubt.", "There could be no doubt."),
        ("Tha~t was~immediately clear.", "That was immediately clear."),
    ],
)
def test_stray_letters_and_marks_go(specked, clean):
    assert unspecked(specked) == clean


@pytest.mark.parametrize(
    "text",
    [
        "Vitamin C and plan B of the phase V trial, one v one.",
        "Area G of the site, letter A to Z, the X factor and the Q fans.",
        "The nationa l budget and on e of his friends.",
        "I don t know, and it s late, he d go.",
        "Wait ... for it - and look: there; it (is).",
        "Pan y vino, una y otra, o sea.",
        "- first\n- second\n* third",
        "about 5 ft. in height, vs. the rest, etc. and so on. it was late.",
        "see ~/notes and ~20 of C~D.",
        "",
    ],
)
def test_letters_and_marks_that_mean_something_stay(text):
    assert unspecked(text) == text


@given(st.text(alphabet="abrt C.,_!'\n", max_size=40))
@settings(max_examples=100, deadline=None)
def test_dropping_strays_only_deletes(text):
    rest = iter(text)
    assert all(char in rest for char in unspecked(text))


@pytest.mark.parametrize(
    ("damaged", "whole"),
    [
        ("the whole coun*try and its gov^ernment", "the whole country and its government"),
        ("a grou|nd-breaking day, th.eir first, an exa:mple", None),
        ("it was bro'ken and the thousa`nds left", "it was broken and the thousands left"),
    ],
)
def test_specks_inside_words_go(damaged, whole):
    clean = whole or "a ground-breaking day, their first, an example"
    assert unspecked(damaged) == clean


@pytest.mark.parametrize(
    "text",
    [
        "She said we're late, he'll wait, and it's o'clock in Hawai'i and Hawai`i.",
        "The Qur'an, the Shi'ite and the ma'am of O'Neill's house.",
        "Read the end.The next one:both are fine;so is this,that and either|or.",
        "A 5*3 grid, f*** it, and **bold** or _so_.",
    ],
)
def test_marks_that_belong_to_a_word_stay(text):
    assert unspecked(text) == text
