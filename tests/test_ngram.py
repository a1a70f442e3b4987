"""The store: what it gives back, what it refuses, and arrays against single look-ups."""

from __future__ import annotations

import hashlib
import json
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from restore._errors import ModelError
from restore.lattice._fuse import FuseShape, FuseTable
from restore.lattice._ngram import SHIPPED_MODEL, NgramModel
from tests.ngram_text import write_corpora
from training.ngram._build import Sizes, build_model
from training.ngram._fuse_build import build_table

SIZES = Sizes(40, 100_000, 150)


def silent(step):
    """Say nothing."""


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ngram")
    out = folder / "model.bin"
    build_model(write_corpora(folder / "corpora"), folder / "work", out, SIZES, silent)
    return NgramModel.load(out)


def test_special_words_and_order(model):
    words = list(model.vocabulary)
    assert words[:4] == ["<unk>", "<s>", "</s>", "<num>"]
    assert [model.vocabulary[word] for word in words] == list(range(SIZES.vocabulary))
    assert "Mayor" not in model.vocabulary
    assert (np.diff(model.log_frequency[4:]) <= 0).all()


@pytest.mark.parametrize(
    ("token", "word"),
    [
        ("THE", "the"),
        ("didn\u2019t", "didn't"),
        ("didn't", "didn't"),
        ("\u2019s", "'s"),
        ("7", "<num>"),
        ("2,500", "<num>"),
        ("1990s", "<num>"),
        ("zebra", "<unk>"),
        ("", "<unk>"),
        ("a\nb", "<unk>"),
        (".", "."),
    ],
)
def test_ids_normalise(model, token, word):
    ids = model.ids([token])
    assert ids.dtype == np.int32
    assert ids.tolist() == [model.vocabulary[word]]


def test_ids_of_nothing(model):
    assert model.ids([]).shape == (0,)
    assert model.ids(iter(["the", "the"])).tolist() == [model.vocabulary["the"]] * 2


def test_frequent_context_beats_rare(model):
    the, old, bridge, noon = model.ids(["the", "old", "bridge", "noon"])
    assert model.trigram(the, old, bridge) > model.trigram(the, old, noon) + 1
    assert model.trigram(the, old, bridge, return_order=True)[1] == 3


@settings(max_examples=60, deadline=None)
@given(mutually_broadcastable_shapes(num_shapes=3, max_dims=3, max_side=4), st.integers(0, 9))
def test_arrays_are_many_look_ups(model, shapes, seed):
    rng = np.random.default_rng(seed)
    a, b, c = (rng.integers(0, SIZES.vocabulary, s) for s in shapes.input_shapes)
    logs, order = model.trigram(a, b, c, return_order=True)
    assert logs.shape == order.shape == shapes.result_shape
    assert logs.dtype == np.float32
    assert order.dtype == np.uint8
    full = [x.reshape(-1).tolist() for x in np.broadcast_arrays(a, b, c)]
    assert logs.reshape(-1).tolist() == [
        float(model.trigram(*ids)) for ids in zip(*full, strict=True)
    ]
    pairs, pair_order = model.bigram(b, c, return_order=True)
    singles = [float(model.bigram(*ids)) for ids in zip(*full[1:], strict=True)]
    assert np.broadcast_to(pairs, logs.shape).reshape(-1).tolist() == singles
    assert set(pair_order.reshape(-1).tolist()) <= {1, 2}
    assert (np.isfinite(logs) & (order >= 1)).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16, np.int32, np.int64, np.uint64])
def test_any_integer_type(model, dtype):
    ids = np.arange(20, dtype=dtype)
    plain = np.arange(20)
    assert (model.trigram(ids, ids[::-1], ids) == model.trigram(plain, plain[::-1], plain)).all()


def test_more_keys_than_a_block(model):
    ids = np.random.default_rng(1).integers(0, SIZES.vocabulary, (3, 40_000))
    whole = model.trigram(*ids)
    parts = [model.trigram(*part) for part in np.array_split(ids, 7, axis=1)]
    assert (whole == np.concatenate(parts)).all()


def test_threads_and_pickle(model):
    ids = np.random.default_rng(2).integers(0, SIZES.vocabulary, (3, 5_000))
    expected = model.trigram(*ids)
    with ThreadPoolExecutor(4) as pool:
        assert all((r == expected).all() for r in pool.map(lambda _: model.trigram(*ids), range(8)))
    dumped = pickle.dumps(model)
    assert len(dumped) < 1_000
    assert (pickle.loads(dumped).trigram(*ids) == expected).all()


