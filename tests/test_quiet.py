"""Texts whose capitals tell nothing: read in small letters, written as loud as they were."""

from __future__ import annotations

from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restore import Edit, Restorer
from restore._quiet import Quiet, quietened

SPUN = (
    "She said nan council person to beryllium told successful time, and nan mayor was astatine nan"
    " station connected Sunday."
)
HONEST = (
    "The council said on Monday that the bridge would be closed for two weeks.\n"
    "Drivers have to go around by the station, where a car is parked in front of the hall."
)


@lru_cache(maxsize=2)
def restorer(mode):
    return Restorer.load(mode=mode)


def each_capitalised(text):
    return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        ("NAN MAYOR SPEAKS\nNan mayor spoke.", "nan mayor speaks\nNan mayor spoke."),
        ("NAN MAYOR\r\nSPEAKS TO US", "nan mayor\r\nspeaks to us"),
        ("MAYOR OF İZMİR SPEAKS", "mayor of İzmİr speaks"),  # its small letter is two code points
        ("SEE HTTP://EXAMPLE.ORG/NEWS ON MONDAY", "see HTTP://EXAMPLE.ORG/NEWS on monday"),
    ],
)
def test_shouted_lines_are_read_in_small_letters(text, copy):
    assert quietened(text).text == copy


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NATO SAYS",
        "The mayor spoke.",
        "The NATO and EU ministers",
        "Jane Miller Resigns",
        f"THE {SPUN}",
        each_capitalised("the mayor spoke to us about it"),
    ],
)
def test_other_texts_are_not_loud(text):
    assert quietened(text) is None


def test_long_texts_of_capitalised_words_are_loud():
    text = each_capitalised(HONEST)
    assert quietened(text) == Quiet(text, text.lower(), [(0, len(text))], capitalised=True)


def test_terms_of_the_user_keep_their_capitals():
    assert quietened("NAN MAYOR OF NAN TOWN", ("MAYOR",)).text == "nan MAYOR of nan town"


@given(st.text())
def test_a_copy_differs_in_capitals_alone(text):
    quiet = quietened(text)
    if quiet is not None:
        assert len(quiet.text) == len(text)
        assert quiet.text.lower() == text.lower()


def test_edits_are_written_as_loud_as_what_they_replace():
    quiet = quietened("NAN MAYOR SPOKE\nnan mayor")
    loud, small = quiet.as_loud(
        [
            Edit(0, 3, "nan", "the", "fast:synonym", 0.9, (("of it", 0.1),)),
            Edit(16, 19, "nan", "the", "fast:synonym", 0.9),
        ]
    )
    assert loud == Edit(0, 3, "NAN", "THE", "fast:synonym", 0.9, (("OF IT", 0.1),))
    assert small.after == "the"


def test_a_single_letter_is_as_loud_as_its_text():
    edit = Edit(0, 1, "a", "out of", "fast:synonym", 0.9)
    assert quietened("A MAYOR SPEAKS TODAY").as_loud([edit])[0].after == "OUT OF"
    assert quietened(each_capitalised(f"a {HONEST}")).as_loud([edit])[0].after == "Out Of"


def test_capitals_that_the_copy_lacks_are_no_edits():
    quiet = quietened("NAN MAYOR SPOKE")
    assert quiet.as_loud([Edit(0, 3, "nan", "Nan", "full:case", 0.9)]) == []


@pytest.mark.parametrize("mode", ["fast", "full"])
def test_a_spun_text_in_capitals_is_restored(mode):
    found = restorer(mode).restore(SPUN.upper()).text
    assert found.isupper()
    assert found.endswith("THE MAYOR WAS AT THE STATION ON SUNDAY.")


@pytest.mark.parametrize("mode", ["fast", "full"])
def test_a_spun_headline_in_capitals_is_restored_above_its_story(mode):
    found = restorer(mode).restore(f"NAN COUNCIL MEETS CONNECTED SUNDAY\n\n{SPUN}").text
    assert found.startswith("THE COUNCIL MEETS ON SUNDAY\n\nShe said the council ")


def test_a_spun_text_of_capitalised_words_is_restored():
    text = each_capitalised(f"{SPUN} They went astatine nan end of nan day.")
    found = restorer("full").restore(text).text
    assert found.endswith("They Went At The End Of The Day.")


@pytest.mark.parametrize("mode", ["fast", "full"])
@pytest.mark.parametrize("loud", [str.upper, each_capitalised])
def test_honest_text_comes_back(mode, loud):
    text = loud(f"{HONEST}\nPat Ferris, 41, of Northgate, was not hurt.")
    assert restorer(mode).restore(text).text == text


@pytest.mark.parametrize("mode", ["fast", "full"])
@pytest.mark.parametrize("loud", [str.upper, str])
def test_lists_of_names_stay(mode, loud):
    text = loud(
        "Dublin, Agra, Suez, Venice, Anaheim, Lagos, Antwerp, Merida, Roanoke, Togo, Nice, Reading,"
        " Loyola, Raphael, Goodyear, Virginian, Mauritania, Arkansan, Cline, Macy, Toynbee, Bath"
    )
    assert restorer(mode).restore(text).text == text


def test_an_honest_headline_above_a_spun_story_stays():
    headline = "TRAINS READY TO LEAVE FROM THE OTHER STATION IF THE BRIDGE STAYS CLOSED"
    found = restorer("full").restore(f"{headline}\n\n{SPUN}").text
    assert found.startswith(f"{headline}\n\nShe said the council ")
