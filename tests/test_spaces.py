"""Stray spaces, and words run together."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restore import Restorer, apply_edits
from restore._document import Document
from restore.seq2seq._spaces import mend_spaces
from tests.shipped import speller


def mended(text):
    document = Document.parse(text)
    return apply_edits(text, list(mend_spaces(document, document.sentences, speller())))


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


@pytest.mark.parametrize(
    ("joined", "divided"),
    [
        ("She read ofthe storm.", "She read of the storm."),
        ("Iwas there.", "I was there."),
        ("He met theUnitedNations envoy.", "He met the United Nations envoy."),
        ("They saw MarcusBerg.", "They saw Marcus Berg."),
    ],
)
def test_doubtful_divisions_are_for_misspelt_texts_only(joined, divided):
    document = Document.parse(joined)
    edits = list(mend_spaces(document, document.sentences, speller()))
    assert apply_edits(joined, edits) == divided
    assert all(edit.confidence < 0.4 for edit in edits)


@pytest.mark.parametrize(
    "word", ["YouTube", "McKinley", "FedEx", "PayPal", "JetBlue", "MasterCard", "PowerPoint"]
)
def test_capitals_inside_names_divide_nothing(word):
    assert mended(f"He saw {word} there.") == f"He saw {word} there."


def test_a_division_beside_a_capital_is_made_in_misspelt_texts():
    damaged = (
        "The goverment of the town was there when MarcusBerg met theUnitedNations envoy, and "
        "they recieved him with his freinds in the morning."
    )
    assert "Marcus Berg met the United Nations envoy" in Restorer.load().restore(damaged).text


def test_names_are_not_divided_where_they_are_to_be_left_whole():
    text = "Westlake staff met MarcusBerg and saw itwas gone."
    document = Document.parse(text)
    for names in (True, False):
        edits = list(mend_spaces(document, document.sentences, speller(), names=names))
        assert ("Marcus Berg" in [edit.after for edit in edits]) is names
        assert "it was" in [edit.after for edit in edits]


def test_words_of_the_dictionary_are_not_divided():
    text = "He sold the motorboat and saw itwas gone."
    document = Document.parse(text)
    for whole, gone in (((), True), ({"motorboat"}, False)):
        edits = list(mend_spaces(document, document.sentences, speller(), whole))
        assert ("motor boat" in [edit.after for edit in edits]) is gone
        assert "it was" in [edit.after for edit in edits]
    assert "motor boat" not in Restorer.load().restore(f"Teh bote wsa old. {text}").text


def test_words_run_together_may_be_rare_ones():
    assert mended("They forced him toretract what he said.") == (
        "They forced him to retract what he said."
    )
