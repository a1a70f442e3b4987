"""The policy: thresholds by capitals, protection, overlaps, other languages."""

from __future__ import annotations

import pytest

from restore._document import Document
from restore._edits import Edit
from restore._policy import Policy, in_english

KNOWN = frozenset(
    [
        "they",
        "met",
        "at",
        "the",
        "station",
        "in",
        "town",
        "and",
        "it",
        "was",
        "late",
        "over",
        "there",
    ]
)
POLICY = Policy.from_threshold(0.6)


def _edit(text, before, after, confidence):
    start = text.index(before)
    return Edit(start, start + len(before), before, after, "fast:synonym", confidence)


def _accepted(text, *edits):
    accepted = POLICY.accept(edits, Document.parse(text), KNOWN.__contains__)
    return [(edit.before, edit.after) for edit in accepted]


def test_thresholds_rise_with_capitals():
    text = "Nan town met. They met Nan there. It was nan late."
    start, name, lower = (text.index(x) for x in ("Nan town", "Nan there", "nan late"))
    for offset, needed in ((lower, 0.6), (start, 1 - 0.4 * 2 / 3), (name, 1 - 0.4 / 5)):
        before = text[offset : offset + 3]
        low = Edit(offset, offset + 3, before, "the", "x", needed - 0.01)
        high = Edit(offset, offset + 3, before, "the", "x", needed + 0.01)
        assert _accepted(text, low) == []
        assert _accepted(text, high) == [(before, "the")]


def test_the_surer_of_two_overlapping_edits_is_made():
    text = "they met astir apt late"
    whole = _edit(text, "astir apt", "probably", 0.9)
    part = _edit(text, "astir", "about", 0.7)
    assert _accepted(text, part, whole) == [("astir apt", "probably")]


def test_protected_spans_are_left_alone():
    text = "they met at https://example.org/nan in town"
    assert _accepted(text, _edit(text, "nan", "the", 1.0)) == []


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("they met at nan station in town", True),
        ("nan", True),
        ("nan late", True),
        ("C\u00e0nan nan G\u00e0idheal", False),
        ("isch nan dr berg gsi und nid wyt", False),
    ],
)
def test_other_languages_are_left_alone(text, english):
    edits = [_edit(text, " nan" if " nan" in text else "nan", "the", 1.0)]
    assert bool(in_english(edits, Document.parse(text), KNOWN.__contains__)) is english


def test_each_sentence_is_judged_by_itself():
    text = "they met at nan station. Isch nan dr berg gsi."
    first, second = text.index("nan"), text.rindex("nan")
    edits = [Edit(at, at + 3, "nan", "the", "x", 1.0) for at in (first, second)]
    kept = in_english(edits, Document.parse(text), KNOWN.__contains__)
    assert [edit.start for edit in kept] == [first]
