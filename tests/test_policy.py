"""The policy: thresholds by capitals, protection, overlaps, other languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from restore._decoder import Proposal
from restore._document import Document
from restore._edits import Edit
from restore._english import in_english
from restore._modes import load_decoder
from restore._policy import Policy
from restore._signs import CLEAR, SLIGHT, is_spun

KNOWN = frozenset(
    [
        "they",
        "met",
        "at",
        "the",
        "station",
        "in",
        "town",
        "and",
        "it",
        "was",
        "late",
        "over",
        "there",
    ]
)
POLICY = Policy.from_threshold(0.6)


def _edit(text, before, after, confidence):
    start = text.index(before)
    return Edit(start, start + len(before), before, after, "fast:synonym", confidence)


def _accepted(text, *edits):
    accepted = POLICY.accept(edits, Document.parse(text), KNOWN.__contains__)
    return [(edit.before, edit.after) for edit in accepted]


def test_thresholds_rise_with_capitals():
    text = "Nan town met. They met Nan there. It was nan late."
    start, name, lower = (text.index(x) for x in ("Nan town", "Nan there", "nan late"))
    for offset, needed in ((lower, 0.6), (start, 1 - 0.4 * 2 / 3), (name, 1 - 0.4 / 5)):
        before = text[offset : offset + 3]
        low = Edit(offset, offset + 3, before, "the", "x", needed - 0.01)
        high = Edit(offset, offset + 3, before, "the", "x", needed + 0.01)
        assert _accepted(text, low) == []
        assert _accepted(text, high) == [(before, "the")]


def test_the_surer_of_two_overlapping_edits_is_made():
    text = "they met astir apt late"
    whole = _edit(text, "astir apt", "probably", 0.9)
    part = _edit(text, "astir", "about", 0.7)
    assert _accepted(text, part, whole) == [("astir apt", "probably")]


def test_protected_spans_are_left_alone():
    text = "they met at https://example.org/nan in town"
    assert _accepted(text, _edit(text, "nan", "the", 1.0)) == []


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("they met at nan station in town", True),
        ("nan", True),
        ("nan late", True),
        ("C\u00e0nan nan G\u00e0idheal", False),
        ("isch nan dr berg gsi und nid wyt", False),
    ],
)
def test_other_languages_are_left_alone(text, english):
    edits = [_edit(text, " nan" if " nan" in text else "nan", "the", 1.0)]
    assert bool(in_english(edits, Document.parse(text), KNOWN.__contains__)) is english


@pytest.mark.parametrize(
    ("before", "source", "more", "kept"),
    [
        ("partire", "full:synonym", "", False),
        ("partire", "full:written", "", True),  # a guess: other rules decide
        ("partire", "user:user", "", True),
        ("town", "full:synonym", "", True),  # of the English part
        ("partire", "full:synonym", " Sindaco deciso, sindaco deciso.", True),  # a key's words
    ],
)
def test_a_quotation_in_another_language_is_left_alone(before, source, more, kept):
    text = f'They met in town late and "il sindaco ha deciso di partire" the station.{more}'
    edit = replace(_edit(text, before, "the", 1.0), source=source)
    known = KNOWN | {"il", "ha"}
    assert bool(in_english([edit], Document.parse(text), known.__contains__)) is kept


def test_a_phrase_of_unknown_words_is_no_other_language():
    text = "bosom malignancy malignant station"
    edit = _edit(text, "bosom malignancy", "breast cancer", 1.0)
    assert in_english([edit], Document.parse(text), KNOWN.__contains__) == [edit]
    word = _edit(text, "malignancy", "cancer", 1.0)
    assert in_english([word], Document.parse(text), KNOWN.__contains__) == []


@pytest.mark.parametrize(("confidence", "kept"), [(0.92, False), (0.94, True)])
def test_where_nothing_is_plainly_english_a_correction_has_to_be_sure(confidence, kept):
    text = "late in town was late in staton"
    edit = replace(_edit(text, "staton", "station", confidence), source="full:spelling")
    assert bool(in_english([edit], Document.parse(text), KNOWN.__contains__)) is kept
    english = "the " + text
    edit = replace(_edit(english, "staton", "station", confidence), source="full:spelling")
    assert in_english([edit], Document.parse(english), KNOWN.__contains__)


def test_a_sentence_full_of_errors_is_english_by_words_that_are_english_only():
    for english, kept in (("the", False), ("with the", True)):
        text = f"{english} late brigde staton goverment at late freind"
        edit = replace(_edit(text, "staton", "station", 0.8), source="full:spelling")
        known = {"the", "with", "late", "at"}
        assert bool(in_english([edit], Document.parse(text), known.__contains__)) is kept


def test_one_such_word_is_enough_for_a_short_sentence():
    for more, kept in (("", True), (" late freind", False)):
        text = f"the late brigde staton goverment at{more}"
        edit = replace(_edit(text, "staton", "station", 0.8), source="full:spelling")
        known = {"the", "late", "at"}
        assert bool(in_english([edit], Document.parse(text), known.__contains__)) is kept


def test_each_sentence_is_judged_by_itself():
    text = "they met at nan station. Isch nan dr berg gsi."
    first, second = text.index("nan"), text.rindex("nan")
    edits = [Edit(at, at + 3, "nan", "the", "x", 1.0) for at in (first, second)]
    kept = in_english(edits, Document.parse(text), KNOWN.__contains__)
    assert [edit.start for edit in kept] == [first]


PATIENT = Policy.from_threshold(0.95, misspelt=0.75, if_spun=0.0, signs=SLIGHT)
SURE = Edit(0, 3, "nan", "the", "full:observed", 0.91)


def _proposal(edits=(), explained=0.0, words=100):
    return Proposal(tuple(edits), garbled=explained, words=words, explained=explained)


@pytest.mark.parametrize(
    ("explained", "words", "spun"),
    [(2.9, 26, False), (3.0, 26, True), (3.9, 100, False), (4.0, 100, True), (39, 1000, False)],
)
def test_a_text_is_spun_where_lists_or_the_key_explain_enough(explained, words, spun):
    policy = PATIENT.fitting(_proposal([SURE], explained=explained, words=words))
    assert (policy is PATIENT.if_spun) == spun
    assert (policy is PATIENT) == (not spun)


@pytest.mark.parametrize("titled", [False, True])
def test_a_capitalised_word_betrays_a_spinner_in_headlines_alone(titled):
    capital = replace(SURE, before="Nan", after="The")
    headline = replace(_proposal([capital], explained=2.0, words=8), titled=titled)
    assert (PATIENT.fitting(headline) is PATIENT.if_spun) is titled


def test_a_policy_without_another_for_spun_texts_stays():
    assert POLICY.fitting(_proposal(explained=90)) is POLICY


def _guess(
    source, confidence, *, text="they met att the station over thre in town late", word="thre"
):
    start = text.index(word)
    return Edit(start, start + len(word), word, "there", f"full:{source}", confidence)


@pytest.mark.parametrize(
    ("count", "words", "misspelt"), [(1, 50, False), (2, 200, True), (2, 201, False)]
)
def test_a_text_is_misspelt_where_several_words_certainly_are(count, words, misspelt):
    edits = [_guess("spelling", 0.5)] * count + [_guess("spelling", 0.4), _guess("synonym", 0.8)]
    policy = PATIENT.fitting(_proposal(edits, words=words))
    assert policy is (PATIENT.if_misspelt if misspelt else PATIENT)


@pytest.mark.parametrize("source", ["spelling", "stray"])
@pytest.mark.parametrize(
    ("confidence", "words", "misspelt"), [(0.59, 20, False), (0.6, 100, True), (0.6, 101, False)]
)
def test_one_word_is_enough_if_it_surely_is(source, confidence, words, misspelt):
    policy = PATIENT.fitting(_proposal([_guess(source, confidence)], words=words))
    assert policy is (PATIENT.if_misspelt if misspelt else PATIENT)


def test_stray_letters_go_more_easily_than_words():
    text = "they met at the rt station in town late"
    at = text.index(" rt")
    document = Document.parse(text)
    for source, needed in (("stray", 0.3), ("written", 0.99)):
        for confidence in (needed - 0.01, needed):
            edit = Edit(at, at + 3, " rt", "", f"full:{source}", confidence)
            made = PATIENT.accept([edit], document, (KNOWN | {"in", "town"}).__contains__)
            assert bool(made) == (confidence >= needed)
    edit = Edit(at, at + 3, " rt", "", "full:stray", 0.9)
    assert not Policy.from_threshold(0.95).accept([edit], document, KNOWN.__contains__)


@pytest.mark.parametrize(
    ("source", "elsewhere", "in_misspelt"),
    [("spelling", 0.75, 0.35), ("written", 0.95, 0.5), ("synonym", 0.95, 0.99)],
)
def test_misspelt_texts_welcome_guesses_and_nothing_else(source, elsewhere, in_misspelt):
    text = "they met att the station over thre in town late"
    for policy, needed in ((PATIENT, elsewhere), (PATIENT.if_misspelt, in_misspelt)):
        for confidence in (needed - 0.01, needed):
            edit = _guess(source, confidence, text=text)
            made = policy.accept([edit], Document.parse(text), KNOWN.__contains__)
            assert bool(made) == (confidence >= needed)


def test_a_word_that_is_all_of_a_text_needs_less_unless_a_user_says_otherwise():
    edit = Edit(0, 6, "staton", "station", "full:spelling", 0.5)
    strict = Policy.from_threshold(0.95)
    for text, policy, kept in (
        ("staton", PATIENT, True), ("staton house", PATIENT, False), ("staton", strict, False)
    ):  # fmt: skip
        known = {"house"}.__contains__
        assert bool(policy.accept([edit], Document.parse(text), known)) is kept


@pytest.mark.parametrize(
    ("explained", "words", "slight", "clear"),
    [
        (1.1, 5, False, False),
        (1.2, 10, True, False),
        (1.2, 11, False, False),
        (1.5, 7, True, True),
        (1.5, 8, True, False),
        (2.9, 25, False, False),
    ],
)
def test_a_short_text_is_spun_where_much_of_it_is_explained(explained, words, slight, clear):
    proposal = _proposal([SURE], explained=explained, words=words)
    assert is_spun(proposal, SLIGHT) == slight
    assert is_spun(proposal, CLEAR) == clear


@pytest.mark.parametrize(("mode", "signs"), [("fast", CLEAR), ("full", SLIGHT), ("auto", SLIGHT)])
def test_full_mode_needs_slighter_signs_of_a_spinner_than_fast_mode(mode, signs):
    assert load_decoder(mode, ())[1].signs == signs


def test_a_text_is_not_spun_where_no_word_is_certain_or_many_are_misspelt():
    typo = _guess("spelling", 0.2)
    for edits in ([], [replace(SURE, confidence=0.79)], [SURE, typo, typo]):
        assert PATIENT.fitting(_proposal(edits, explained=6, words=40)) is not PATIENT.if_spun


def test_one_certainly_garbled_word_casts_suspicion_on_the_others():
    text = "they met att the station over thre in town late"
    sure = Edit(text.index("att"), text.index("att") + 3, "att", "at", "full:key", 0.95)
    other = _guess("synonym", 0.75, text=text)
    for edits, made in (([sure, other], 2), ([other], 0)):
        policy = PATIENT.fitting(_proposal(edits, words=10))
        assert len(policy.accept(edits, Document.parse(text), KNOWN.__contains__)) == made


@pytest.mark.parametrize("source", ["full:spelling", "full:written", "fast:user"])
def test_what_rests_on_no_list_casts_no_suspicion(source):
    edit = Edit(0, 4, "they", "the", source, 1.0)
    assert PATIENT.fitting(_proposal([edit])) is not PATIENT.if_suspect