def other_version(data):
    return data.replace(b'"version": 1', b'"version": 9', 1)


def wrong_sizes(data):
    """A header that contradicts the arrays, under a hash that fits."""
    head, _, body = data.partition(b"\n")
    header = json.loads(head)
    header["trigrams"]["segments"] += 1
    header["sha256"] = hashlib.sha256(body).hexdigest()
    return json.dumps(header).encode() + b"\n" + body


DAMAGE = {
    "empty": lambda data: b"",
    "text": lambda data: b"not a model\n" * 10,
    "json": lambda data: b"[]\n",
    "no newline": lambda data: data.partition(b"\n")[0],
    "short": lambda data: data[:-1],
    "long": lambda data: data + b"\0",
    "flipped bit": lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
    "header only": lambda data: data.partition(b"\n")[0] + b"\n",
    "other version": other_version,
    "wrong sizes": wrong_sizes,
    "not utf-8": lambda data: b"\xff\xfe" + data,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_one_clear_line(model, tmp_path, damage):
    path = tmp_path / "damaged.bin"
    path.write_bytes(DAMAGE[damage](model.path.read_bytes()))
    with pytest.raises(ModelError) as caught:
        NgramModel.load(path)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    assert ("version 9" in message) == (damage == "other version")


@pytest.mark.parametrize("name", ["absent.bin", "."])
def test_no_file(tmp_path, name):
    with pytest.raises(ModelError, match=r"cannot use .* as restore-ngram"):
        NgramModel.load(tmp_path / name)


@pytest.mark.parametrize("count", [0, 1, 2, 7, 100, 5_000])
def test_table_gives_values_back(count):
    rng = np.random.default_rng(count)
    keys = np.unique(rng.integers(0, 2**48, count, dtype=np.uint64))
    values = rng.integers(0, 64, len(keys), dtype=np.uint32)
    table = FuseTable(*build_table(keys, values, fingerprint_bits=8, value_bits=6))
    assert (table.codes(keys) == values).all()
    absent = rng.integers(2**48, 2**63, 100_000, dtype=np.uint64)
    # One in 256, give or take six standard deviations.
    assert abs(np.mean(table.codes(absent) != table.missing) - 1 / 256) < 0.0013


def test_table_refuses_repeated_keys():
    keys = np.array([5, 5, 6], np.uint64)
    with pytest.raises(ValueError, match="not distinct"):
        build_table(keys, np.arange(3, dtype=np.uint32), fingerprint_bits=8, value_bits=6)


def test_table_refuses_wrong_size():
    with pytest.raises(ValueError, match="10"):
        FuseTable(np.zeros(10, np.uint8), FuseShape(1, 1, 4, 8, 6))


@pytest.mark.skipif(not SHIPPED_MODEL.is_file(), reason="no n-gram model in this checkout")
def test_shipped_model():
    assert SHIPPED_MODEL.stat().st_size <= 25_000_000
    shipped = NgramModel.load()
    united, states, the = shipped.ids(["united", "states", "the"])
    assert shipped.trigram(the, united, states) > -0.5
    contexts = np.random.default_rng(3).integers(4, 2_000, (60, 2))
    everything = np.arange(len(shipped.vocabulary))
    sums = [np.exp(shipped.trigram(*c, everything).astype(float)).sum() for c in contexts]
    # Words that no text would put there come in by fingerprints that fit by chance, each with an
    # arbitrary probability: among 60,000 words that shows in the sum, though rarely in a choice.
    assert 0.9 < np.median(sums) < 1.7


def test_pairs_are_taken_and_replaced_as_they_were_looked_up(model):
    a, b = np.array([1, 5, 7, 4]), np.array([4, 6, 1, 9])
    found = model.pairs(a, b)
    order = np.array([2, 0])
    for got, expected in zip(found.take(order), model.pairs(a[order], b[order]), strict=True):
        np.testing.assert_array_equal(got, expected)
    other = model.pairs(b[order], a[order])
    for got, before, new in zip(found.replaced(order, other), found, other, strict=True):
        np.testing.assert_array_equal(got[order], new)
        np.testing.assert_array_equal(np.delete(got, order), np.delete(before, order))
