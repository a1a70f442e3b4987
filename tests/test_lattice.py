"""The lattice: its arrays, its recursion against brute force, its decisions on short texts."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restore._document import Document
from restore.lattice._columns import NAMES
from restore.lattice._features import Describer, features
from restore.lattice._forward import Channel, channel_scores, posteriors
from restore.lattice._lattice import KEEP, KEY, UNKNOWN, build_lattice, ranges
from restore.lattice._lexicon import Lexicon
from restore.lattice._scorer import ALONE, log_softmax_groups
from restore.lattice._scorer import product as matrix_product
from restore.lattice._units import split_units
from tests.tiny import TinyDictionary, TinyModel

PAIRS = {
    "nan": ["the"],
    "successful": ["in"],
    "person": ["have", "has"],
    "astir apt": ["probably"],
    "astir": ["about"],
}
TEXT = "Troops person been successful nan city. They were astir apt successful it, Nan said."


@pytest.fixture(scope="module")
def lexicon():
    return Lexicon(TinyDictionary(PAIRS), TinyModel())


def _lattice(text, lexicon):
    document = Document.parse(text)
    return build_lattice(split_units(document, document.sentences, lexicon), lexicon)


def test_ranges_of_nothing():
    assert ranges(np.zeros(0, np.int32), np.zeros(0, np.int32)).tolist() == []


def test_every_position_has_its_readings_in_order(lexicon):
    lattice = _lattice(TEXT, lexicon)
    assert [lattice.names[t] for t in lattice.types] == [
        "person", "successful", "nan", "astir apt", "successful", "nan",
    ]  # fmt: skip
    relation = lattice.readings.relation[lattice.slot]
    for first, end in itertools.pairwise(lattice.starts):
        assert relation[first] == KEEP
        assert relation[first + 1] == UNKNOWN
        assert end - first >= 3


def test_phrases_are_one_unit_and_do_not_cross_a_comma(lexicon):
    document = Document.parse("It was astir apt so. It was astir, apt to.")
    units = split_units(document, document.sentences, lexicon)
    assert units.names.count("astir apt") == 1
    assert units.names.count("astir") == 1


def _brute_force(lattice, lexicon, channel):
    """Posterior of each row by adding up every path through the sentence."""
    emission = channel_scores(lattice, lexicon.log_frequency, channel)
    options = [[None]] * len(lattice.firsts)
    for position, place in enumerate(lattice.place.tolist()):
        rows = range(int(lattice.starts[position]), int(lattice.starts[position + 1]))
        relation = lattice.readings.relation[lattice.slot]
        options[place] = [row for row in rows if relation[row] != UNKNOWN]
    totals = np.full(len(lattice.slot), -np.inf)
    everything = -np.inf
    for path in itertools.product(*options):
        score = 0.0
        for place in range(len(path)):
            if path[place] is not None:
                score += emission[lattice.slot[path[place]]]
            if place and lattice.firsts[place] != 1:  # sentences are scored apart
                left = lattice.lasts[place - 1] if path[place - 1] is None else (
                    lattice.readings.last[lattice.slot[path[place - 1]]]
                )  # fmt: skip
                right = lattice.firsts[place] if path[place] is None else (
                    lattice.readings.first[lattice.slot[path[place]]]
                )  # fmt: skip
                score += channel.lm_weight * float(lexicon.model.bigram(left, right))
        everything = np.logaddexp(everything, score)
        for row in path:
            if row is not None:
                totals[row] = np.logaddexp(totals[row], score)
    return totals - everything


@pytest.mark.parametrize("text", ["Troops person been successful nan city.", TEXT, "Nan nan."])
def test_forward_backward_agrees_with_adding_up_all_paths(text, lexicon):
    lattice = _lattice(text, lexicon)
    channel = Channel(bias=-1.0)
    expected = _brute_force(lattice, lexicon, channel)
    found = posteriors(lattice, lexicon.model, lexicon.log_frequency, channel)
    known = lattice.readings.relation[lattice.slot] != UNKNOWN
    np.testing.assert_allclose(found[known], np.maximum(expected[known], -12), atol=2e-3)


def test_features_are_finite_and_named(lexicon):
    lattice = _lattice(TEXT, lexicon)
    scores = posteriors(lattice, lexicon.model, lexicon.log_frequency, Channel())
    matrix = features(lattice, lexicon, scores)
    assert matrix.shape == (len(lattice.slot), len(NAMES))
    assert np.isfinite(matrix).all()


def test_a_second_description_equals_a_fresh_one(lexicon):
    lattice = _lattice(TEXT, lexicon)
    first = posteriors(lattice, lexicon.model, lexicon.log_frequency, Channel())
    second = log_softmax_groups(np.sin(np.arange(len(first), dtype=np.float32)), lattice.starts)
    describer = Describer(lattice, lexicon)
    np.testing.assert_array_equal(describer.describe(first), features(lattice, lexicon, first))
    np.testing.assert_array_equal(describer.describe(second), features(lattice, lexicon, second))
    np.testing.assert_array_equal(describer.describe(first), features(lattice, lexicon, first))


@given(st.lists(st.lists(st.floats(-50, 50), min_size=1, max_size=6), min_size=1, max_size=8))
def test_softmax_sums_to_one_in_each_group(groups):
    starts = np.concatenate([[0], np.cumsum([len(g) for g in groups])]).astype(np.int32)
    scores = np.array([x for g in groups for x in g], np.float32)
    probabilities = np.exp(log_softmax_groups(scores, starts))
    np.testing.assert_allclose(np.add.reduceat(probabilities, starts[:-1]), 1, atol=1e-4)


def test_a_document_without_the_offers_it_for_the_oddly_frequent_word(lexicon):
    spun = "zorn cat saw zorn dog and zorn bird near zorn river while zorn man slept. " * 6
    lattice = _lattice(spun, lexicon)
    relation = lattice.readings.relation
    keys = {lexicon.originals[t] for t in lattice.readings.text[relation == KEY].tolist()}
    assert "the" in keys
    assert "zorn" in lattice.names


def test_a_document_with_the_offers_no_keys(lexicon):
    plain = "the cat saw the dog and the bird near the river while nan man slept in the sun. " * 6
    lattice = _lattice(plain, lexicon)
    keys = lattice.readings.text[lattice.readings.relation == KEY].tolist()
    assert "the" not in {lexicon.originals[t] for t in keys}


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="nan successful person astir apt.,'\"\n\tNA-é", max_size=120))
def test_no_text_breaks_the_lattice(text):
    lexicon = Lexicon(TinyDictionary(PAIRS), TinyModel())
    document = Document.parse(text)
    if not document.sentences:
        return
    lattice = build_lattice(split_units(document, document.sentences, lexicon), lexicon)
    if lattice is not None:
        scores = posteriors(lattice, lexicon.model, lexicon.log_frequency, Channel())
        assert np.isfinite(features(lattice, lexicon, scores)).all()


@pytest.mark.parametrize(("inner", "width"), [(7, 5), (67, 128), (1584, 512), (ALONE, 2)], ids=str)
@pytest.mark.parametrize("count", [0, 1, 33])
def test_products_in_parts_are_products(count, inner, width):
    """Small matrices are taken some rows at a time, large ones some columns."""
    generator = np.random.default_rng(4)
    rows = generator.normal(size=(count, inner)).astype(np.float32)
    matrix = generator.normal(size=(inner, width)).astype(np.float32)
    found = matrix_product(rows, matrix)
    np.testing.assert_allclose(found, rows @ matrix, atol=1e-3 * inner**0.5)
