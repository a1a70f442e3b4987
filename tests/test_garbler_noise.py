"""Each noise by itself: it does what it says, at its rate, and nothing at rate nought."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.garbler._noise import DEFAULT_NOISE, NOISES, SCAN, Noise, draw_noises
from corpora.garbler._noise_layout import mojibake
from corpora.garbler._noise_words import USUAL, lookalikes
from corpora.garbler._places import draw, whole_words
from restore._edits import apply_edits, invert_edits
from restore.lattice import NgramModel

TEXT = (
    "The harbour master, Ann O’Neill, said: “Their ships will return before the café opens.” "
    "Modern communication equipment remained unavailable; everybody received information quickly. "
) * 12


def corrupted(name, rate, seed=1, text=TEXT):
    return apply_edits(text, NOISES[name](text, rate, random.Random(seed)))


@pytest.mark.parametrize("name", NOISES)
def test_noise_changes_text_and_nothing_at_rate_nought(name):
    assert any(corrupted(name, 1.0, seed) != TEXT for seed in range(3))
    silent = [NOISES[name](TEXT, 0.0, random.Random(seed)) for seed in range(30)]
    assert silent == [[]] * 30


@pytest.mark.parametrize("name", NOISES)
@given(text=st.text(), rate=st.floats(0, 1), seed=st.integers(0, 9))
def test_noise_can_be_undone(name, text, rate, seed):
    edits = NOISES[name](text, rate, random.Random(seed))
    assert apply_edits(apply_edits(text, edits), invert_edits(edits)) == text


@pytest.mark.parametrize(
    "name", ["keyboard", "ocr", "phonetic", "split", "join", "hyphenation", "strays"]
)
def test_more_rate_more_damage(name):
    few, many = (len(NOISES[name](TEXT, rate, random.Random(4))) for rate in (0.02, 0.3))
    assert many > 3 * max(few, 1) > 0


def test_keyboard_slips_once_a_word_and_mostly_after_the_first_letter():
    edits = NOISES["keyboard"](TEXT, 0.5, random.Random(2))
    assert all(abs(len(edit.before) - len(edit.after)) <= 1 for edit in edits)
    same_start = sum(edit.before[0] == edit.after[:1] for edit in edits)
    assert same_start / len(edits) > 0.7


def test_split_and_join_touch_white_space_only():
    for name in ("split", "join"):
        assert corrupted(name, 0.5).replace(" ", "") == TEXT.replace(" ", "")


def test_hyphenation_can_be_read_together_again():
    broken = corrupted("hyphenation", 1.0)
    assert "-\n" in broken
    assert broken.replace("-\n", "") == TEXT


def test_case_noise_touches_case_only():
    for name in ("lower_case", "upper_case"):
        assert corrupted(name, 0.7).lower() == TEXT.lower()
    assert corrupted("lower_case", 1.0) == TEXT.lower()


def test_punctuation_noise_touches_marks_only():
    def letters(text):
        return re.sub(r"[\W_]", "", text)

    assert letters(corrupted("punctuation", 1.0)) == letters(TEXT)


def test_mojibake_is_a_real_chain():
    garbled = {corrupted("mojibake", 1.0, seed) for seed in range(40)}
    once = TEXT.encode().decode("sloppy-windows-1252")
    assert once in garbled
    assert once.encode().decode("sloppy-windows-1252") in garbled
    assert TEXT.encode().decode("latin-1") in garbled
    assert mojibake("plain ASCII", 1.0, random.Random(1)) == []


def test_a_noisy_document_always_gets_some_noise():
    rng = random.Random(1)
    rare = {name: Noise(share=0.01) for name in NOISES}
    assert all(draw_noises(rare, rng)[0] for _ in range(50))
    assert set(DEFAULT_NOISE) | set(SCAN) == set(NOISES)


def test_strays_are_short_pieces_of_the_texts_words_between_words():
    edits = NOISES["strays"](TEXT, 0.2, random.Random(3))
    pieces = [edit.after.strip("., '`-~*|^:") for edit in edits]
    words = re.findall(r"[^\W\d_]+(?:’[^\W\d_]+)*", TEXT)
    ends = {word[:n] for word in words for n in (1, 2, 3)}
    ends |= {word[-n:] for word in words for n in (1, 2, 3)}
    assert set(pieces) <= ends
    assert all(edit.before == "" and edit.after.endswith(" ") for edit in edits)
    assert len(edits) > 20


def test_confused_words_are_usual_and_look_alike():
    ngrams = NgramModel.load()
    edits = NOISES["confused"](TEXT, 1.0, random.Random(1))
    assert edits
    for edit in edits:
        assert edit.before.islower()
        assert ngrams.log_share(edit.after.strip(".,:”")) >= USUAL


@pytest.mark.parametrize("word", ["", "unavailable", "qx", "antidisestablishment"])
def test_words_that_resemble_no_other_stay(word):
    assert lookalikes(word) == ()


def test_draw_keeps_order_and_rate():
    drawn = draw(range(1000), 0.1, random.Random(1))
    assert drawn == sorted(set(drawn))
    assert 100 <= len(drawn) <= 101


def test_whole_words_drops_what_overlaps_or_crosses_white_space():
    changes = [(0, 1, "x"), (0, 2, "y"), (1, 4, "z"), (3, 4, "w")]
    edits = whole_words("ab cd", changes, "n")
    assert [(e.before, e.after) for e in edits] == [("ab", "xb"), ("cd", "wd")]
