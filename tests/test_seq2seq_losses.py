"""The account of what becomes of garbled words."""

from __future__ import annotations

import pytest

from corpora.garbler import Garbled
from restore._edits import Edit
from restore.seq2seq._choice import Choice, Heard, Reading
from tests.tiny_network import lexicon
from training.seq2seq._losses import OUTCOMES, Losses, count

TEXT = "They sat successful the zyx of nan hall and ate tomato soup."
EDITS = {
    "successful": "in",
    "zyx": "middle",
    "nan": "the",
    "hall": "town hall",
}


class Hearing:
    """Stands for full mode: says what it is told to."""

    def __init__(self, choices):
        self.choices = choices
        self.reader = type("Reader", (), {"lexicon": lexicon()})()

    def hear(self, document):
        return [Heard((), tuple(self.choices), len(document.text.split()))]


def choice(before, *texts, keeps=False):
    start = TEXT.index(before)
    readings = tuple(Reading(text, 0.5 / (n + 1), "synonym") for n, text in enumerate(texts))
    return Choice(start, start + len(before), before, readings, keeps, 0.5, 0.5)


def counted(*choices):
    edits = [
        Edit(TEXT.index(form), TEXT.index(form) + len(form), form, original, "garble:test")
        for form, original in EDITS.items()
    ]
    found = Losses()
    count(found, "A", Garbled(TEXT, edits), Hearing(choices))
    return found


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (choice("successful", "in", "at"), "right"),
        (choice("successful", "at", "in"), "second"),
        (choice("successful", "at", "on", "by", "to", "in"), "further down"),
        (choice("successful", "at", "on"), "absent"),
        (choice("successful", "successful", "in", keeps=True), "kept"),
    ],
)
def test_what_became_of_a_listed_word(said, outcome):
    found = counted(said)
    assert found.places["A", "listed", outcome] == 1
    assert found.places.total() == len(EDITS)


def test_kinds_of_words():
    found = counted()
    assert found.places == {
        ("A", "listed", "not doubted"): 2,  # successful, nan: both are in the dictionary
        ("A", "listed nowhere", "not doubted"): 1,
        ("A", "several words or none", "not doubted"): 1,
    }


def test_confused_words_and_broken_ones():
    found = counted(choice("successful", "at", "in"), choice("tomato", "potato"))
    assert found.confused == {("in", "at"): 1}
    assert (found.broken["A"], found.honest["A"]) == (1, 8)


def test_the_table_gives_shares():
    rows = counted(choice("successful", "in")).table().splitlines()
    assert rows[0].split(" | ")[2:] == [*OUTCOMES[:-1], f"{OUTCOMES[-1]} |"]
    assert rows[2].startswith("| listed | 2 | 0.500 | 0.000")
