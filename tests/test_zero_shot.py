"""The outside reference: candidates of the dictionary, chosen by a language model alone."""

from __future__ import annotations

import pytest

from evaluation import EvaluationError
from evaluation._systems import make_system
from evaluation._zero_shot import PASSAGE, ZeroShot
from restore import RestoreError, _modes
from restore.rescoring import Score

TEXT = "The mayor tin go astatine noon, person 2 thirteen."


class Liking:
    """A language model that likes some words wherever they stand, and remembers what it read."""

    def __init__(self, *words):
        self.words, self.text, self.asked = words, "", []

    def reader(self):
        return self

    def read(self, text):
        self.text += text

    def score(self, passage, places):
        self.asked += [(passage[p.start : p.end], passage[p.end : p.reach]) for p in places]
        return [
            [Score(-float(v.strip() not in self.words), 0.0, 1) for v in p.variants] for p in places
        ]


@pytest.fixture
def system(monkeypatch):
    def make(*words, candidates=5):
        model = Liking(*words)
        monkeypatch.setattr(_modes, "language_model", lambda: model)
        monkeypatch.setattr("evaluation._zero_shot.language_model_signature", lambda: ",lm=none")
        return ZeroShot(candidates), model

    return make


def test_the_candidate_that_it_likes_best_is_taken(system):
    reference, model = system("can", "at")
    (found,) = reference.predict([TEXT])
    assert found.text == "The mayor can go at noon, person 2 thirteen."
    assert [(edit.before, edit.after) for edit in found.edits] == [
        ("tin", "can"),
        ("astatine", "at"),
    ]
    assert model.text == found.text


def test_what_it_likes_no_better_stays(system):
    reference, _ = system()
    (found,) = reference.predict([TEXT])
    assert (found.text, found.edits) == (TEXT, ())


def test_a_space_goes_with_its_word_and_six_words_follow(system):
    reference, model = system()
    list(reference.predict(["Tin we go there and back again, then?"]))
    assert model.asked[0] == ("Tin", " we go there and back again,")
    assert all(before.startswith(" ") for before, _ in model.asked[1:])


def test_numbers_and_capitals_are_kept(system):
    reference, _ = system("Can", "can", "two", "2.0")
    (found,) = reference.predict(["Tin we pay 2 dollars?"])
    assert found.text.startswith("Can we pay 2 ")


def test_later_passages_follow_what_was_decided(system):
    reference, model = system("can")
    text = "we tin go " * PASSAGE
    (found,) = reference.predict([text.strip()])
    assert found.text.count("can") == PASSAGE
    assert model.text == found.text


def test_fewer_candidates_are_fewer_variants(system):
    reference, _ = system(candidates=1)
    assert reference.name == "smollm2@1"
    assert "candidates=1" in reference.signature


def test_what_is_missing_is_told(monkeypatch):
    def missing():
        message = "mode best needs torch"
        raise RestoreError(message)

    monkeypatch.setattr(_modes, "language_model", missing)
    with pytest.raises(EvaluationError, match="mode best needs torch"):
        make_system("smollm2@5")
    with pytest.raises(EvaluationError, match="a whole number from 1"):
        make_system("smollm2@0.5")
