"""The document's key as the network sees it: one guess a place, one answer a document."""

from __future__ import annotations

import numpy as np
import pytest

from restore._document import Document
from restore._modes import load_decoder
from restore.lattice._lattice import KEY, build_lattice
from restore.lattice._units import split_units
from restore.seq2seq._decoder import NEWS, ROUNDS
from restore.seq2seq._evidence import Evidence, Tally
from restore.seq2seq._key import Solver
from restore.seq2seq._pieces import Pieces
from tests.tiny_network import lexicon

SPUN = (
    "Marble mayor told reporters that marble bridge would open in marble spring. Nobody at marble "
    "meeting asked why marble work took so long, and marble council went home early. "
) * 2


class _Vocabulary:
    """What the solver asks a network for when it is not given slots: its pieces."""

    pieces = Pieces(["[END]", "[UNK]", *lexicon().function_text])


@pytest.fixture(scope="module")
def solver():
    return Solver(lexicon(), _Vocabulary())


def _evidence(solver, guesses, counts=()):
    """Return evidence of forms, each with one dictionary of word to probability an occurrence."""
    out = Evidence()
    out.counts.update({"town": 300, **dict(counts)})
    for form, places in guesses.items():
        for place in places:
            found = np.zeros(len(solver.listener.words))
            for word, share in place.items():
                found[solver.listener.words.index(word)] = share
            suits = suiting(found)
            out.add(form, Tally.of(found[None], suits, filling(suits, found)))
            out.counts[form] += 1
    return out


def suiting(found):
    """Return what a language model might say that agrees with the network, but less surely."""
    shares = found + 0.002
    return np.log(shares / shares.sum())


def filling(suits, found):
    """Return what the network for gaps might say, as sure that it is a function word at all."""
    other = max(0.1, 1 - found.sum())
    return np.append(suits + np.log1p(-other), np.log(other))


def test_all_functions_words_are_known(solver):
    assert {"the", "because", "of", "himself"} <= set(solver.listener.words)
    assert len(solver.listener.words) == len(set(solver.listener.words))


def test_occurrences_outvote_single_guesses(solver):
    places = [{"and": 0.5, "of": 0.3}, {"to": 0.6, "of": 0.3}, {"for": 0.5, "of": 0.4}] * 2
    assert solver.solve(_evidence(solver, {"commune": places})) == {"commune": "of"}


def test_two_forms_never_stand_for_the_same_word(solver):
    clear = [{"of": 0.9}] * 6
    unclear = [{"of": 0.5, "for": 0.4}] * 4
    key = solver.solve(_evidence(solver, {"commune": clear, "pa": unclear}))
    assert key == {"commune": "of", "pa": "for"}


def test_words_that_the_document_lacks_come_first(solver):
    places = [{"is": 0.4, "was": 0.4}] * 3
    present = _evidence(solver, {"quay": places}, {"is": 3})
    assert solver.solve(present) == {"quay": "was"}
    present = _evidence(solver, {"quay": places}, {"was": 3})
    assert solver.solve(present) == {"quay": "is"}


@pytest.mark.parametrize("places", [[{"of": 0.1}] * 5, [{"of": 0.1, "to": 0.1}] * 3], ids=str)
def test_a_faint_suspicion_is_no_key(solver, places):
    assert solver.solve(_evidence(solver, {"commune": places})) == {}


def test_one_occurrence_is_a_key_where_that_is_enough(solver):
    evidence = _evidence(solver, {"commune": [{"of": 0.97}]})
    assert solver.solve(evidence) == {"commune": "of"}
    assert solver.solve(evidence, fewest=2) == {}


@pytest.mark.parametrize("who", ["n-gram model", "network for gaps"])
@pytest.mark.parametrize("word", ["of", "for"])
def test_the_models_of_language_have_a_say(solver, who, word):
    words = solver.listener.words
    found = np.zeros((3, len(words)))
    found[:, [words.index("of"), words.index("for")]] = 0.45
    even = np.full(len(words), 0.001)
    even[[words.index("of"), words.index("for")]] = 0.4
    said = np.full(len(words), 0.001)
    said[words.index(word)] = 0.8
    suits, gap = (said, even) if who == "n-gram model" else (even, said)
    evidence = Evidence()
    evidence.counts.update({"town": 300, "commune": 3})
    evidence.add("commune", Tally.of(found, 3 * np.log(suits), 3 * np.log(np.append(gap, 0.1))))
    assert solver.solve(evidence) == {"commune": word}


def test_neighbours_are_read_by_what_is_believed_of_them(monkeypatch):
    """What is found of one form is in the text when the others are looked at again."""
    import restore.seq2seq._listener as module

    seen = []
    plain = module.Cloze

    def spy(block, speeches, pieces, model, key):
        seen.append(dict(key))
        return plain(block, speeches, pieces, model, key)

    monkeypatch.setattr(module, "Cloze", spy)
    decoder, _ = load_decoder("full", ())
    document = Document.parse(SPUN)
    decoder.propose(document)
    assert seen[0] == {}
    assert any(key.get("marble") == "the" for key in seen[1:])


