"""Capitals scattered over a text."""

from __future__ import annotations

import pytest

from restore import apply_edits
from restore._document import Document
from restore.lattice._casing import Casing
from restore.lattice._truecase import capital_odds
from restore.seq2seq._shouting import quiet
from tests.shipped import speller


def quietened(text):
    document = Document.parse(text)
    odds = capital_odds(document, Casing.load().table)
    return apply_edits(text, list(quiet(document, document.sentences, odds, speller().model)))


def test_scattered_capitals_become_small():
    text = "The mayor SAID that THE budget WAS late AND the council had AGREED to it."
    assert quietened(text) == (
        "The mayor said that the budget was late and the council had agreed to it."
    )


def test_names_keep_a_capital_and_sentences_begin_with_one():
    text = (
        "THE mayor of NEW YORK had said THAT he met President LINCOLN and found him WELL there. "
        "IT WAS late. But THEY went to the park together WITH friends of the CANADIAN Congress."
    )
    assert quietened(text) == (
        "The mayor of New York had said that he met President Lincoln and found him well there. "
        "IT WAS late. But they went to the park together with friends of the Canadian Congress."
    )


SCATTERED = "They said THAT it WAS late AND that the clerk had left the house."


@pytest.mark.parametrize(
    "text",
    [
        f"THE FACTS: {SCATTERED}",  # two words and more head a paragraph
        f"BRUSSELS — {SCATTERED}",  # and one is where a story comes from
        f"{SCATTERED} Then the FBI, the WHO and NATO met the US team of KLM.",
    ],
)
def test_headings_places_and_abbreviations_stay_in_a_shouting_text(text):
    small = SCATTERED.replace("THAT", "that").replace("WAS", "was").replace("AND", "and")
    assert quietened(text) == text.replace(SCATTERED, small)


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
