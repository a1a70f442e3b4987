"""Stray spaces, words run together, scattered capitals, misprints: what full mode mends by rule."""

from __future__ import annotations

from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restore import apply_edits
from restore._document import Document
from restore.lattice import NgramModel
from restore.seq2seq._shouting import quiet
from restore.seq2seq._spaces import mend_spaces
from restore.seq2seq._spelling import Speller


@lru_cache(maxsize=1)
def speller():
    return Speller(NgramModel.load())


def mended(text):
    document = Document.parse(text)
    return apply_edits(text, list(mend_spaces(document, document.sentences, speller())))


def quietened(text):
    document = Document.parse(text)
    return apply_edits(text, list(quiet(document, document.sentences, speller().model)))


@pytest.mark.parametrize(
    ("damaged", "whole"),
    [
        ("The nationa l budget was late.", "The national budget was late."),
        ("Workers went on str ike today.", "Workers went on strike today."),
        ("It cam e after a long debate.", "It came after a long debate."),
        ("They met in Octobe r in the capital.", "They met in October in the capital."),
        ("It was announced yesterdayby the mayor.", "It was announced yesterday by the mayor."),
        ("We believe thatwe have to act.", "We believe that we have to act."),
        ("Whilethese plans are late, others are not.", None),
    ],
)
def test_stray_and_lost_spaces_are_mended(damaged, whole):
    assert mended(damaged) == (whole or damaged.replace("Whilethese", "While these"))


@pytest.mark.parametrize(
    "text",
    [
        "The letter s and an x ray of the t shirt.",
        "It may be some time before any one of them goes in to town.",
        "Vitamin C and plan B were on the table, a lot of it.",
        "The under developed and the over due.",
        "Il y a un homme, e una donna, y a otra cosa.",
        "They said it s true, and that he ll come.",
        "He bought a pocketknife and made a downpayment.",
    ],
)
def test_honest_spaces_stay(text):
    document = Document.parse(text)
    edits = list(mend_spaces(document, document.sentences, speller()))
    # What may be a compound is proposed with so little confidence that honest text refuses it.
    assert [edit for edit in edits if edit.confidence >= 0.4] == []


@given(st.text(alphabet="abeinorst ,.'\n", max_size=60))
@settings(max_examples=60, deadline=None)
def test_spaces_are_all_that_changes(text):
    assert "".join(mended(text).split()) == "".join(text.split())


def test_scattered_capitals_become_small():
    text = "The mayor SAID that THE budget WAS late AND the council had AGREED to it."
    assert quietened(text) == (
        "The mayor said that the budget was late and the council had agreed to it."
    )


@pytest.mark.parametrize(
    "text",
    [
        "The FBI and the CIA met NATO officials, WHO experts and the US team.",
        "You MUST NOT do this, and it is NEVER too late.",
        "THE MAYOR AND THE COUNCIL HAVE AGREED TO IT.",
        "THE BUDGET AND ITS CRITICS\nThe mayor said that the budget was late.",
        "It was THE event of the year.",
    ],
)
def test_abbreviations_headlines_and_emphasis_stay(text):
    assert quietened(text) == text


@pytest.mark.parametrize(
    ("printed", "meant"),
    [("fomething", "something"), ("tbe", "the"), ("governrnent", "government"), ("clay", None)],
)
def test_shapes_read_wrong_are_read_right(printed, meant):
    found = [text for text, _ in speller().candidates(printed)]
    assert printed not in found
    assert meant is None or found[0] == meant


def test_a_shape_is_likelier_read_wrong_than_a_letter_typed_wrong():
    weights = dict(speller().candidates("fimple"))
    assert weights["simple"] == max(weights.values())
