"""British texts stay British, and come back so."""

from __future__ import annotations

import pytest

from restore import Edit, Restorer
from restore._document import Document
from restore._policy import Policy
from restore._signs import betrays_spinner
from restore._varieties import american_of, british_of, in_variety, is_british

KNOWN = {"realize", "realise", "organized", "organised", "analyze", "analyse", "prize", "prise"}
BRITISH = "The colour of the centre, said a neighbour, was grey"
AMERICAN = "The color of the center, said a neighbor, was gray"
SPUN = (
    "Nan mayor person astatine last decided to pay for nan modern bridge, and nan town was happy."
)


def knows(word):
    return word in KNOWN


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("colour", "color"),
        ("favourites", "favorites"),
        ("labourers", "laborers"),
        ("travelled", "traveled"),
        ("counsellors", "counselors"),
        ("theatres", "theaters"),
        ("defence", "defense"),
        ("realise", "realize"),
        ("organised", "organized"),
        ("analyse", "analyze"),
    ],
)
def test_spellings_are_turned_either_way(british, american):
    assert american_of(british, knows) == american
    assert british_of(american, knows) == british
    assert american_of(american, knows) == american
    assert british_of(british, knows) == british


@pytest.mark.parametrize("word", ["four", "hour", "rise", "prise", "wise", "called", "filled", ""])
def test_what_has_one_spelling_keeps_it(word):
    assert american_of(word, lambda _: True) == word


@pytest.mark.parametrize("word", ["for", "prize", "size", "seize", "feeling", "meter", "check", ""])
def test_what_may_be_british_keeps_its_letters(word):
    assert british_of(word, lambda _: True) == word


def test_several_spellings_and_few_others_make_a_text_british():
    assert is_british(Document.parse(BRITISH), knows)
    assert not is_british(Document.parse(AMERICAN), knows)
    assert not is_british(Document.parse("The colour of the Centre was grey."), knows)
    assert not is_british(Document.parse(f"{BRITISH}. The theater program of labor."), knows)


def edits(text, *changes, source="full:synonym"):
    return [
        Edit(text.index(before), text.index(before) + len(before), before, after, source, 0.9)
        for before, after in changes
    ]


def test_edits_follow_the_text():
    text = f"{BRITISH}. The programme was nan tint."
    found = in_variety(
        edits(text, ("programme", "program"), ("nan", "the"), ("tint", "color scheme")),
        Document.parse(text),
        knows,
    )
    assert [(edit.before, edit.after) for edit in found] == [
        ("nan", "the"),
        ("tint", "colour scheme"),
    ]
    other = text.replace(BRITISH, AMERICAN)
    same = edits(other, ("programme", "program"), ("tint", "color"))
    assert in_variety(same, Document.parse(other), knows) == same


def test_what_is_written_may_be_what_stands_there():
    text = f"{BRITISH}. The favour."
    assert in_variety(edits(text, ("favour", "favor")), Document.parse(text), knows) == []


def test_the_users_own_entries_are_obeyed():
    own = edits(BRITISH, ("colour", "color"), source="full:user")
    assert in_variety(own, Document.parse(BRITISH), knows) == own


def test_british_spelling_is_no_error_in_honest_text():
    text = "The modernisation of the line was held up by a bridge."
    changes = [("modernisation", "modernization"), ("bridge", "ridge")]
    plain = Policy.from_threshold(0.6, if_spun=0.2)
    document = Document.parse(text)
    (kept,) = plain.accept(edits(text, *changes), document, lambda _: True)
    assert kept.before == "bridge"
    assert len(plain.if_spun.accept(edits(text, *changes), document, lambda _: True)) == 2


def test_british_spelling_does_not_betray_a_spinner():
    american, other = edits("grey tint", ("grey", "gray"), ("tint", "color"))
    assert not betrays_spinner(american)
    assert betrays_spinner(other)


def test_garbled_british_words_come_back_british():
    british = (
        "The theatre was grey, and a neighbour said nan computer programme was a matter of honour,"
        " and nan ministry of defense was the pet."
    )
    assert Restorer.load().restore(f"{SPUN} {british}").text.endswith(" the favourite.")
    american = british.replace("theatre", "theater").replace("our", "or")
    assert Restorer.load().restore(f"{SPUN} {american}").text.endswith(" the favorite.")
