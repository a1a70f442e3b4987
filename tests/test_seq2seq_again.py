"""What a network is shown as a second reading: a text that one has read already."""

from __future__ import annotations

import numpy as np
import pytest

from corpora.garbler import Garbler
from restore._document import Document
from restore._modes import load_decoder
from restore.lattice import load_weights
from restore.lattice._lattice import KEY
from restore.seq2seq import SHIPPED
from restore.seq2seq._block import FLOOR
from restore.seq2seq._closing import beliefs
from restore.seq2seq._encode import Reader, encode
from restore.seq2seq._pieces import Pieces
from tests.tiny_network import SOURCE, lexicon
from training.seq2seq._examples import make_example
from training.seq2seq._first import Believed, FirstReader, joined, show
from training.seq2seq._stream import Mixture, Stream

SHARE = 0.4
KEYED = "They sat quay the river and spoke quay their plans."


@pytest.fixture(scope="module")
def decoder():
    return load_decoder("full", ())[0]


@pytest.fixture(scope="module")
def first():
    return FirstReader(Reader.of(lexicon(), load_weights()), SHIPPED, joined=SHARE)


@pytest.fixture(scope="module")
def garbled():
    return Garbler("A", seed=3).garble(SOURCE, "own")


def test_both_are_heard(decoder, first, garbled):
    """A log-linear pool: but for a constant at each place, log posteriors are added by shares."""
    document = Document.parse(garbled.text)
    block = encode(document, document.sentences, decoder.reader, whole=False)
    said = np.maximum(beliefs(block, list(decoder.begin(block))), FLOOR)
    lattice, scores = block.lattice, np.maximum(block.scores, FLOOR)
    assert np.abs(np.exp(said) - np.exp(scores)).max() > 0.2
    _, before = first.read(document)
    rest = joined(lattice, block.scores, before) - SHARE * said - (1 - SHARE) * scores
    assert rest == pytest.approx(rest[lattice.starts[:-1]][lattice.owner], abs=1e-3)


def test_what_was_not_among_the_readings_keeps_fast_modes_posterior(decoder, first):
    """A word of the key is offered at the second reading alone."""
    document = Document.parse(KEYED)
    _, before = first.read(document)
    block = encode(document, document.sentences, decoder.reader, {"quay": "by"})
    new = block.lattice.readings.relation[block.lattice.slot] == KEY
    assert new.sum() == 2
    pool = joined(block.lattice, block.scores, before)
    # Where what was believed of the others counts for less, what is new counts for more.
    less = joined(block.lattice, block.scores, before._replace(scores=before.scores - 1))
    assert (less[new] > pool[new]).all()


def test_a_text_that_nobody_doubts_stays_as_it_is(decoder):
    document = Document.parse("Yes.")
    block = encode(document, document.sentences, decoder.reader)
    rows = block.log_fast.copy()
    show(block, None, lexicon())
    assert np.array_equal(block.log_fast, rows)


def test_training_reads_first_what_it_shows_as_a_second_reading(first, garbled):
    pieces = shipped_pieces()
    once = make_example("own", "A", garbled, first.reader, pieces)
    twice = make_example("own", "A", garbled, first.reader, pieces, None, first)
    assert np.array_equal(once.altered, twice.altered)
    assert right(twice) > right(once) + 0.05


def right(example):
    """Return the mean log posterior of what is right, at garbled words that lists explain."""
    there = example.altered & example.gold.any(1)
    share = np.where(example.gold, np.exp(example.block.log_fast), 0).sum(1)
    return float(np.log(share[there] + 1e-5).mean())


def shipped_pieces():
    return Pieces.read(SHIPPED / "pieces.txt")


@pytest.mark.parametrize(("again", "asked"), [(0.0, 0), (1.0, 1)])
def test_a_share_of_garbled_documents_is_read_first(again, asked):
    """Clean ones are not: most of them are read once."""
    seen = []

    class Noting:
        def read(self, document):
            seen.append(document)
            return {}, Believed(np.zeros(1, np.int64), np.zeros(1, np.float32), SHARE)

    reader = Reader.of(lexicon(), load_weights())
    mixture = Mixture({"A": 1.0}, {}, fresh=0, again=again)
    stream = Stream([], reader, shipped_pieces(), mixture, first=Noting())
    name = next(f"own-{n}" for n in range(99) if stream.example(f"own-{n}#1", f"own-{n}", SOURCE))
    seen.clear()
    stream.example(f"{name}#1", name, SOURCE)
    assert len(seen) == asked
    seen.clear()
    stream.mixture.clean = dict.fromkeys(("whole", "paragraphs", "sentences"), 1.0)
    stream.example(f"{name}#1", name, SOURCE)
    assert not seen
