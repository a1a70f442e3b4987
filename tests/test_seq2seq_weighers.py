"""What fits keys and wordings."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="needs torch: pip install 'degarble[train]'")
pytest.importorskip("onnx", reason="needs onnx: pip install 'degarble[train]'")

from restore import InputError
from restore.lattice import load_weights
from restore.seq2seq import OnnxNetwork, Seq2SeqDecoder
from restore.seq2seq._key_features import KEY_NAMES
from restore.seq2seq._network import SHIPPED
from restore.seq2seq._verdict import CHOICE_NAMES
from restore.seq2seq._wording import WORD_NAMES
from tests.tiny_network import lexicon, tiny_corpus, tiny_export
from training.seq2seq._keys import fit_keys
from training.seq2seq._source import Source
from training.seq2seq._wordings import fit_wordings


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weighers")
    network = OnnxNetwork(tiny_export(folder / "model"))
    return Seq2SeqDecoder(lexicon(), load_weights(), network), tiny_corpus(folder / "corpus")


@pytest.fixture(scope="module")
def source():
    """The shipped model: a tiny one knows no words."""
    return Source(SHIPPED)


def test_keys_are_fitted_on_garbled_news(trained, source):
    lines = []
    found = fit_keys([source], trained[1], 30, log=lines.append)
    assert found.judge.w1.shape[0] == len(KEY_NAMES)
    assert found.forms > 0
    assert 0 <= found.right <= 1
    assert 0 <= found.false <= 1
    assert " documents, " in lines[0]


def test_wordings_are_fitted_on_garbled_news(trained):
    decoder = Seq2SeqDecoder(lexicon(), load_weights(), OnnxNetwork())  # a tiny one knows no words
    lines = []
    found = fit_wordings(decoder, trained[1], 30, lines.append)
    assert found.words.w1.shape[0] == len(WORD_NAMES)
    assert found.choice.w1.shape[0] == len(CHOICE_NAMES)
    assert any(line.startswith("written or listed: ") for line in lines)


def test_too_few_documents_are_named(trained, source):
    with pytest.raises(InputError, match="0 documents hold too few forms"):
        fit_keys([source], trained[1], 0)
    with pytest.raises(InputError, match="0 documents hold no word"):
        fit_wordings(*trained, 0, print)
