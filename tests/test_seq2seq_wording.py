"""What is written is weighed again: by the language model, the text, and all places of a form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restore._document import Document
from restore._modes import load_decoder
from restore.seq2seq._cloze import LEAST, Cloze, written_words
from restore.seq2seq._evidence import Evidence
from restore.seq2seq._pool import FLOOR, log_shares, pooled
from restore.seq2seq._shortlist import COMPARED, SPREAD, largest
from restore.seq2seq._speak import best_listed
from restore.seq2seq._steps import UNKNOWN_ROW, Slot
from restore.seq2seq._verdict import (
    CHOICE_NAMES,
    LISTED,
    OTHERS,
    OVER,
    WRITTEN,
    _decide,
    beside,
    candidates,
    opposed,
    reword,
)
from restore.seq2seq._wording import (
    FEATURES,
    Place,
    Words,
    asked,
    with_best,
)
from tests.tiny_network import SPUN, lexicon

SIZE = 50


def some_shares(seed, places=2, words=6):
    generator = np.random.default_rng(seed)
    pieces = np.stack([generator.permutation(SIZE)[:words] for _ in range(places)])
    return pieces, log_shares(generator.normal(size=(places, words)).astype(np.float32))


def test_a_form_that_stands_once_keeps_its_shares():
    pieces, shares = some_shares(1)
    np.testing.assert_allclose(pooled(["peru", "oil"], pieces, shares, SIZE), shares, atol=1e-5)


def test_places_of_a_form_agree_on_the_word_that_suits_all():
    pieces = np.array([[3, 4, 5], [3, 6, 7], [5, 3, 8]])
    shares = log_shares(np.log(np.array([[0.4, 0.5, 0.1], [0.4, 0.5, 0.1], [0.5, 0.45, 0.05]])))
    found = pooled(["peru"] * 3, pieces, shares.astype(np.float32), SIZE)
    assert [int(row[best]) for row, best in zip(pieces, found.argmax(1), strict=True)] == [3, 3, 3]
    np.testing.assert_allclose(np.exp(found).sum(1), 1, rtol=1e-5)


def test_a_word_that_one_place_lacks_counts_as_the_floor():
    pieces = np.array([[3, 4], [3, 5]])
    shares = log_shares(np.zeros((2, 2), np.float32))
    found = pooled(["peru"] * 2, pieces, shares, SIZE)
    gap = float(found[0, 0] - found[0, 1])
    assert gap == pytest.approx((float(shares[1, 0]) - FLOOR) / 2**0.5, rel=1e-4)


def slot(rows, written=None, log_written=-np.inf):
    rows = np.log(np.array(rows, np.float32))
    return Slot(0, rows, rows, int(rows.argmax()), written, log_written)


def place(one, form="peru", listed="oil"):
    return Place(one, 0, form, best_listed(one), listed, 1, 0)


def test_what_both_have_is_shared_out_by_the_verdict():
    one = slot([0.2, 0.5, 0.3])
    _decide(place(one), [17], float(np.log(0.4)), np.log([0.1, 0.9]).tolist())
    assert (one.choice, one.written) == (UNKNOWN_ROW, [17])
    assert np.exp(one.log_written) == pytest.approx(0.63)
    assert np.exp(one.rows[2]) == pytest.approx(0.07)


def test_what_is_listed_stays_where_the_verdict_says_so():
    one = slot([0.2, 0.5, 0.3], [9], float(np.log(0.4)))
    _decide(place(one), [17], float(np.log(0.4)), np.log([0.8, 0.2]).tolist())
    assert (one.choice, one.written) == (2, [17])
    assert np.exp(one.rows[2]) + np.exp(one.log_written) == pytest.approx(0.7)


def compared(count):
    """Return words 0, 1, ... at one place, of which nothing is known."""
    about = np.zeros((1, count, len(FEATURES)), np.float32)
    about[..., 0] = np.log(1 / count)
    return Words(
        np.arange(count)[None], about, np.zeros((1, count), np.float32), np.zeros((1, len(OVER)))
    )


@pytest.mark.parametrize(
    ("written", "wanted"),
    [(None, [1]), ([4], [1]), ([9, 10], [9, 10])],
    ids=["nothing", "another word", "likelier pieces"],
)
def test_the_likeliest_word_is_put_to_the_verdict(written, wanted):
    one = slot([0.2, 0.6, 0.2], written, float(np.log(0.5)))
    shares = log_shares(np.log(np.array([[0.3, 0.6, 0.1]], np.float32)))
    found = candidates([place(one)], compared(3), shares)
    assert found.pieces == [wanted]
    assert found.about.shape == (1, len(CHOICE_NAMES))
    share = 0.5 if written == [9, 10] else 0.36
    assert np.exp(found.value[0]) == pytest.approx(share, rel=1e-4)


def test_what_is_listed_has_no_features_of_its_own():
    about = np.ones((2, 3), np.float32)
    rows, codes = opposed(about)
    assert codes.tolist() == [LISTED, WRITTEN, LISTED, WRITTEN]
    np.testing.assert_array_equal(rows[0::2], 0)
    np.testing.assert_array_equal(rows[1::2], about)


def test_words_are_measured_against_the_best_of_their_place():
    about = np.array([[[1.0, 5.0], [3.0, 2.0]]], np.float32)
    wanted = [[[1, 5, -2, 0], [3, 2, 0, -3]]]
    np.testing.assert_array_equal(with_best(about), np.array(wanted, np.float32))


@pytest.fixture(scope="module")
def heard():
    decoder, _ = load_decoder("full", ())
    document = Document.parse(SPUN[:3000])
    block, speeches, _, _ = decoder.read(document, document.sentences, Evidence(), {})
    for speech in speeches:
        speech.finish()
    return decoder, block, speeches


@given(st.integers(1, 5 * SPREAD), st.integers(1, 5 * SPREAD), st.integers(0, 99))
@settings(deadline=None)
def test_the_largest_are_those_of_a_whole_sort(width, most, seed):
    values = np.random.default_rng(seed).permutation(3 * width).reshape(3, width)
    found = largest(values.astype(np.float32), most)
    assert found.shape == (3, min(most, width))
    for row, columns in zip(values, found, strict=True):
        assert sorted(row[columns]) == sorted(row)[-most:]


def test_the_words_compared_are_whole_and_described(heard):
    decoder, block, speeches = heard
    places = asked(block, speeches)
    assert places
    found = decoder.wording.describe(block, speeches, places, {})
    assert found.pieces.shape == (len(places), COMPARED)
    assert found.about.shape == (*found.pieces.shape, len(FEATURES))
    assert np.isfinite(found.about).all()
    assert np.isfinite(found.listed).all()
    words = {decoder.wording.words[piece] for piece in found.pieces.ravel().tolist()}
    assert not any(word.startswith("#") for word in words)


def test_what_is_deleted_is_not_asked_about(heard):
    _, block, speeches = heard
    deleted = [
        slot
        for speech in speeches
        for slot in speech.slots
        if slot.choice == UNKNOWN_ROW and slot.written == []
    ]
    places = asked(block, speeches)
    assert all(place.slot is not slot for slot in deleted for place in places)


def test_rewording_leaves_probabilities(heard):
    decoder, block, speeches = heard
    places = asked(block, speeches)
    reword(decoder.wording, decoder.network.wording, block, speeches, {})
    for one in places:
        rows = np.exp(one.slot.rows)
        total = rows.sum() - rows[UNKNOWN_ROW] + np.exp(one.slot.log_written)
        others = [log for _, log in one.slot.others]
        assert total + np.exp(others).sum() <= 1 + 1e-4
        assert one.slot.written is not None
        assert OTHERS - 1 <= len(others) <= OTHERS + 1
        assert others == sorted(others, reverse=True)
        assert max(others) <= one.slot.log_written + 1e-4
        assert one.slot.written not in [[piece] for piece, _ in one.slot.others]


@pytest.mark.parametrize("written", [[7], [7, 9]], ids=["a word", "the beginning of several"])
def test_other_words_share_what_the_likeliest_leaves(written):
    one = slot([0.3, 0.7], written, float(np.log(0.6)))
    others = [(7, float(np.log(0.5))), (3, float(np.log(0.15))), (4, float(np.log(0.05)))]
    found = beside(one, float(np.log(0.6)), others)
    assert [piece for piece, _ in found] == [3, 4]
    assert np.exp([log for _, log in found]).sum() == pytest.approx(0.1)  # of .7
    one.log_written = float(np.log(0.3))  # the verdict halved it, and they follow
    less = beside(one, float(np.log(0.6)), others)
    assert np.exp([log for _, log in less]).sum() == pytest.approx(0.05)


def test_what_else_may_be_written_is_among_the_readings(heard):
    decoder, _, _ = heard
    said = decoder.hear(Document.parse(SPUN[:3000]))
    choices = [choice for one in said for choice in one.choices]
    sources = [[reading.source for reading in choice.readings] for choice in choices]
    assert max(source.count("written") for source in sources) > 2
    for choice in choices:
        texts = [reading.text for reading in choice.readings]
        assert len(set(texts)) == len(texts)
        assert sum(reading.share for reading in choice.readings) <= 1 + 1e-3


def test_a_block_where_nothing_is_asked_stays(heard):
    decoder, block, _ = heard
    reword(decoder.wording, decoder.network.wording, block, [], {})


def test_neighbours_decide_what_suits_a_place():
    decoder, _ = load_decoder("full", ())
    document = Document.parse("She lived peru a house on the hill.")
    block, _, _, _ = decoder.read(document, document.sentences, Evidence(), {})
    model = lexicon().model
    cloze = Cloze(block, [], decoder.network.pieces, model)
    unit = block.units.names.index("peru")
    shares = cloze.shares([unit], model.ids(["in", "was", "many"]))[0]
    assert shares.argmax() == 0
    assert (shares >= LEAST).all()


def test_what_is_written_stands_in_its_place(heard):
    decoder, block, speeches = heard
    model = lexicon().model
    found = written_words(block, speeches, decoder.network.pieces, model)
    written = [s for speech in speeches for s in speech.slots if s.choice == UNKNOWN_ROW]
    assert len(found.places) == sum(bool(s.written) for s in written)
    assert len(written_words(block, [], decoder.network.pieces, model).places) == 0
