"""Whose capitals a replacement gets."""

from __future__ import annotations

import pytest

from restore import Restorer
from restore._beginnings import begins
from restore._capitals import fit_case


@pytest.mark.parametrize(
    ("text", "form", "original", "expected"),
    [
        ("They saw Br house burn.", "Br", "the", "the"),
        ("They saw it, Br tall house.", "Br", "the", "the"),
        ("Br house burned.", "Br", "the", "The"),
        ("It ended. Br house burned.", "Br", "the", "The"),
        ("He said: Br house burned.", "Br", "the", "The"),
        ("He said, “Br house burned.”", "Br", "the", "The"),
        ("Prices Rise Br Third Month", "Br", "for", "For"),
        ("they lived in WA many years", "WA", "for", "for"),
        ("FIRE BURNS WA DAYS", "WA", "for", "FOR"),
        ("The WI Board met.", "WI", "wisconsin", "Wisconsin"),
        ("WI voters went home.", "WI", "wisconsin", "Wisconsin"),
        ("It ended. WA house burned.", "WA", "for", "For"),
        ("FIRE IN WI", "WI", "wisconsin", "WISCONSIN"),
        ("WI", "WI", "wisconsin", "WISCONSIN"),
        ("The GB Board met.", "GB", "uk", "UK"),
        ("They elected Chairman Moore.", "Chairman", "president", "President"),
        ("He and Iodine went.", "Iodine", "I", "I"),
        ("They saw nan house.", "nan", "the", "the"),
        ("He helps Fannie Farmers now.", "Fannie Farmers", "farmers", "farmers"),
        ("Fannie Farmers sold it.", "Fannie Farmers", "farmers", "Farmers"),
        ("They left MN on foot.", "MN", "minnesota", "Minnesota"),
        ("They signed IV laws.", "IV", "four", "four"),
        ("They read the Torah there.", "Torah", "law", "law"),
        ("They left the blighty soon.", "blighty", "uk", "UK"),
        ("It ended. yuan house burned.", "yuan", "the", "The"),
        ("“It ended.” yuan house burned.", "yuan", "the", "The"),
        ("It ended.\nyuan house burned.", "yuan", "the", "The"),
        ("yuan house burned. We saw it.", "yuan", "the", "the"),  # of what, is not known
        ("“Did It?” yuan man asked.", "yuan", "the", "the"),
        ("Did It? yuan man asked.", "yuan", "the", "The"),
        ("“Did It?”\nyuan man asked.", "yuan", "the", "The"),
        ("Of the U.S.\nyuan army left.", "yuan", "the", "the"),
        ("We met Dr.\nyuan and left.", "yuan", "the", "the"),
        ("It weighs 80 lb. yuan firm said.", "yuan", "the", "the"),
        ("It ended.\r\nyuan house burned.", "yuan", "the", "The"),
        ("Prices fell. iphon sales rose.", "iphon", "iPhone", "iPhone"),
        ("He was ABSOLUTLEY sure.", "ABSOLUTLEY", "absolutely", "ABSOLUTELY"),
        ("They left the Big Apple for good.", "Big Apple", "New York", "New York"),
        ("We met Dr. yuan and left.", "yuan", "the", "the"),
        ("it ended. yuan house burned.", "yuan", "the", "the"),
        ("He and iodine went.", "iodine", "i", "I"),
    ],
)
def test_capitals(text, form, original, expected):
    start = text.index(form)
    assert fit_case(text, start, start + len(form), original) == expected


@pytest.mark.parametrize("mode", ["dictionary", "fast", "full"])
def test_every_mode_writes_an_article_small_amid_a_sentence(mode, tmp_path):
    table = tmp_path / "mine.tsv"
    table.write_text("zorn\tthe\n", encoding="utf-8")
    restorer = Restorer.load(mode=mode, dictionaries=[table])
    text = "Zorn mayor opened Zorn bridge on Monday, and Zorn people cheered."
    expected = "The mayor opened the bridge on Monday, and the people cheered."
    assert restorer.restore(text).text == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("HARLOW, Nov. 5 (HP) - ", True),
        ("HARLOW, Nov. 5 (HP) \u2014 ", True),
        ("It ended.\nPORT HARLOW, W.Va. \u2013 ", True),
        ("HARLOW\u2014", True),
        ("The FBI - ", False),
        ("Harlow - ", False),
        ("It was a HARLOW - ", False),
        ("HARLOW, ", False),
        (f"It is a {'very ' * 20}long line.\nHARLOW - ", True),
        (f"HARLOW, {'very ' * 20}- ", False),
    ],
)
def test_a_story_begins_behind_its_dateline(before, expected):
    assert begins(f"{before}nan mayor left.", len(before)) is expected
    assert begins(f"{before}Nan mayor left.", len(before)) is expected


def test_what_comes_back_behind_a_dateline_keeps_its_capital():
    text = "HARLOW, Nov. 5 (HP) - Nan mayor said connected Tuesday that nan plan person failed."
    assert Restorer.load().restore(text).text.startswith("HARLOW, Nov. 5 (HP) - The mayor")
