"""Numbers that stand for words are written out in spun texts, and nowhere else."""

from __future__ import annotations

import time

import pytest

from restore import Restorer
from restore._document import Document
from restore._edits import Edit
from restore._policy import IF_NUMERAL, Policy
from restore.seq2seq._elements import name_elements
from restore.seq2seq._numerals import figures, write_out
from tests.tiny_network import lexicon

HONEST = [
    "He was born on May 2 in room 12, 3 miles from town, and left at 5 p.m.",
    "The vote was 52 to 48, and 10 percent stayed at home in 2024.",
    "Of 1,000 men 30 were hurt; the fund lost $2.4 million and 1,000,000 trees.",
    "Uranium has the atomic number 92, and gold has atomic number 79.",
    "In Ward 2 a score of 2-2 was kept in World War 2, and 1000 BC was long ago.",
]
SPUN = (
    "Nan mayor said that nan last 2 years were good. He met nan union successful March, and "
    "it cost $2.4 1000000 astatine nan time. 2 men from nan union said atomic number 2 astir lied."
)


def proposed(text):
    return list(write_out(Document.parse(text), lexicon().model))


def named(text):
    return list(name_elements(Document.parse(text)))


def test_what_a_spun_text_gets_back():
    said = Restorer.load().restore(SPUN).text
    for words in ("last two years", "$2.4 million", "Two men", "said he "):
        assert words in said


@pytest.mark.parametrize("text", HONEST)
def test_honest_numbers_stay(text):
    assert Restorer.load().restore(text).text == text


PLAIN = [text for text in HONEST if "atomic" not in text]


@pytest.mark.parametrize("text", PLAIN)
def test_honest_numbers_are_no_words_amid_garbled_ones_either(text):
    said = Restorer.load().restore(f"{SPUN}\n{text}").text
    assert numbers(said.partition("\n")[2]) == numbers(text)


@pytest.mark.parametrize("text", PLAIN)
def test_honest_words_beside_numbers_stay_amid_garbled_ones(text):
    said = Restorer.load().restore(f"{SPUN}\n{text}").text
    assert said.endswith("\n" + text)


def numbers(text):
    return [word for word in text.split() if any(map(str.isdigit, word))]


def test_elements_that_are_meant_stay():
    assert named(HONEST[3]) == []


def test_elements():
    text = "Atomic number 92.S. troops and the atomic number 92.S.-based firm, atomic number 33 is"
    assert [edit.after for edit in named(text)] == ["U", "U", "as"]
    assert named(text)[0].before == "Atomic number 92"
    for other in ("atomic number 92.5", "atomic number 1,002", "subatomic number 2", "number 119"):
        assert named(f"It has {other} here.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Ward 2 voted.",
        "We saw Ward 2 vote.",
        "It was 2 - 2 there.",
        "It was 2-2 there.",
        "He read Luke 2: 4 aloud.",
        "It was 2 3 there.",
        "A man of 1000 BC sat there.",
        "No. 2 is gone, and number 2 too.",
        "It cost $2 on May 2, or 2%.",
    ],
)
def test_numbers_of_names_scores_and_years_are_not_asked_for(text):
    document = Document.parse(text)
    assert [f.token for f in figures(document)] == []


def test_a_document_has_one_key_for_large_numbers():
    """Sentences thousands of words apart share it; alone the second is less sure."""
    gap = "It was so. " * 2000
    text = f"A couple of 1000 others did. {gap}Over 1000 of them met."
    shares = [edit.confidence for edit in proposed(text)]
    assert len(shares) == 2
    assert len(set(shares)) == 1
    assert proposed("Over 1000 of them met.")[0].confidence < shares[0]


def test_a_number_begins_a_sentence_with_a_capital_where_there_are_some():
    text = "They left. 2 men came. “2 men came,” he said."
    assert [edit.after for edit in proposed(text)][:2] == ["Two", "Two"]
    assert {edit.after for edit in proposed(text.lower())} <= {"two"}


def test_many_numbers_take_linear_time():
    text = "They saw 2 men. " * 20_000
    document = Document.parse(text)
    edits = proposed(text)
    began = time.process_time()
    assert len(Policy.for_spun(0.0).accept(edits, document, lambda _: True)) == len(edits)
    assert time.process_time() - began < 10


@pytest.mark.parametrize(("share", "accepted"), [(IF_NUMERAL, 1), (IF_NUMERAL - 0.01, 0)])
def test_the_policy_writes_out_numbers_of_spun_texts_alone(share, accepted):
    text = "They were 2 men on May 2."
    document = Document.parse(text)
    edits = [Edit(10, 11, "2", "two", "full:numeral", share),
             Edit(23, 24, "2", "two", "full:numeral", 1.0)]  # fmt: skip
    spun = Policy.for_spun(0.0)
    assert len(spun.accept(edits, document, lambda _: True)) == accepted
    assert Policy.from_threshold(0.0).accept(edits, document, lambda _: True) == []


def test_water():
    text = "They drank H2O and h2o from the river."
    assert [(e.before, e.after) for e in proposed(text)] == [("H2O", "water"), ("h2o", "water")]
    assert Restorer.load().restore(text).text == text


def test_a_number_that_the_user_protects_stays():
    document = Document.parse("They were 2 men.", protect=("2",))
    assert document.figures == []
    edit = Edit(10, 11, "2", "two", "full:numeral", 1.0)
    assert Policy.for_spun(0.0).accept([edit], document, lambda _: True) == []


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("It cost $5, not 6, on May 7.", ["6"]),
        ("See https://example.org/8 and `9` and F-16.", []),
        ("He won 10 of 11, then 12%.", ["10", "11"]),
    ],
)
def test_figures_are_whole_numbers_by_themselves(text, figures):
    document = Document.parse(text)
    assert [text[start:end] for start, end in document.figures] == figures
    assert set(document.figures) <= set(document.protected)
