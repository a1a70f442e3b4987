"""Specks read as marks at the edge of a word."""

from __future__ import annotations

import pytest

from restore import Restorer, apply_edits
from restore._document import Document
from restore.seq2seq._edges import mend_edges
from tests.shipped import speller


def mended(text):
    edits = list(mend_edges(Document.parse(text), 0, len(text), speller().model))
    assert all(edit.confidence < 0.5 for edit in edits)
    return apply_edits(text, edits)


@pytest.mark.parametrize(
    ("damaged", "whole"),
    [
        ("They 'want to go.", "They want to go."),
        ("They drank the -wine there.", "They drank the wine there."),
        ("It had\u2019 been late.", "It had been late."),
        ("The 'mayor left.\nIt had' been late.", "The mayor left.\nIt had been late."),
    ],
)
def test_specks_go(damaged, whole):
    assert mended(damaged) == whole


@pytest.mark.parametrize(
    "text",
    [
        "They 'want to go', he said.",
        "They \u2018want it\u2019 and \u2018need it\u2019 now.",
        "The girls' house, and the boss' car.",
        "He saw 'em, 'twas late, not 'til noon.",
        "A long- or short-term plan, pre- and post-war.",
        "Use the option -v or --verbose of the -xyzzy tool.",
        "It's the mayor's, isn't it?",
        "The 1990s' end and the '90s.",
    ],
)
def test_quotations_and_apostrophes_stay(text):
    assert mended(text) == text


def test_they_go_in_misspelt_texts_alone():
    damaged = "The goverment sadi they 'want the monney and recieved it."
    assert "they want the money" in Restorer.load().restore(damaged).text
    honest = "The government said they 'want the money and received it."
    assert Restorer.load().restore(honest).text == honest
