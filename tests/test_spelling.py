"""Words near a misspelt one: slips of fingers, shapes read wrong, accents."""

from __future__ import annotations

import pytest

from restore.seq2seq._typing import cost
from tests.shipped import speller


@pytest.mark.parametrize(
    ("printed", "meant"),
    [("fomething", "something"), ("tbe", "the"), ("governrnent", "government"), ("clay", None)],
)
def test_shapes_read_wrong_are_read_right(printed, meant):
    found = [text for text, _ in speller().candidates(printed)]
    assert printed not in found
    assert meant is None or found[0] == meant


def test_a_shape_is_likelier_read_wrong_than_a_letter_typed_wrong():
    weights = dict(speller().candidates("fimple"))
    assert weights["simple"] == max(weights.values())


@pytest.mark.parametrize(
    ("wrong", "right", "other", "edits"),
    [
        ("comit", "commit", "cosmit", (1, 1)),  # a letter left single, against one left out
        ("recieve", "receive", "recover", (1, 3)),
        ("teh", "the", "tech", (1, 1)),
        ("seperate", "separate", "sewerate", (1, 1)),  # a vowel for a vowel
        ("nife", "nine", "wife", (1, 1)),  # the first letter is right
    ],
)
def test_what_many_mistype_is_likelier(wrong, right, other, edits):
    assert cost(wrong, right, edits[0]) < cost(wrong, other, edits[1])


@pytest.mark.parametrize(
    ("word", "plain"), [("cỏuple", "couple"), ("áware", "aware"), ("đeath", "death"), ("ĩt", "it")]
)
def test_accents_that_nobody_writes_are_dropped(word, plain):
    assert speller().is_accented(word)
    assert speller().candidates(word)[0][0] == plain


@pytest.mark.parametrize("word", ["couple", "х", "日本", "ß", "12é"])
def test_what_is_no_accented_word_is_none(word):
    assert not speller().is_accented(word)
