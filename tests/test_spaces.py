"""Stray spaces, and words run together."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restore import Restorer, apply_edits
from restore._document import Document
from restore.seq2seq._spaces import mend_spaces
from tests.shipped import divider


def mended(text):
    document = Document.parse(text)
    return apply_edits(text, list(mend_spaces(document, document.sentences, divider())))


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
    edits = list(mend_spaces(document, document.sentences, divider()))
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
        ("An alliancewiththe farmers won.", "An alliance with the farmers won."),
        ("She wrote itwith a pencil.", "She wrote it with a pencil."),
        ("It was read by Tom andOrlaith Sandberg.", "It was read by Tom and Orlaith Sandberg."),
        ("The map of Oklahomafor schools is new.", "The map of Oklahoma for schools is new."),
    ],
)
def test_a_function_word_tells_that_words_were_run_together(joined, divided):
    document = Document.parse(joined)
    edits = list(mend_spaces(document, document.sentences, divider()))
    assert apply_edits(joined, edits) == divided
    assert all(edit.confidence >= 0.7 for edit in edits)


@pytest.mark.parametrize(
    ("joined", "divided"),
    [
        ("He met theUnitedNations envoy.", "He met the United Nations envoy."),
        ("They saw AngelaMerkel in town.", "They saw Angela Merkel in town."),
        ("It was a reallygood year for them.", "It was a really good year for them."),
        ("He sent it to the Borderpatrol there.", "He sent it to the Border patrol there."),
        ("They work for FirstEnergy there.", "They work for First Energy there."),
    ],
)
def test_what_may_be_a_compound_or_a_name_is_for_misspelt_texts_only(joined, divided):
    document = Document.parse(joined)
    edits = list(mend_spaces(document, document.sentences, divider()))
    assert apply_edits(joined, edits) == divided
    assert all(edit.confidence < 0.4 for edit in edits)


@pytest.mark.parametrize(
    "word", ["YouTube", "McKinley", "FedEx", "PayPal", "JetBlue", "MasterCard", "PowerPoint"]
)
def test_capitals_inside_names_divide_nothing(word):
    assert mended(f"He saw {word} there.") == f"He saw {word} there."


def test_capitalised_words_are_divided_in_misspelt_texts():
    damaged = (
        "The goverment of the town was there when AngelaMerkel met theUnitedNations envoy, and "
        "they recieved her with the Borderpatrol in the morning."
    )
    restored = Restorer.load().restore(damaged).text
    assert "Angela Merkel met the United Nations envoy" in restored
    assert "the Border patrol in" in restored


def test_names_are_not_divided_where_they_are_to_be_left_whole():
    text = "Westlake staff met AngelaMerkel and saw itwas gone."
    document = Document.parse(text)
    for names in (True, False):
        edits = list(mend_spaces(document, document.sentences, divider(), names=names))
        assert ("Angela Merkel" in [edit.after for edit in edits]) is names
        assert "it was" in [edit.after for edit in edits]


@pytest.mark.parametrize(
    ("text", "divided"),
    [
        ("He sent it to the Borderpatrol there.", "He sent it to the Border patrol there."),
        ("He sent it to the Borderpatrol there, the Borderpatrol.", None),
        ("They spent ofthem all, ofthem most.", "They spent of them all, of them most."),
    ],
)
def test_what_comes_again_may_be_a_name(text, divided):
    assert mended(text) == (divided or text)


@pytest.mark.parametrize(
    "text",
    [
        "The forEach loop is slow, isActive and hasChildren are true, toString is not.",
        "He read theHill and theScore on the train.",
        "She bought mascarpone and fromage frais, and wrote on betweenness.",
        "She lives in Theydon, works in Bothwell, and saw Whichford and Hadleigh.",
        "They work for FirstEnergy and LinkedIn there.",
    ],
)
def test_what_may_be_a_name_is_not_divided_in_clean_texts(text):
    assert Restorer.load().restore(text).text == text


def test_one_division_does_not_make_a_text_misspelt():
    text = "In camelCase, isActive and hasChildren are booleans; onClick and onChange are handlers."
    assert Restorer.load().restore(text).text == text


def test_words_of_the_dictionary_are_not_divided():
    text = "He sold the motorboat and saw itwas gone."
    document = Document.parse(text)
    for whole, gone in (((), True), ({"motorboat"}, False)):
        edits = list(mend_spaces(document, document.sentences, divider(), whole))
        assert ("motor boat" in [edit.after for edit in edits]) is gone
        assert "it was" in [edit.after for edit in edits]
    assert "motor boat" not in Restorer.load().restore(f"Teh bote wsa old. {text}").text


def test_words_run_together_may_be_rare_ones():
    assert mended("They forced him toretract what he said.") == (
        "They forced him to retract what he said."
    )
