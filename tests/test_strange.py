"""Misspelt words: what the network leaves to "not listed" goes to the speller's candidates."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from restore import Restorer
from restore._document import Document
from restore._modes import load_decoder
from restore.lattice._lattice import KEEP, KEY
from restore.seq2seq._block import SPELLING
from restore.seq2seq._steps import UNKNOWN_ROW, Slot
from restore.seq2seq._strange import LISTED, is_spun, trust_speller

FAR = -1e4


def rescored(keep, unlisted, near, *, written=None, strange=True):
    """Return the slot of one word: its rows are keep, not listed, candidates, and an empty row."""
    rows = np.append(np.log([keep, unlisted, *near]), FAR).astype(np.float32)
    slot = Slot(0, rows, rows)
    if written is not None:
        slot.choice, slot.written, slot.log_written = UNKNOWN_ROW, [7], float(np.log(written))
    codes = [KEEP, UNKNOWN_ROW, *[SPELLING] * len(near), 0]
    inputs = {
        "relation": np.array([codes]), "row_mask": np.array([[True] * (len(codes) - 1) + [False]])
    }  # fmt: skip
    view = SimpleNamespace(positions=np.array([0]), inputs=inputs)
    speech = SimpleNamespace(view=view, slots=[slot])
    units = SimpleNamespace(is_word=np.ones(100, bool))
    block = SimpleNamespace(strange=np.array([strange, False]), units=units)
    trust_speller(block, [speech])
    return slot


def test_candidates_share_what_was_not_listed():
    slot = rescored(0.04, 0.9, [0.05, 0.01])
    shares = np.exp(slot.rows)
    assert shares[2] == pytest.approx(0.96 * LISTED * 5 / 6, abs=1e-3)
    assert shares[KEEP] == pytest.approx(0.04, abs=1e-3)
    assert slot.choice == 2


def test_a_word_that_is_probably_right_is_kept():
    assert rescored(0.6, 0.3, [0.09, 0.01]).choice == KEEP


def test_what_was_surely_written_stands():
    slot = rescored(0.02, 0.9, [0.05, 0.03], written=0.85)
    assert slot.choice == UNKNOWN_ROW
    assert slot.written == [7]
    assert rescored(0.02, 0.9, [0.05, 0.03], written=0.3).choice == 2


def test_other_words_are_left_alone():
    assert np.exp(rescored(0.04, 0.9, [0.05, 0.01], strange=False).rows[1]) == pytest.approx(0.9)


def key_words(number):
    """Return a speech with so many words that the key explains."""
    rows = np.log(np.array([0.02, 0.02, 0.96])).astype(np.float32)
    inputs = {"relation": np.array([[KEEP, UNKNOWN_ROW, KEY]] * number),
              "row_mask": np.ones((number, 3), bool)}  # fmt: skip
    view = SimpleNamespace(positions=np.zeros(number, int), inputs=inputs)
    return SimpleNamespace(view=view, slots=[Slot(n, rows, rows) for n in range(number)])


@pytest.mark.parametrize(("explained", "spun"), [(0, False), (3, False), (6, True)])
def test_sentences_are_spun_where_the_key_explains_enough(explained, spun):
    block = SimpleNamespace(units=SimpleNamespace(is_word=np.ones(100, bool)))
    assert is_spun(block, [key_words(explained)]) == spun


@pytest.mark.parametrize(("spun", "called"), [(True, "reword"), (False, "trust_speller")])
def test_the_network_is_believed_of_spun_sentences_and_the_speller_of_others(
    monkeypatch, spun, called
):
    import restore.seq2seq._decoder as module

    decoder, calls = load_decoder("full", ())[0], []
    monkeypatch.setattr(module, "is_spun", lambda *_: spun)
    monkeypatch.setattr(module, "trust_speller", lambda *_: calls.append("trust_speller"))
    monkeypatch.setattr(decoder, "reword", lambda *_: calls.append("reword"))
    decoder.propose(Document.parse("They sat beside the river until nightfall, and spoke."))
    assert calls == [called]


@given(st.lists(st.floats(0.001, 1), min_size=3, max_size=8), st.floats(0, 1))
def test_probabilities_stay_probabilities(weights, written):
    keep, unlisted, *near = np.array(weights) / sum(weights)
    slot = rescored(keep, unlisted, near, written=max(written * unlisted, 1e-6))
    assert np.exp(slot.rows).sum() == pytest.approx(1, abs=2e-3)


def test_misspelt_words_of_a_misspelt_text_are_corrected():
    text = "The histsrical sociity said that the goverment wuold repair the brigde at once."
    assert Restorer.load(mode="full").restore(text).text == (
        "The historical society said that the government would repair the bridge at once."
    )
