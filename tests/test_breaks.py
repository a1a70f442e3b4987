"""Words that the end of a line divided."""

from __future__ import annotations

import pytest

from restore import apply_edits
from restore._document import Document
from restore.seq2seq._breaks import mend_breaks
from tests.shipped import speller


def joined(text):
    document = Document.parse(text)
    return apply_edits(text, list(mend_breaks(document, 0, len(text), speller())))


@pytest.mark.parametrize(
    ("divided", "whole"),
    [
        ("They took him to the hos- pital at noon.", "They took him to the hospital at noon."),
        ("They took him on Wednes- a day.", "They took him on Wednesday."),
        ("He had to con- 'I tinue his walk.", "He had to continue his walk."),
        ("A state. ment of the govern- ment.", "A statement of the government."),
        ("Cap- tain of the ship.", "Captain of the ship."),
        ("He was twenty- five.", "He was twenty-five."),
        ("The proseou- tion was late.", "The prosecution was late."),
    ],
)
def test_what_a_line_end_divided_is_joined(divided, whole):
    assert joined(divided) == whole


@pytest.mark.parametrize(
    "text",
    [
        "The pre- and post-war years, and short- to long-term plans.",
        "It ended. the rest is known.",
        "He left- the door was open.",
        "Born in 1990- died in 2001, at 5 p.m. the same day.",
        "",
    ],
)
def test_elided_words_and_dashes_stay(text):
    assert joined(text) == text


def test_only_a_usual_whole_is_certain():
    text = "A hos- pital and twenty- five beds."
    edits = list(mend_breaks(Document.parse(text), 0, len(text), speller()))
    assert [edit.confidence > 0.95 for edit in edits] == [True, False]
