"""The exported network: the same on onnxruntime and on torch, checked when it is loaded."""

from __future__ import annotations

import json
import pickle
import shutil
from itertools import pairwise

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs torch: pip install 'degarble[train]'")
pytest.importorskip("onnx", reason="needs onnx: pip install 'degarble[train]'")

from restore import ModelError, RestoreError, Restorer
from restore._document import Document
from restore._errors import InputError
from restore.lattice import load_weights
from restore.seq2seq import OnnxNetwork, Seq2SeqDecoder
from restore.seq2seq._batch import DULL, batches, doubtful, lay_out, windows
from restore.seq2seq._encode import Reader, encode
from restore.seq2seq._pieces import UNKNOWN_PIECE
from restore.seq2seq._speak import Speech
from tests.tiny_network import GARBLED, SOURCE, SPUN, lexicon, tiny_export, tiny_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_export(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def block():
    document = Document.parse(GARBLED)
    return encode(document, document.sentences, Reader.of(lexicon(), load_weights()))


def test_of_clean_news_only_sentences_with_a_doubtful_word_are_read():
    document = Document.parse(SOURCE)
    found = encode(document, document.sentences, Reader.of(lexicon(), load_weights()))
    assert sum(end - first for first, end in doubtful(found)) < len(found.unit_text) / 2


def test_windows_of_doubtful_sentences_are_whole_and_in_order(block):
    found = doubtful(block, 40)
    assert all(0 < end - first <= 40 for first, end in found)
    assert all(a[1] <= b[0] for a, b in pairwise(found))
    covered = np.zeros(len(block.unit_text), bool)
    for first, end in found:
        covered[first:end] = True
    unsure = block.log_fast[:, 0] < DULL
    assert covered[block.unit[unsure]].all()


def _decoded(network, block, *, draft=True):
    vectors = network.vectors(network.pieces.table(block.texts))
    out, passes = [], 0
    for group in batches(list(windows(block))):
        view = lay_out(block, group, vectors)
        encoded = network.encode(view.inputs)
        wanted = encoded.judge[:, 0] < np.log(0.9)
        speech = Speech(network, view, encoded, wanted, draft=draft)
        speech.finish()
        out += [
            (int(view.positions[s.position]), s.choice, tuple(s.written or ()))
            for s in speech.slots
        ]
        passes += speech.passes
    return sorted(out), passes


def test_onnx_and_torch_choose_the_same(folder, block):
    from training.seq2seq._torch_network import TorchNetwork

    ours, theirs = OnnxNetwork(folder), TorchNetwork(folder, "cpu")
    table = ours.pieces.table(block.texts)
    np.testing.assert_allclose(ours.vectors(table), theirs.vectors(table), atol=1e-5)
    a, b = _decoded(ours, block)[0], _decoded(theirs, block)[0]
    assert len(a) > 50
    # Untrained, all readings are nearly tied: activations of 8 bits may turn a few round.
    assert len(set(a) & set(b)) >= 0.9 * len(a)


@pytest.mark.parametrize("text", [GARBLED, SPUN], ids=["example", "sample"])
def test_the_shipped_network_restores_nearly_alike_on_torch(text):
    ours, theirs = (Restorer.load(mode="full", engine=e).restore(text) for e in ("onnx", "torch"))
    assert len(ours.edits) > 50
    a, b = ({(e.start, e.end, e.after): e for e in x.edits} for x in (ours, theirs))
    # Activations of 8 bits against 32: one edit in fifty may turn, of those that are unsure. What
    # is fitted on the network's output spreads what was nearly tied, written words most of all.
    assert len(a.keys() & b.keys()) >= 0.98 * max(len(a), len(b))
    for key in a.keys() ^ b.keys():
        edit = a.get(key) or b[key]
        assert edit.confidence - max(share for _, share in edit.alternatives) < 0.5
    shares = [abs(a[key].confidence - b[key].confidence) for key in a.keys() & b.keys()]
    assert np.mean(shares) < 0.05


def test_states_agree_within_eight_bits(folder, block):
    from training.seq2seq._torch_network import TorchNetwork

    ours, theirs = OnnxNetwork(folder), TorchNetwork(folder, "cpu")
    vectors = theirs.vectors(theirs.pieces.table(block.texts))
    view = lay_out(block, next(iter(batches(list(windows(block))))), vectors)
    a, b = ours.encode(view.inputs), theirs.encode(view.inputs)
    inside = view.inputs["mask"]
    assert np.corrcoef(a.states[inside].ravel(), b.states[inside].ravel())[0, 1] > 0.995
    assert a.memory.shape == b.memory.shape
    assert np.corrcoef(a.memory.ravel(), b.memory.ravel())[0, 1] > 0.995
    np.testing.assert_allclose(np.exp(a.judge), np.exp(b.judge), atol=0.1)


def test_a_verified_draft_is_what_greedy_decoding_gives(folder, block):
    network = OnnxNetwork(folder)
    (drafted, few), (greedy, many) = (_decoded(network, block, draft=d) for d in (True, False))
    assert drafted == greedy
    assert few < many


def test_the_piece_for_unknown_letters_is_never_written(folder, block):
    class Babbler(OnnxNetwork):
        def spell(self, queries):
            logs = super().spell(queries)
            logs[:, UNKNOWN_PIECE] = 0
            return logs

    said = [written for _, _, written in _decoded(Babbler(folder), block)[0]]
    assert not any(UNKNOWN_PIECE in written for written in said)


def test_torch_reads_the_shipped_folder_as_a_hugging_face_model(folder):
    from training.seq2seq._load import load_model

    model, trained = load_model(folder), load_model(folder.parent / "trained")
    for name, weight in trained.state_dict().items():
        largest = float(weight.abs().max())
        assert float((model.state_dict()[name] - weight).abs().max()) <= largest / 120, name


def test_what_is_trained_on_from_a_shipped_folder_is_no_shipped_folder(folder, tmp_path):
    from training.seq2seq._checkpoint import keep_best
    from training.seq2seq._load import load_model

    model = load_model(folder)
    keep_best(model, OnnxNetwork(folder).pieces, tmp_path / "model")
    again = load_model(tmp_path / "model").state_dict()
    assert all((again[name] == weight).all() for name, weight in model.state_dict().items())
    written = json.loads((tmp_path / "model" / "config.json").read_text(encoding="utf-8"))
    assert not {"bits", "sha256", "calibration"} & set(written)


def test_a_restorer_takes_a_model_of_ones_own(folder):
    restorer = Restorer.load(mode="full", model=folder)
    once = restorer.restore(GARBLED)
    assert once.mode == "full"
    again = pickle.loads(pickle.dumps(restorer)).restore(GARBLED)
    assert again == once
    assert Restorer.load(mode="full", model=folder, engine="torch").restore(GARBLED).edits


def test_a_text_is_restored_alike_alone_and_among_others(folder):
    restorer = Restorer.load(mode="full", model=folder)
    texts = [GARBLED, "Short.", "", GARBLED[:500]]
    assert [r.text for r in restorer.restore_many(texts)] == [
        restorer.restore(t).text for t in texts
    ]


@pytest.mark.parametrize(
    "name", ["model.safetensors", "encoder.onnx", "decoder.onnx", "speller.onnx", "pieces.txt"]
)
def test_a_damaged_file_is_named(folder, tmp_path, name):
    broken = shutil.copytree(folder, tmp_path / "broken")
    data = bytearray((broken / name).read_bytes())
    data[len(data) // 2] ^= 1
    (broken / name).write_bytes(data)
    with pytest.raises(ModelError, match=f"{name} is damaged or belongs to another model"):
        OnnxNetwork(broken)


def test_a_missing_file_is_named(folder, tmp_path):
    broken = shutil.copytree(folder, tmp_path / "broken")
    (broken / "decoder.onnx").unlink()
    with pytest.raises(ModelError, match=r"cannot read .*decoder\.onnx"):
        OnnxNetwork(broken)


def test_another_kind_of_model_is_refused(folder, tmp_path):
    other = shutil.copytree(folder, tmp_path / "other")
    config = json.loads((other / "config.json").read_text()) | {"model_type": "bert"}
    (other / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="type 'bert', not 'degarble'"):
        OnnxNetwork(other)
    with pytest.raises(ModelError, match="not the description of a restorer model"):
        OnnxNetwork(tmp_path)


def test_a_model_for_other_features_is_refused(folder, tmp_path):
    older = shutil.copytree(folder, tmp_path / "older")
    config = json.loads((older / "config.json").read_text()) | {"features": 43}
    (older / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="trained for other features"):
        OnnxNetwork(older)


def test_a_model_with_graphs_of_another_version_is_refused(folder, tmp_path):
    older = shutil.copytree(folder, tmp_path / "older")
    config = json.loads((older / "config.json").read_text())
    del config["graphs"]
    (older / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="exported by another version"):
        OnnxNetwork(older)


def test_a_model_of_fewer_features_is_widened_without_effect(folder, tmp_path):
    from safetensors.torch import load_file, save_file

    from training.seq2seq._load import load_model, unused_features

    for source in (folder, folder.parent / "trained"):
        older = shutil.copytree(source, tmp_path / source.name)
        config = json.loads((older / "config.json").read_text())
        (older / "config.json").write_text(json.dumps(config | {"features": 43}))
        state = load_file(older / "model.safetensors")
        for name in ("mean", "scale"):
            state[name] = state[name][:43].clone()
        for head in ("judge", "scorer"):
            weight = state[f"{head}.features.weight"]
            narrow = weight[:, :43] if weight.shape[1] == config["features"] else weight[:43]
            state[f"{head}.features.weight"] = narrow.clone()
        save_file(state, older / "model.safetensors")
        wide, whole = load_model(older), load_model(source)
        assert unused_features(wide)[43:].all()
        assert (wide.judge.features.weight[:, :43] == whole.judge.features.weight[:, :43]).all()


def test_a_model_without_a_mode_for_it_is_refused(folder):
    with pytest.raises(RestoreError, match="mode 'fast' uses no network"):
        Restorer.load(mode="fast", model=folder)
    with pytest.raises(RestoreError, match="no engine is called 'abacus'"):
        Restorer.load(mode="full", model=folder, engine="abacus")


def test_nothing_is_written_where_no_word_is_known(folder):
    network = OnnxNetwork(folder)
    decoder = Seq2SeqDecoder(lexicon(), load_weights(), network)
    for text in ("", "12 345", "\n\n", "https://example.org/nan", "..."):
        assert decoder.propose(Document.parse(text)).edits == ()


@pytest.mark.parametrize("part", ["candidates", "document_key"])
def test_a_network_trained_without_a_part_is_not_exported(tmp_path, part):
    from training.seq2seq._export import export

    folder = tiny_model(tmp_path / "run")
    config = json.loads((folder / "config.json").read_text()) | {part: False}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(InputError, match=f"trained without {part}"):
        export(folder, tmp_path / "out", {})
