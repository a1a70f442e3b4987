"""What a document tells of its spinner: counts in expectation, checked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from restore._document import Document
from restore.lattice import _columns as columns
from restore.lattice._features import features
from restore.lattice._lattice import KEEP, build_lattice
from restore.lattice._lexicon import Lexicon
from restore.lattice._units import split_units
from tests.tiny import TinyDictionary, TinyModel

PAIRS = {
    "nan": ["the", "about"],
    "zorn": ["the", "in"],
    "person": ["have", "has"],
    "walked": ["have", "said"],
}


@pytest.fixture(scope="module")
def lexicon():
    return Lexicon(TinyDictionary(PAIRS), TinyModel())


def described(text, sure, lexicon):
    """Describe `text` where forms are surely read as `sure` says, all others as they stand.

    Returns:
        A function from form, reading ("" for keep), and column to the feature's value.
    """
    document = Document.parse(text)
    lattice = build_lattice(split_units(document, document.sentences, lexicon), lexicon)
    readings, slot = lattice.readings, lattice.slot
    names = [lattice.names[t] for t in readings.type_of[slot]]
    texts = ["" if t < 0 else lexicon.originals[t] for t in readings.text[slot]]
    keeps = (readings.relation[slot] == KEEP).tolist()
    right = [
        keep if name not in sure else text == sure[name]
        for name, text, keep in zip(names, texts, keeps, strict=True)
    ]
    previous = np.where(right, 0.0, -12.0).astype(np.float32)
    matrix = features(lattice, lexicon, previous)

    def value(form, reading, column):
        rows = zip(names, texts, keeps, range(len(names)), strict=True)
        fits = [
            row for name, text, keep, row in rows
            if name == form and (keep if not reading else text == reading)
        ]  # fmt: skip
        return float(matrix[fits[0], column])

    return value


def test_an_original_that_another_form_stands_for_is_told(lexicon):
    value = described("nan city, nan troops and zorn city.", {"nan": "the"}, lexicon)
    elsewhere = columns.ELSEWHERE
    assert value("zorn", "the", elsewhere) == pytest.approx(np.log1p(5 * 2), abs=1e-3)
    assert value("zorn", "in", elsewhere) == pytest.approx(0, abs=1e-3)
    assert value("nan", "the", elsewhere) == pytest.approx(0, abs=1e-3)


def test_other_places_of_a_form_speak_for_its_reading(lexicon):
    value = described("nan city, nan troops.", {"nan": "the"}, lexicon)
    others = columns.RESTORED_OTHERS
    assert value("nan", "the", others) == pytest.approx(np.log1p(5), abs=1e-3)
    assert value("nan", "about", others) == pytest.approx(0, abs=1e-3)


def test_the_share_of_relations_follows_what_is_believed(lexicon):
    text = "nan city and walked troops have been person."
    none = described(text, {}, lexicon)
    some = described(text, {"nan": "the", "walked": "said"}, lexicon)
    share = columns.RELATION_SHARE
    assert some("person", "has", share) > none("person", "has", share)
    assert some("person", "", share) == 0


def test_a_form_that_is_garbled_everywhere_speaks_for_a_consistent_spinner(lexicon):
    document = "nan city, nan troops, person city, person troops."
    one = described(document, {"nan": "the"}, lexicon)
    assert one("nan", "", columns.FORM_CONSISTENCY) > 0.9


def test_an_original_left_standing_speaks_against_it(lexicon):
    alone = described("nan city, nan troops.", {"nan": "the"}, lexicon)
    beside = described("nan city, nan troops, the city, the troops.", {"nan": "the"}, lexicon)
    consistency = columns.ORIGINAL_CONSISTENCY
    assert beside("nan", "", consistency) < alone("nan", "", consistency)


def test_two_forms_for_one_original_blur_the_key(lexicon):
    text = "nan city, nan troops, zorn city, zorn troops."
    one = described(text, {"nan": "the"}, lexicon)
    two = described(text, {"nan": "the", "zorn": "the"}, lexicon)
    sharpness = columns.KEY_SHARPNESS
    assert two("nan", "", sharpness) < one("nan", "", sharpness)


def test_endings_that_are_lost_are_noticed(lexicon):
    text = "they walked, walked and walked."
    kept = described(text, {}, lexicon)
    lost = described(text, {"walked": "said"}, lexicon)
    assert lost("walked", "", columns.ENDING_KEPT) < kept("walked", "", columns.ENDING_KEPT)
    assert lost("walked", "", columns.CLASS_SHARE) > kept("walked", "", columns.CLASS_SHARE)


def test_function_words_that_are_replaced_are_noticed(lexicon):
    text = "nan city and nan troops."
    none = described(text, {}, lexicon)
    some = described(text, {"nan": "the"}, lexicon)
    assert some("nan", "the", columns.CLOSED_SHARE) > none("nan", "the", columns.CLOSED_SHARE)
    assert some("nan", "the", columns.BIN_SHARE) > none("nan", "the", columns.BIN_SHARE)


def test_a_clean_document_tells_of_no_spinner(lexicon):
    value = described("nan city, person troops and zorn city.", {}, lexicon)
    for column in (columns.ELSEWHERE, columns.RESTORED_OTHERS):
        assert value("nan", "the", column) == pytest.approx(0, abs=1e-3)
