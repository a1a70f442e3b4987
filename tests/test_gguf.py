"""A language model from a GGUF file on onnxruntime: the network that transformers reads there."""

from __future__ import annotations

import numpy as np
import pytest

from restore import ModelError
from restore._container import DATA
from restore.rescoring import Place, SmolLM2, _llama, _smollm2
from restore.rescoring._gguf import read_gguf
from restore.rescoring._llama import Llama

needed = {"reason": "needs gguf, torch, transformers and onnx: pip install 'degarble[best,train]'"}
gguf = pytest.importorskip("gguf", **needed)
torch = pytest.importorskip("torch", **needed)
transformers = pytest.importorskip("transformers", **needed)
pytest.importorskip("onnx", **needed)
tokenizers = pytest.importorskip("tokenizers", **needed)
graphs = pytest.importorskip("training.rescoring._graph", **needed)

MERGES = ["t h", "th e", "\u0120 the"]
BYTES = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
TOKENS = [_smollm2.BEGIN, *BYTES, "th", "the", "\u0120the"]
SIZES = graphs.Sizes(hidden=32, heads=4, groups=2, size=8, inner=64, vocabulary=len(TOKENS))
LAYERS, THETA = 2, 5000.0
CONFIG = transformers.LlamaConfig(
    vocab_size=len(TOKENS), hidden_size=32, intermediate_size=64, num_hidden_layers=LAYERS,
    num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=64, rms_norm_eps=1e-5,
    rope_parameters={"rope_type": "default", "rope_theta": THETA}, tie_word_embeddings=True,
)  # fmt: skip
NAMES = {
    "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}  # fmt: skip


def tiny_network():
    torch.manual_seed(3)
    network = transformers.LlamaForCausalLM(CONFIG).eval()
    for weight in network.parameters():  # norms are all ones otherwise, and none would be missed
        torch.nn.init.normal_(weight, 0.5 if weight.dim() == 1 else 0.0, 0.3)
    return network


def rotated(weight, heads):
    """Return a projection as GGUF has it: the two halves of each rotation side by side."""
    return weight.reshape(heads, 2, -1, weight.shape[1]).swapaxes(1, 2).reshape(weight.shape)


def write(path, network, *, architecture="llama", tokens="gpt2", without="", epsilon=1e-5):
    out = gguf.GGUFWriter(path, architecture)
    out.add_context_length(64)
    out.add_embedding_length(SIZES.hidden)
    out.add_feed_forward_length(SIZES.inner)
    out.add_block_count(LAYERS)
    out.add_head_count(SIZES.heads)
    out.add_head_count_kv(SIZES.groups)
    out.add_layer_norm_rms_eps(epsilon)
    out.add_rope_freq_base(THETA)
    out.add_rope_dimension_count(SIZES.size)
    out.add_tokenizer_model(tokens)
    out.add_token_list(TOKENS)
    out.add_token_types([gguf.TokenType.CONTROL, *[gguf.TokenType.NORMAL] * (len(TOKENS) - 1)])
    out.add_token_merges(MERGES)
    weights = network.state_dict()
    named = {"token_embd": "model.embed_tokens", "output_norm": "model.norm"}
    for layer in range(LAYERS):
        named |= {f"blk.{layer}.{a}": f"model.layers.{layer}.{b}" for a, b in NAMES.items()}
    for theirs, ours in named.items():
        weight = weights[f"{ours}.weight"]
        heads = {"attn_q": SIZES.heads, "attn_k": SIZES.groups}.get(theirs.rpartition(".")[2])
        weight = weight if heads is None else rotated(weight, heads)
        if theirs != without:
            out.add_tensor(f"{theirs}.weight", weight.contiguous().numpy())
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()
    return path


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Let graphs of these sizes be the shipped ones."""
    graphs.write_graphs(tmp_path / "graphs", SIZES)
    monkeypatch.setattr(_llama, "SHIPPED", tmp_path / "graphs")
    return tmp_path


def plain(network, tokens, cache=None, begin=0):
    seen = np.tri(len(tokens), begin + len(tokens), begin, dtype=bool)
    places = np.arange(begin, begin + len(tokens))
    return network.read(np.array(tokens), places, seen, cache or network.nothing()[1])


def test_it_says_what_transformers_says(folder):
    network = tiny_network()
    ours = Llama(read_gguf(write(folder / "a.gguf", network)))
    tokens = list(range(5, 45))
    with torch.inference_mode():
        wanted = network(torch.tensor([tokens])).logits[0].log_softmax(1).numpy()
    states, _ = plain(ours, tokens)
    rows = np.repeat(np.arange(40), len(TOKENS))
    every = np.tile(np.arange(len(TOKENS)), 40)
    found = ours.logs(states, rows, every).reshape(wanted.shape)
    # The weights have 8 bits here, so a little is lost; another rotation or norm would lose all.
    assert np.abs(found - wanted).mean() < 0.05 * wanted.std()
    assert np.corrcoef(found.ravel(), wanted.ravel())[0, 1] > 0.995


def test_reading_on_is_reading_all_at_once(folder):
    ours = Llama(read_gguf(write(folder / "a.gguf", tiny_network())))
    tokens = list(range(30, 50))
    whole, _ = plain(ours, tokens)
    first, cache = plain(ours, tokens[:12])
    rest, cache = plain(ours, tokens[12:], cache, 12)
    np.testing.assert_allclose(np.concatenate([first, rest]), whole, atol=1e-3)
    again, _ = plain(ours, tokens[5:], cache.first(5), 5)
    np.testing.assert_allclose(again, whole[5:], atol=1e-3)


def test_tokens_are_joined_as_the_file_says(folder):
    tokenizer = read_gguf(write(folder / "a.gguf", tiny_network())).tokenizer
    begin = _smollm2.BEGIN
    found = tokenizer.encode(f"the th\u00e9\n{begin} the", add_special_tokens=False)
    assert found.tokens == [
        "the", "\u0120", "th", "\u00c3", "\u00a9", "\u010a", begin, "\u0120the",
    ]  # fmt: skip
    assert tokenizer.decode(found.ids, skip_special_tokens=False) == f"the th\u00e9\n{begin} the"


def test_branches_see_what_lies_before_them_alone(folder):
    model = SmolLM2(write(folder / "a.gguf", tiny_network()))
    reader = model.reader()
    reader.read("the")
    places = [Place(0, 4, 8, (" the", " th", "")), Place(4, 8, 8, (" the", " he"))]
    found = reader.score(" the the", places)
    alone = [
        [model_alone.score(" the the", [place._replace(variants=(there, variant))])[0][1]
         for variant in place.variants
         for there in [" the"] for model_alone in [read_first(model)]]
        for place in places
    ]  # fmt: skip
    for line, other in zip(found, alone, strict=True):
        for value, wanted in zip(line, other, strict=True):
            assert value == pytest.approx(wanted, abs=1e-3)
    assert [score.tokens for score in found[0]] == [1, 2, 0]
    glances = reader.glance(" the the", places)
    assert glances[0][0] == pytest.approx(found[0][0].own, abs=1e-3)
    assert glances[0][2] == 0


def read_first(model):
    reader = model.reader()
    reader.read("the")
    return reader


def test_what_is_far_back_is_forgotten(folder):
    reader = SmolLM2(write(folder / "a.gguf", tiny_network())).reader()
    for _ in range(200):
        reader.read(" the the")
        assert len(reader._context) <= 386
    assert len(reader._context) > 128


def test_what_was_scored_is_not_split_anew_and_the_same_text_may_come_again(folder):
    reader = SmolLM2(write(folder / "a.gguf", tiny_network())).reader()
    reader.read("the")
    reader.score(" the the", [Place(2, 4, 8, ("he", "ha"))])  # splits a token
    split = list(reader._trunk)
    reader.read(" the the")
    assert reader._context == split
    reader.read(" the the")  # the same again, not scored
    assert reader._context == [*split, *reader._tokens(" the the")]


@pytest.mark.parametrize("change", [{"architecture": "gpt2"}, {"tokens": "llama"}])
def test_another_kind_of_model_is_told(folder, change):
    path = write(folder / "a.gguf", tiny_network(), **change)
    with pytest.raises(ModelError, match=r"a\.gguf cannot be loaded .it holds a model of kind"):
        SmolLM2(path)


def test_other_sizes_than_the_graphs_are_told(folder):
    graphs.write_graphs(folder / "graphs", graphs.Sizes())
    path = write(folder / "a.gguf", tiny_network())
    with pytest.raises(ModelError, match=r"a\.gguf cannot be loaded .it does not fit the shipped"):
        SmolLM2(path)


def test_another_norm_than_the_graphs_is_told(folder):
    path = write(folder / "a.gguf", tiny_network(), epsilon=1e-6)
    with pytest.raises(ModelError, match="its norms add another number"):
        SmolLM2(path)


@pytest.mark.parametrize("size", [0, 3, 100, 5000, 30_000])
def test_what_is_cut_off_is_told(folder, size):
    path = write(folder / "a.gguf", tiny_network())
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(ModelError, match=r"a\.gguf cannot be loaded"):
        SmolLM2(path)


def test_missing_weights_are_told(folder):
    path = write(folder / "a.gguf", tiny_network(), without="blk.1.ffn_up")
    with pytest.raises(ModelError, match=r"blk\.1\.ffn_up"):
        SmolLM2(path)


def test_no_file_and_no_graph_are_told(folder):
    with pytest.raises(ModelError, match=r"nowhere\.gguf cannot be loaded"):
        SmolLM2(folder / "nowhere.gguf")
    (folder / "graphs" / "layer.onnx").unlink()
    with pytest.raises(ModelError, match=r"layer\.onnx cannot be read"):
        SmolLM2(write(folder / "a.gguf", tiny_network()))


@pytest.mark.parametrize("name", ["layer", "head"])
def test_the_shipped_graphs_are_what_the_command_writes(tmp_path, name):
    graphs.write_graphs(tmp_path / "new")
    shipped = DATA / "llama" / f"{name}.onnx"
    assert (tmp_path / "new" / f"{name}.onnx").read_bytes() == shipped.read_bytes()
