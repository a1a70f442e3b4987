"""What is written is weighed again: by the language model, the text, and all places of a form."""

from __future__ import annotations

import numpy as np
import pytest

from restore._document import Document
from restore._modes import load_decoder
from restore.seq2seq._cloze import LEAST, Cloze, written_words
from restore.seq2seq._evidence import Evidence
from restore.seq2seq._steps import UNKNOWN_ROW, Slot
from restore.seq2seq._wording import FLOOR, LOOKED_AT, _rewrite, asked, log_shares, pooled
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


def test_what_is_likelier_than_every_reading_is_written():
    one = slot([0.2, 0.5, 0.3])
    _rewrite(one, 17, float(np.log(0.9)))
    assert (one.choice, one.written) == (UNKNOWN_ROW, [17])
    assert np.exp(one.log_written) == pytest.approx(0.45)


def test_what_is_unlikelier_than_a_reading_is_not():
    one = slot([0.2, 0.5, 0.3], [9], float(np.log(0.4)))
    _rewrite(one, 17, float(np.log(0.3)))
    assert (one.choice, one.written) == (2, [17])


def test_a_likelier_word_of_several_pieces_stays():
    one = slot([0.2, 0.5, 0.3], [9, 10], float(np.log(0.4)))
    _rewrite(one, 17, float(np.log(0.7)))
    assert (one.choice, one.written) == (UNKNOWN_ROW, [9, 10])


@pytest.fixture(scope="module")
def heard():
    decoder, _ = load_decoder("full", ())
    document = Document.parse(SPUN[:3000])
    block, speeches, _ = decoder.read(document, document.sentences, Evidence(), {})
    for speech in speeches:
        speech.finish()
    return decoder, block, speeches


def test_the_words_compared_are_whole_and_described(heard):
    decoder, block, speeches = heard
    places = asked(block, speeches)
    assert places
    pieces, about, covered = decoder.wording.describe(block, speeches, places)
    assert pieces.shape == (len(places), LOOKED_AT)
    assert about.shape[:2] == pieces.shape
    assert np.isfinite(about).all()
    assert (covered <= 0).all()
    words = {decoder.wording.words[piece] for piece in pieces.ravel().tolist()}
    assert not any(word.startswith("#") for word in words)


def test_rewording_keeps_probabilities(heard):
    decoder, block, speeches = heard
    decoder.wording.reword(block, speeches)
    for place in asked(block, speeches):
        assert place.slot.log_written <= place.slot.rows[UNKNOWN_ROW] + 1e-5
        assert place.slot.written is not None


def test_a_block_where_nothing_is_asked_stays(heard):
    decoder, block, _ = heard
    decoder.wording.reword(block, [])


def test_neighbours_decide_what_suits_a_place():
    decoder, _ = load_decoder("full", ())
    document = Document.parse("She lived peru a house on the hill.")
    block, _, _ = decoder.read(document, document.sentences, Evidence(), {})
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
