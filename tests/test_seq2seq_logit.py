"""Conditional logits, and what fits keys and wordings with them."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs torch: pip install 'degarble[train]'")
pytest.importorskip("onnx", reason="needs onnx: pip install 'degarble[train]'")

from restore import InputError
from restore.lattice import load_weights
from restore.seq2seq import OnnxNetwork, Seq2SeqDecoder
from restore.seq2seq import _key as keys
from restore.seq2seq._verdict import CHOICE_NAMES
from restore.seq2seq._wording import WORD_NAMES
from tests.tiny_network import lexicon, tiny_corpus, tiny_export
from training.seq2seq._keys import fit_keys
from training.seq2seq._logit import fit_logit, log_loss
from training.seq2seq._wordings import fit_wordings


def test_weights_of_a_known_model_come_back():
    generator = np.random.default_rng(3)
    truth = np.array([1.5, -0.7])
    features = [generator.normal(size=(4, 2)) for _ in range(4000)]
    right = [int((one @ truth + generator.gumbel(size=4)).argmax()) for one in features]
    found = fit_logit(features, right)
    np.testing.assert_allclose(found, truth, atol=0.15)
    assert log_loss(features, right, found) < log_loss(features, right, [0.0, 0.0])


def test_an_example_that_counts_nothing_tells_nothing():
    features = [np.array([[1.0], [0.0]])] * 2
    assert (
        fit_logit(features, [0, 1], [1.0, 0.0])[0] > 0 > fit_logit(features, [0, 1], [0.0, 1.0])[0]
    )


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("logit")
    network = OnnxNetwork(tiny_export(folder / "model"))
    return Seq2SeqDecoder(lexicon(), load_weights(), network), tiny_corpus(folder / "corpus")


def test_keys_are_fitted_on_garbled_news(trained):
    found = fit_keys(*trained, 30)
    assert np.isfinite(found.weights).all()
    assert found.forms > 0
    assert 0 <= found.right <= 1
    assert 0 <= found.false <= 1
    assert len(found.weights) == len(keys.Weights._fields)


def test_wordings_are_fitted_on_garbled_news(trained):
    decoder = Seq2SeqDecoder(lexicon(), load_weights(), OnnxNetwork())  # a tiny one knows no words
    lines = []
    found = fit_wordings(decoder, trained[1], 30, lines.append)
    assert found.words.w1.shape[0] == len(WORD_NAMES)
    assert found.choice.w1.shape[0] == len(CHOICE_NAMES)
    assert any(line.startswith("written or listed: ") for line in lines)


def test_too_few_documents_are_named(trained):
    with pytest.raises(ValueError, match="0 documents hold too few forms"):
        fit_keys(*trained, 0)
    with pytest.raises(InputError, match="0 documents hold no word"):
        fit_wordings(*trained, 0, print)
