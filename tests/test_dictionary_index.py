"""The index of the dictionary's forms answers as a dict does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restore.dictionary import FormIndex
from restore.dictionary import _index as module

WORD = st.text(st.characters(blacklist_characters="\n", blacklist_categories=["Cs"]), max_size=6)


@given(st.lists(WORD, unique=True), st.lists(WORD, unique=True), st.lists(WORD))
def test_answers_as_a_dict_does(shipped, own, asked):
    known = {form: row for row, form in enumerate([*shipped, *own])}  # the last row counts
    index = FormIndex(shipped).extended(own)
    assert dict(index.items()) == known
    assert len(index) == len(known)
    for form in [*asked, *shipped, *own]:
        assert index.get(form, -1) == known.get(form, -1)
        assert (form in index) == (form in known)
    assert [index.form(known[form]) for form in known] == list(known)


@given(st.lists(WORD, unique=True, min_size=1), WORD)
def test_many_in_one_slot(forms, other):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_MASK", 3)  # all forms share four slots
        index = FormIndex(forms).extended(forms[:2])
        rows = {form: row for row, form in enumerate([*forms, *forms[:2]])}
        assert dict(index.items()) == rows
        assert index.get(other) == rows.get(other, -1)


def test_no_form_spans_two_rows(monkeypatch):
    monkeypatch.setattr(module, "_MASK", 0)
    index = FormIndex(["tin", "can"])
    assert index.get("tin\ncan") == -1
    assert index.get("") == -1
    assert index.get("\ud800") == -1
    with pytest.raises(KeyError, match="vessel"):
        index["vessel"]


def test_phrases_are_forms_of_several_words():
    assert FormIndex(["tin", "tin can", "can", "pot of gold"]).phrases() == [
        "tin can",
        "pot of gold",
    ]
