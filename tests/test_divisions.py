"""Words run together: the scorer that tells them, and how it is fitted."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restore import InputError, ModelError
from restore._container import read_container, write_container
from restore._document import CAPITAL, WORD, Document
from restore.lattice._weights import SCORER_FORMAT, VERSION
from restore.seq2seq._divide import DIVISION_NAMES, SHIPPED, Divider, divide
from restore.seq2seq._place import Place
from tests.shipped import divider, lexicon, speller
from tests.unread import unread_ids
from training.divisions._fit import fit_divisions
from training.fast._run import FIT_PART, MEASURE_PART


def divided(word, before="They", after="here"):
    document = Document.parse(f"{before} {word} {after}.")
    place = Place.of(document, (1, 2), document.sentences[0], speller().model)
    return divide(word, document.kinds[1], place, speller())


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("sawthe", ["saw", "the"]),
        ("cameinto", ["came", "into"]),
        ("sawandheardit", ["saw", "and", "heard", "it"]),
        ("theBritish", ["the", "British"]),
        ("andQuillfeather", ["and", "Quillfeather"]),
        (
            "wentovertothetownhalltoseethemayor",
            ["went", "over", "to", "the", "town", "hall", "to", "see", "the", "mayor"],
        ),
    ],
)
def test_the_likeliest_words_are_found(word, parts):
    found = divided(word)
    assert found is not None
    assert found.parts == parts
    assert not found.may_be_one
    assert divider().confidence(found) > 0.5


@pytest.mark.parametrize("word", ["xqzvk", "McKinley", "zz"])
def test_what_is_no_words_or_a_name_is_not_divided(word):
    assert divided(word) is None


@pytest.mark.parametrize("word", ["goverment", "recieve", "freinds", "tommorow", "seperate"])
def test_misspelt_words_are_hardly_ever_divided(word):
    found = divided(word)
    assert found is None or divider().confidence(found) < 0.05


@pytest.mark.parametrize("word", ["JetBlue", "PowerPoint", "Woodhead", "memecoins", "Abdelhamid"])
def test_names_and_compounds_may_be_whole(word):
    found = divided(word)
    assert found is None or found.may_be_one


def test_what_is_said_of_a_division_has_its_names():
    found = divided("theBritish")
    about = dict(zip(DIVISION_NAMES, found.about.tolist(), strict=True))
    assert about["parts"] == 2
    assert about["letters"] == 10
    assert (about["function"], about["capital"], about["capital_inside"]) == (1, 0, 1)
    assert about["least_usual"] <= about["usual"]


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="adehinorst", min_size=1, max_size=18))
def test_parts_make_up_the_word(word):
    place = Place(0, 1, 1, 2)
    found = divide(word, WORD | CAPITAL, place, speller())
    if found is not None:
        assert "".join(found.parts) == word
        assert len(found.parts) > 1
        assert np.isfinite(found.about).all()
        assert 0 <= divider().confidence(found) <= 1


def test_a_file_for_other_features_is_refused(tmp_path):
    header, arrays = read_container(SHIPPED, SCORER_FORMAT, VERSION, ModelError)
    other = {"features": {"division": [*DIVISION_NAMES[1:], "else"]}}
    write_container(tmp_path / "other.bin", SCORER_FORMAT, VERSION, other, arrays)
    assert header["features"]["division"] == list(DIVISION_NAMES)
    with pytest.raises(ModelError, match="features"):
        Divider.load(speller(), tmp_path / "other.bin")


def _corpus(folder, ids):
    story = "They saw the old bridge and went into the town with all of their friends. " * 40
    pq.write_table(pa.table({"id": ids, "text": [story] * len(ids)}), folder / "news.parquet")


def test_the_scorer_is_fitted_on_damaged_news_and_measured_on_other(tmp_path):
    _corpus(tmp_path, unread_ids(FIT_PART, 40) + unread_ids(MEASURE_PART, 1))
    said, out = [], tmp_path / "divisions.bin"
    fit_divisions(tmp_path, lexicon(), out, documents=40, log=said.append)
    assert "run together" in said[0]
    assert [line.partition(":")[0] for line in said[1:]] == ["runs of words", "damaged", "clean"]
    fitted = Divider.load(speller(), out)
    assert fitted.confidence(divided("sawthe")) > 0.5


def test_documents_without_such_words_fit_nothing(tmp_path):
    _corpus(tmp_path, unread_ids(MEASURE_PART, 1))
    with pytest.raises(InputError, match="no words run together"):
        fit_divisions(tmp_path, lexicon(), tmp_path / "out.bin", documents=5, log=print)