def test_honest_occurrences_speak_against_a_key(solver):
    evidence = _evidence(solver, {"commune": [{"of": 0.97}] * 3})
    assert solver.solve(evidence)
    evidence.counts["commune"] += 40
    assert solver.solve(evidence) == {}


def test_evidence_adds_up_whatever_the_order(solver):
    first = _evidence(solver, {"pa": [{"for": 0.6}] * 2})
    second = _evidence(solver, {"pa": [{"of": 0.5, "for": 0.2}], "quay": [{"a": 0.8}] * 2})
    one, other = first + second, second + first
    assert one.counts == other.counts
    assert solver.solve(one) == solver.solve(other)
    assert first.forms["pa"].count == 2
    np.testing.assert_allclose(one.forms["pa"].written, other.forms["pa"].written)


def test_what_the_network_was_told_does_not_testify(solver):
    before = _evidence(solver, {"quay": [{"in": 0.5}], "pa": [{"for": 0.5}]})
    now = _evidence(solver, {"quay": [{"in": 0.99}], "pa": [{"for": 0.9}], "tuxedo": [{"to": 0.9}]})
    found = now.unprompted({"quay": "in", "tuxedo": "to"}, before)
    assert found.forms["quay"].written is before.forms["quay"].written
    assert found.forms["quay"].suits is now.forms["quay"].suits
    assert found.forms["pa"] is now.forms["pa"]
    assert found.forms["tuxedo"] is now.forms["tuxedo"]
    more = _evidence(solver, {"quay": [{"in": 0.99}] * 2})
    assert more.unprompted({"quay": "in"}, before).forms["quay"] is more.forms["quay"]


def test_a_key_that_the_network_already_knows_is_no_news(solver):
    known = _evidence(solver, {"nan": [{"the": 0.97}] * 8})
    guessed = _evidence(solver, {"nan": [{"the": 0.8}] * 8})
    assert solver.solve(known) == solver.solve(guessed) == {"nan": "the"}
    assert solver.news(known, {"nan": "the"}) < NEWS
    assert solver.news(guessed, {"nan": "the"}) < NEWS
    assert solver.news(guessed, {"nan": "of"}) > NEWS
    assert solver.news(guessed, {}) == 0


def test_a_believed_word_is_offered_to_its_form_and_to_no_other():
    text = "Commune town sat by the quay. They met commune friends there. He saw commune them."
    document = Document.parse(text)
    units = split_units(document, document.sentences, lexicon())
    lattice = build_lattice(units, lexicon(), {"commune": "of"})
    readings, named = lattice.readings, lattice.names.index("commune")
    offered = {
        lexicon().originals[readings.text[row]]
        for row in np.flatnonzero((readings.type_of == named) & (readings.relation == KEY))
    }
    assert offered == {"of"}
    others = (readings.type_of != named) & (readings.relation == KEY)
    assert "of" not in {lexicon().originals[t] for t in readings.text[others]}


@pytest.fixture
def readings(monkeypatch):
    """The keys with which a text is read, in turn, when every solution is `solutions`' next."""
    import restore.seq2seq._decoder as module

    seen, solutions = [], []

    def settle(*_, spun):
        return Evidence(), solutions.pop(0) if solutions else {}

    plain = module.encode
    decoder, _ = load_decoder("full", ())

    def encode(document, sentences, reader, key, **how):
        seen.append(dict(key))
        return plain(document, sentences, reader, key, **how)

    monkeypatch.setattr(module, "encode", encode)
    monkeypatch.setattr(decoder.solver, "settle", settle)
    monkeypatch.setattr(decoder.solver, "news", lambda _, new: NEWS * bool(new))
    monkeypatch.setattr(module, "WINDOW", 60)
    return decoder, solutions, seen


def test_a_text_without_a_key_is_read_once(readings):
    decoder, _, seen = readings
    decoder.propose(Document.parse("They met at the quay. Nobody saw them leave the town."))
    assert seen == [{}]


def test_news_of_the_key_asks_for_another_reading_and_holds_for_what_follows(readings):
    decoder, solutions, seen = readings
    sentence = "They sat quay the river until nightfall and stopped quay the bridge to the town. "
    solutions += [{"quay": "by"}, {"quay": "by"}]
    proposal = decoder.propose(Document.parse(sentence * 8))
    assert seen[:2] == [{}, {"quay": "by"}]
    assert len(seen) > 3  # more than one window
    assert all(key == {"quay": "by"} for key in seen[1:])
    made = [(edit.after, edit.source) for edit in proposal.edits if edit.before == "quay"]
    assert len(made) >= 12
    assert ("by", "full:key") in made


def test_a_text_is_not_read_for_ever(readings):
    decoder, solutions, seen = readings
    solutions += [{"quay": word} for word in ("by", "of", "to", "for", "in")]
    decoder.propose(Document.parse("They sat quay the river and spoke quay their plans."))
    assert len(seen) == ROUNDS
