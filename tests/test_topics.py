"""Topic vectors: words that share texts point the same way; the table comes back from its file."""

from __future__ import annotations

import numpy as np
import pytest

from restore import ModelError
from restore.lattice import NgramModel
from restore.lattice._topics import NEAR, TopicModel, Topics, load_topics, save_topics
from tests.tiny_network import lexicon

WORDS = ["river", "boat", "court", "judge"]
VECTORS = np.array([[1, 0.1], [1, 0], [0, 1], [0.1, 1]], np.float32)


@pytest.fixture(scope="module")
def model():
    return NgramModel.load()


@pytest.fixture(scope="module")
def topics(model):
    return TopicModel(Topics(WORDS, VECTORS, np.ones(4, np.float32)), model)


def test_a_table_comes_back_from_its_file(tmp_path):
    save_topics(Topics(WORDS, VECTORS * 7, np.ones(4, np.float32)), tmp_path / "topics.bin")
    found = load_topics(tmp_path / "topics.bin")
    assert found.words == WORDS
    directions = found.vectors / np.linalg.norm(found.vectors, axis=1, keepdims=True)
    wanted = VECTORS / np.linalg.norm(VECTORS, axis=1, keepdims=True)
    np.testing.assert_allclose(directions, wanted, atol=0.1)  # vectors are written in 4 bits


def test_a_damaged_table_is_named(tmp_path):
    path = tmp_path / "topics.bin"
    save_topics(Topics(WORDS, VECTORS, np.ones(4, np.float32)), path)
    path.write_bytes(path.read_bytes()[:-2])
    with pytest.raises(ModelError, match=r"topics\.bin"):
        load_topics(path)


def test_words_without_a_vector_tell_nothing(topics, model):
    ids = model.ids(["boat", "the", "xqzzy"])
    np.testing.assert_allclose(np.linalg.norm(topics.unit_vectors(ids), axis=1), [1, 0, 0])
    assert topics.weight(ids).tolist() == [1, 0, 0]


def test_a_place_is_no_part_of_what_is_around_it(topics, model):
    ids = model.ids(["court", "river", "boat", "court"])
    types = np.array([0, 1, 2, 0], np.int32)
    text, near = topics.around(ids, types, np.array([0]))
    np.testing.assert_allclose(np.linalg.norm(text, axis=1), 1, rtol=1e-5)
    assert text[0] @ [1, 0] > 0.99  # no other court
    assert near[0] @ [0, 1] > 0.3  # the other court is near
    assert text[0] @ [0, 1] < near[0] @ [0, 1]


def test_what_is_far_is_not_near(topics, model):
    ids = model.ids(["boat", *["the"] * NEAR, "court"])
    text, near = topics.around(ids, np.arange(len(ids), dtype=np.int32), np.array([0]))
    assert text[0] @ [0, 1] > 0.99
    np.testing.assert_array_equal(near[0], 0)


def test_a_text_of_one_word_has_no_topic(topics, model):
    text, near = topics.around(model.ids(["boat"]), np.zeros(1, np.int32), np.zeros(1, np.int64))
    np.testing.assert_array_equal(text, 0)
    np.testing.assert_array_equal(near, 0)


@pytest.mark.parametrize(
    ("word", "closer", "farther"),
    [("earthquake", "quake", "senator"), ("court", "judge", "orbit"), ("orbit", "nasa", "jury")],
)
def test_words_that_share_texts_point_the_same_way(word, closer, farther):
    one, near, far = lexicon().topics.unit_vectors(lexicon().model.ids([word, closer, farther]))
    assert one @ near > 0.3 > one @ far


def grouped_streams(model, groups=5, words=20, stretches=300):
    """Return text of which each stretch has words of one group only, and the groups."""
    from training.ngram._encode import Streams
    from training.topics._build import STRETCH

    usual = [w for w, n in model.vocabulary.items() if -11 < model.log_frequency[n] < -9]
    forms = [word for word in usual if word.isalpha()][: groups * words]
    generator = np.random.default_rng(4)
    numbers = generator.integers(0, words, (stretches, STRETCH))
    numbers += generator.integers(0, groups, (stretches, 1)) * words
    stream = (numbers + 1).astype(np.int32).ravel()
    return Streams(forms, {"one": stream}, {"one": stream[:0]}, {"one": ""}), forms


def test_topics_are_learnt_from_text(tmp_path, model):
    pytest.importorskip("scipy", reason="needs scipy: pip install 'degarble[train]'")
    from training.topics._build import build_topics

    streams, forms = grouped_streams(model)
    count = build_topics(streams, tmp_path / "topics.bin", model, print)
    assert count == len(forms)
    found = TopicModel(load_topics(tmp_path / "topics.bin"), model)
    near = found.unit_vectors(model.ids(forms))
    likeness = (near @ near.T).reshape(5, 20, 5, 20).mean((1, 3))
    assert np.diag(likeness).min() > 3 * (likeness - np.diag(np.diag(likeness))).max()


def test_too_little_text_for_topics_is_named(tmp_path):
    pytest.importorskip("scipy", reason="needs scipy: pip install 'degarble[train]'")
    from restore import InputError
    from training.ngram._encode import Streams
    from training.topics._build import build_topics

    stream = np.arange(1, 3, dtype=np.int32).repeat(200)
    streams = Streams(["river", "boat"], {"one": stream}, {"one": stream}, {"one": ""})
    with pytest.raises(InputError, match="too little text"):
        build_topics(streams, tmp_path / "topics.bin", NgramModel.load(), print)
