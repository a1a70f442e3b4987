"""Capitals that got lost, and texts that have lost none."""

from __future__ import annotations

from collections import Counter

import pytest

from restore import Restorer, _capitals
from restore._capitals import capitals
from restore._document import Document
from restore._edits import apply_edits
from restore._errors import ModelError
from restore.lattice._casing import Casing
from restore.lattice._truecase import capital_odds
from restore.seq2seq._lowered import lost_capitals, raise_names
from tests.tiny_network import SOURCE, lexicon
from training.capitals._count import FEWEST, always_capital, count_forms

LOST = (
    "on monday the mayor of berlin met obama. they spoke about russia, and i listened. "
    "“we agreed,” said clinton. nobody asked mrs. smith, a st. louis fan. talks end on friday."
    "\n\nreporters from reuters waited\noutside."
)
FOUND = (
    "On Monday the mayor of Berlin met Obama. They spoke about Russia, and I listened. "
    "“We agreed,” said Clinton. Nobody asked Mrs. Smith, a St. Louis fan. Talks end on Friday."
    "\n\nReporters from Reuters waited\noutside."
)


def raised(text):
    document = Document.parse(text)
    odds = capital_odds(document, Casing.load().table)
    lost = lost_capitals(document, odds)
    if lost is None:
        return text
    edits = raise_names(document, document.sentences, lost, odds, lexicon().model)
    return apply_edits(text, list(edits))


def test_names_and_beginnings_get_their_capitals_back():
    assert raised(LOST) == FOUND


@pytest.mark.parametrize(
    "text",
    [
        SOURCE,
        "He met her in berlin.",  # one slip
        "berlin, berlin, berlin: i hear it everywhere.",  # one name
        "They saw Berlin, Paris, London. " * 8 + "They wrote berlin, paris, london.",
        "see https://berlin.example/paris/london and #obama @russia",
        "They said it was late. we said so too. and then they left the town.",  # no name at all
        "He met her in berlin.\n\nand the rain\n\nand the wind\n\nand the sea",  # verse, or a list
        "They met in Paris, London and Rome. " * 9 + "They wrote berlin. and left. it was late.",
    ],
)
def test_texts_that_have_lost_none_stay(text):
    assert raised(text) == text


def test_one_name_and_small_beginnings_tell_too():
    lost = "the mayor went to berlin in the rain. she was late. they had left the garden."
    found = "The mayor went to Berlin in the rain. She was late. They had left the garden."
    assert raised(lost) == found


def test_what_stands_beside_a_word_tells_of_its_capital():
    text = f"{LOST} he flew to los angeles and south carolina, then home to the south."
    found = f"{FOUND} He flew to Los Angeles and South Carolina, then home to the south."
    assert raised(text) == found


def test_initials_and_parties_get_their_capitals_back():
    text = f"{LOST} the u.s. team, with jane doe (d-oh), came at 5 p.m. with us."
    found = f"{FOUND} The U.S. team, with Jane Doe (D-OH), came at 5 p.m. with us."
    assert raised(text) == found


def test_pieces_of_damaged_words_stay_small():
    text = f"{LOST} he w ent to the pa*ris show, amid th e may- or ma- nia."
    assert raised(text).endswith("He w ent to the pa*ris show, amid th e may- or ma- nia.")


def test_odds_are_of_words_alone():
    document = Document.parse("in south carolina, 12 left.")
    found = capital_odds(document, Casing.load().table)
    odds = dict(zip(document.tokens, found.beside.tolist(), strict=True))
    assert odds["south"] > dict(zip(document.tokens, found.alone.tolist(), strict=True))["south"]
    assert min(odds["carolina"], odds["south"]) > 5
    assert odds["in"] < -2
    assert odds[","] == odds["12"] == 0
    assert capital_odds(Document.parse(""), Casing.load().table).beside.shape == (0,)


def test_full_mode_brings_capitals_back():
    assert "Berlin" in Restorer.load().restore(LOST).text


def test_a_missing_list_is_one_line(monkeypatch, tmp_path):
    monkeypatch.setattr(_capitals, "SHIPPED", tmp_path / "none.txt")
    capitals.cache_clear()
    with pytest.raises(ModelError, match="install the package again"):
        capitals()
    monkeypatch.undo()
    capitals.cache_clear()


def test_the_shipped_list_is_of_capitalised_words_alone():
    found = capitals()
    assert len(found) > 10_000
    assert all(form != small == form.lower() for small, form in found.items())


def test_beginnings_and_titles_are_not_counted():
    texts = ["Ghent is old. Yesterday she saw Ghent, and old Bruges.", "Big News From Big Places"]
    assert count_forms(texts) == Counter(
        ["is", "old", "she", "saw", "Ghent", "and", "old", "Bruges"]
    )


def test_a_word_is_listed_where_it_is_nearly_always_written_alike():
    forms = Counter({"Ghent": FEWEST, "Bruges": FEWEST - 1, "May": 90, "may": 9, "Xi": 50})
    assert always_capital(forms, lambda word: True) == ["Ghent"]
    assert always_capital(forms, lambda word: word != "ghent") == []
