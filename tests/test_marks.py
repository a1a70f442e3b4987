"""Punctuation marks that went astray."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restore import Restorer, apply_edits
from restore._document import Document
from restore.seq2seq._marks import are_many, mend_marks


@pytest.mark.parametrize(
    ("damaged", "whole"),
    [
        ("It was late ,and he said so , twice .", "It was late ,and he said so, twice."),
        ("They met,, and it agreed.. Then it left.", "They met, and it agreed. Then it left."),
        ("\u201c\u201cThey met,\u201d\u201d he said.", "\u201cThey met,\u201d he said."),
        ("They went home.. \"Why?\"", "They went home. \"Why?\""),
    ],
)  # fmt: skip
def test_marks_that_went_astray_are_mended(damaged, whole):
    assert remarked(f"{FINE} {damaged}") == f"{FINE} {whole}"


FINE = "First, they met; then, after lunch, they left. It rained, it snowed, and it cleared up."


@pytest.mark.parametrize(
    "text",
    [
        "And then... nothing. Wait.... What?",
        "And then . . . nothing.",
        "See ../notes or C:: or a ,b and 3 , 4.",
        "This text , as you see , is set apart . So be it .",
        "One , two.",
        "",
    ],
)
def test_ellipses_paths_and_texts_set_apart_stay(text):
    assert remarked(text) == text


def test_many_marks_that_went_astray_are_certain():
    two = f"{FINE} They met,, and then . It rained."
    three = f"{FINE} It was late .. He said;;; so , and left,,, he said."
    assert (are_many(two), are_many(three)) == (False, True)
    restored = Restorer.load().restore(three)
    assert restored.text == f"{FINE} It was late .. He said; so, and left, he said."
    assert {edit.source for edit in restored.edits} == {"full:marks"}


def remarked(text):
    return apply_edits(text, list(mend_marks(Document.parse(text), 0, len(text))))


@given(st.text(alphabet="ab ,.;:\n", max_size=40))
@settings(max_examples=100, deadline=None)
def test_mending_marks_takes_away_nothing_but_spaces_and_marks(text):
    assert [c for c in remarked(text) if c.isalpha()] == [c for c in text if c.isalpha()]


def test_quotes_are_drawn_to_what_they_open():
    assert remarked('He said, " I am here." She left.') == 'He said, "I am here." She left.'
    assert remarked('He said "yes" and left.') == 'He said "yes" and left.'
    assert remarked('She said "no " twice.') == 'She said "no " twice.'
