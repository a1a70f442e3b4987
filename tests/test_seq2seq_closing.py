"""The closing round: an identity changes nothing, a bold one everything, a fit is shipped."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

pytest.importorskip("torch", reason="needs torch: pip install 'degarble[train]'")
pytest.importorskip("onnx", reason="needs onnx: pip install 'degarble[train]'")

from restore import InputError, ModelError, Restorer
from restore._container import write_container
from restore._document import Document
from restore.lattice import load_weights
from restore.lattice._columns import IS_KEEP, NAMES, PREVIOUS
from restore.lattice._scorer import Ensemble, Scorer
from restore.lattice._weights import (
    SCORER_FORMAT,
    VERSION,
    load_ensemble,
    save_ensemble,
    save_scorers,
)
from restore.seq2seq import OnnxNetwork, Seq2SeqDecoder
from restore.seq2seq._closing import CLOSING_NAMES, beliefs, describe
from restore.seq2seq._cloze import written_words
from restore.seq2seq._evidence import Evidence
from restore.seq2seq._network import CLOSING, WORDING
from tests.tiny_network import (
    GARBLED,
    SPUN,
    fitted_corpus,
    lexicon,
    tiny_corpus,
    tiny_export,
    tiny_model,
)
from training.cli import app
from training.seq2seq._average import average, mean_of
from training.seq2seq._source import Texts

RELATIONS = 40


def scorer(column, weight):
    """Return a scorer whose score is `weight` times what a feature is short of 0, or its excess."""
    w1, w2 = np.zeros((len(CLOSING_NAMES), 2), np.float32), np.eye(2, dtype=np.float32)
    w1[column, 0], w1[column, 1] = 1, -1
    return Scorer(
        np.zeros(len(CLOSING_NAMES), np.float32), np.ones(len(CLOSING_NAMES), np.float32), w1,
        np.zeros((RELATIONS, 2), np.float32), w2, np.zeros(2, np.float32),
        np.array([weight, -weight], np.float32),
    )  # fmt: skip


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return OnnxNetwork(tiny_export(tmp_path_factory.mktemp("model")))


def edits(network, closing, text):
    network.closing = closing
    try:
        decoder = Seq2SeqDecoder(lexicon(), load_weights(), network)
        return decoder.propose(Document.parse(text)).edits
    finally:
        network.closing = None


@pytest.mark.parametrize("text", [GARBLED, SPUN[:1500], "Short.", ""])
def test_a_round_that_repeats_what_it_is_told_changes_nothing(network, text):
    plain = edits(network, None, text)
    closed = edits(network, scorer(PREVIOUS, 1.0), text)
    assert [(e.start, e.end, e.after) for e in closed] == [(e.start, e.end, e.after) for e in plain]
    for one, other in zip(plain, closed, strict=True):
        assert other.confidence == pytest.approx(one.confidence, abs=5e-3)


def test_a_round_that_would_keep_everything_leaves_no_choice_from_a_list(network):
    sources = {edit.source for edit in edits(network, scorer(IS_KEEP, 30.0), GARBLED)}
    assert sources <= {"full:written", "full:spelling", "full:case", "full:phrase"}
    assert {edit.source for edit in edits(network, None, GARBLED)} > sources


def test_beliefs_are_probabilities(network):
    decoder = Seq2SeqDecoder(lexicon(), load_weights(), network)
    document = Document.parse(GARBLED)
    block, speeches, _, _ = decoder.read(document, document.sentences, Evidence(), {})
    for speech in speeches:
        speech.finish()
    shares = np.exp(beliefs(block, speeches))
    np.testing.assert_allclose(np.add.reduceat(shares, block.lattice.starts[:-1]), 1, atol=1e-4)
    assert not np.allclose(shares, np.exp(block.scores), atol=1e-3)  # the network was heard


def test_an_ensemble_comes_back_from_its_file(tmp_path):
    wanted = Ensemble((scorer(PREVIOUS, 1.0), scorer(IS_KEEP, 2.0)))
    save_ensemble(wanted, tmp_path / CLOSING, CLOSING_NAMES)
    found = load_ensemble(tmp_path / CLOSING, CLOSING_NAMES)
    for one, other in zip(found.members, wanted.members, strict=True):
        np.testing.assert_array_equal(one.w1, other.w1)
        np.testing.assert_array_equal(one.w3, other.w3)


def test_a_round_of_one_scorer_by_name_is_read_as_an_ensemble(tmp_path):
    wanted = scorer(PREVIOUS, 1.0)
    save_scorers({"closing": wanted}, tmp_path / CLOSING, {"closing": CLOSING_NAMES})
    (found,) = load_ensemble(tmp_path / CLOSING, CLOSING_NAMES).members
    np.testing.assert_array_equal(found.relation, wanted.relation)


def test_a_scorer_for_other_features_is_refused(tmp_path):
    save_scorers({"closing": scorer(PREVIOUS, 1.0)}, tmp_path / CLOSING, {"closing": NAMES})
    with pytest.raises(ModelError, match="was fitted for other features"):
        load_ensemble(tmp_path / CLOSING, CLOSING_NAMES)


def test_a_round_without_scorers_is_refused(tmp_path):
    write_container(tmp_path / CLOSING, SCORER_FORMAT, VERSION, {"features": {}}, {})
    with pytest.raises(ModelError, match="was fitted for other features"):
        load_ensemble(tmp_path / CLOSING, CLOSING_NAMES)


def test_each_reading_is_described_by_all_who_judged(network):
    decoder = Seq2SeqDecoder(lexicon(), load_weights(), network)
    document = Document.parse(GARBLED)
    block, speeches, _, _ = decoder.read(document, document.sentences, Evidence(), {})
    for speech in speeches:
        speech.finish()
    model = lexicon().model
    found = describe(
        block, speeches, written_words(block, speeches, network.pieces, model), lexicon()
    )
    assert found.features.shape == (len(found.rows), len(CLOSING_NAMES))
    assert np.isfinite(found.features).all()
    view = dict(zip(CLOSING_NAMES, found.features.T, strict=True))
    slots = [slot for speech in speeches for slot in speech.slots]
    silent = np.logical_and.reduceat(view["not_decoded"] > 0, found.starts[:-1])
    assert silent.sum() == sum(slot.decoded is None for slot in slots)
    np.testing.assert_array_equal(
        view["judged"][view["not_decoded"] > 0], view["decoded"][view["not_decoded"] > 0]
    )


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    from training.seq2seq._finish import calibrate_folder

    folder = tmp_path_factory.mktemp("export")
    lines = []
    corpus = tiny_corpus(folder / "corpus")
    texts = Texts(12, 0)
    calibrate_folder(tiny_model(folder / "run"), folder / "out", corpus, texts, 4, lines.append)
    return folder / "out", lines


def test_export_fits_a_round_and_ships_it(exported):
    folder, lines = exported
    assert any(line.startswith("closing round: ") for line in lines)
    network = OnnxNetwork(folder)
    assert network.closing is not None
    assert Restorer.load(mode="full", model=folder).restore(GARBLED).garbled_share > 0


def test_torch_closes_as_onnxruntime_does(exported):
    from training.seq2seq._torch_network import TorchNetwork

    assert TorchNetwork(exported[0]).closing is not None


def test_a_damaged_round_is_named(exported, tmp_path):
    broken = shutil.copytree(exported[0], tmp_path / "broken")
    data = bytearray((broken / CLOSING).read_bytes())
    data[-9] ^= 1
    (broken / CLOSING).write_bytes(data)
    with pytest.raises(ModelError, match=f"{CLOSING} is damaged or belongs to another model"):
        OnnxNetwork(broken)


def test_without_documents_there_is_no_round(tmp_path):
    from training.seq2seq._finish import calibrate_folder

    corpus = tiny_corpus(tmp_path / "corpus")
    calibrate_folder(tiny_model(tmp_path / "run"), tmp_path / "out", corpus, Texts(0, 0), 2, print)
    assert not (tmp_path / "out" / CLOSING).exists()
    assert not (tmp_path / "out" / WORDING).exists()
    network = OnnxNetwork(tmp_path / "out")
    assert network.closing is None
    assert network.wording is None


def test_what_is_fitted_is_fitted_anew(exported, tmp_path):
    from training.seq2seq._finish import refit

    corpus, copy = tiny_corpus(tmp_path / "corpus"), tmp_path / "copy"
    shutil.copytree(exported[0], copy)
    before = (copy / CLOSING).read_bytes()
    refit(copy, corpus, Texts(6, 0), print)
    after = (copy / CLOSING).read_bytes()
    assert after != before
    refit(copy, corpus, Texts(6, 0, workers=2), print)
    assert (copy / CLOSING).read_bytes() == after  # whoever reads the texts
    assert OnnxNetwork(copy).closing is not None
    after = (copy / "config.json").read_bytes()
    with pytest.raises(InputError, match=r"no \*\.parquet file in"):
        refit(copy, tmp_path / "nothing", Texts(6, 0), print)
    assert (copy / "config.json").read_bytes() == after
    closing = (copy / CLOSING).read_bytes()
    refit(copy, corpus, Texts(0, 0), print, keep=True)
    assert (copy / CLOSING).read_bytes() == closing
    assert OnnxNetwork(copy).closing is not None
    refit(copy, corpus, Texts(0, 0), print)
    assert OnnxNetwork(copy).closing is None


@pytest.mark.parametrize("parts", ["closing", "both"])
def test_a_model_is_whole_while_it_is_fitted_anew_and_if_that_fails(
    exported, tmp_path, monkeypatch, parts
):
    from training.seq2seq import _finish
    from training.seq2seq._export import Fitted

    copy = tmp_path / "copy"
    shutil.copytree(exported[0], copy)
    before = {path.name: path.read_bytes() for path in copy.iterdir()}

    def fit(folder, *rest):
        assert {path.name: path.read_bytes() for path in copy.iterdir()} == before
        assert OnnxNetwork(folder).closing is None
        if parts == "closing":
            raise KeyboardInterrupt
        return Fitted(Ensemble((random_scorer(1, 6),)), wording=Broken())

    class Broken:
        def _asdict(self):
            message = "the disk is full"
            raise OSError(message)

    monkeypatch.setattr(_finish, "fit", fit)
    with pytest.raises((KeyboardInterrupt, OSError)):
        _finish.refit(copy, tmp_path, Texts(6, 0), print)
    assert {path.name: path.read_bytes() for path in copy.iterdir()} == before


def test_a_models_description_changes_last(exported, tmp_path, monkeypatch):
    from training.seq2seq._export import Fitted
    from training.seq2seq._finish import join, read_settings

    copy, order, replace = tmp_path / "copy", [], Path.replace
    shutil.copytree(exported[0], copy)

    def noted(path, target):
        order.extend([target.name] if target.parent == copy else [])
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", noted)
    join(copy, read_settings(copy), Fitted(Ensemble((random_scorer(1, 6),))))
    assert order == [CLOSING, "config.json"]
    assert OnnxNetwork(copy).closing is not None


def test_each_language_model_brings_its_own_documents(exported, tmp_path):
    from restore._container import DATA
    from training.seq2seq._finish import refit

    corpus, copy, lines = tiny_corpus(tmp_path / "corpus"), tmp_path / "copy", []
    shutil.copytree(exported[0], copy)
    refit(copy, corpus, Texts(6, 0, garblings=1, ngrams=[DATA / "ngram.bin"]), lines.append)
    refit(copy, corpus, Texts(6, 0, garblings=1, ngrams=[DATA / "ngram.bin"] * 2), lines.append)
    one, two = (int(line.split()[2]) for line in lines if line.endswith("places"))
    assert two == 2 * one > 0
    assert sum(line.endswith("6 documents, garbled 1 times") for line in lines) == 3


def test_what_a_run_leaves_is_no_exported_model(tmp_path):
    from training.seq2seq._finish import refit

    with pytest.raises(ModelError, match="export it again"):
        refit(tiny_model(tmp_path / "run"), tmp_path, Texts(6, 0), print)


def calibration(reduced, changed):
    """Return counts at two thresholds: ERR of spun texts, words changed in 1,000 clean ones."""
    from training.seq2seq._calibrate import LIMITS, THRESHOLDS, Calibration, Count

    found = Calibration()
    for at in THRESHOLDS:
        high = at > 0.9
        found.spun["all", at] = Count(10_000, 10_000, round(10_000 * (1 - reduced[high])), 1)
        for size in LIMITS:
            found.clean[size, at] = Count(10_000, edits=10 * changed[high])
    return found


@pytest.mark.parametrize(
    ("reduced", "changed", "threshold"),
    [
        ((0.75, 0.75), (0, 0), 0.98),  # what costs nothing is taken
        ((0.75, 0.7495), (0, 0), 0.98),
        ((0.75, 0.74), (0, 0), 0.9),  # not what costs something
        ((0.75, 0.6), (3, 0), 0.95),  # unless honest text asks for it
        ((0.75, 0.6), (3, 3), 0.9),  # and gains by it
    ],
)
def test_of_thresholds_that_keep_text_clean_the_highest_that_costs_nothing(
    reduced, changed, threshold
):
    assert calibration(reduced, changed).threshold() == threshold


def test_nothing_garbled_chooses_no_threshold():
    from training.seq2seq._calibrate import Calibration

    with pytest.raises(InputError, match="no garbled word was measured"):
        Calibration().threshold()


def test_without_documents_to_measure_nothing_is_fitted(exported, tmp_path):
    from training.seq2seq._finish import calibrate_folder, recalibrate

    corpus, lines = fitted_corpus(tmp_path / "corpus"), []
    with pytest.raises(InputError, match=r"falls into the measured part .* give more"):
        recalibrate(exported[0], corpus, 3)
    with pytest.raises(InputError, match="falls into the measured part"):
        calibrate_folder(exported[0], tmp_path / "out", corpus, Texts(12, 0), 4, lines.append)
    assert not lines
    done = CliRunner().invoke(app, ["calibrate", str(exported[0]), "--corpora", str(corpus),
                                    "--documents", "0"])  # fmt: skip
    assert done.exit_code == 2
    assert "greater than or equal to 1" in done.output


def test_a_model_is_calibrated_anew(exported, tmp_path):
    import json

    from training.seq2seq._finish import recalibrate

    corpus, copy = tiny_corpus(tmp_path / "corpus"), tmp_path / "copy"
    shutil.copytree(exported[0], copy)
    before = json.loads((copy / "config.json").read_text())
    found = recalibrate(copy, corpus, 3)
    after = json.loads((copy / "config.json").read_text())
    assert after["calibration"] == json.loads(json.dumps(found.record()))
    assert after["min_confidence"] == found.threshold()
    assert after["sha256"] == before["sha256"]
    assert not list(copy.glob(".*"))
    assert OnnxNetwork(copy).policy.min_confidence == pytest.approx(found.threshold())


def random_scorer(seed, hidden):
    lot = np.random.default_rng(seed)
    size = len(CLOSING_NAMES)
    shapes = ((size,), (size,), (size, hidden), (RELATIONS, hidden), (hidden, 4), (4,), (4,))
    mean, scale, *rest = (lot.normal(size=shape).astype(np.float32) for shape in shapes)
    return Scorer(mean, np.abs(scale) + np.float32(0.1), *rest)


def test_the_mean_of_two_ensembles_scores_their_mean():
    first = Ensemble((random_scorer(1, 6),))
    second = Ensemble((random_scorer(2, 9), random_scorer(5, 4)))
    lot = np.random.default_rng(3)
    features = lot.normal(size=(50, len(CLOSING_NAMES))).astype(np.float32)
    relation = lot.integers(0, RELATIONS, 50).astype(np.int32)
    mean = mean_of(first, second).scores(features, relation)
    wanted = (first.scores(features, relation) + second.scores(features, relation)) / 2
    np.testing.assert_allclose(mean, wanted, rtol=1e-3, atol=1e-2)
    assert np.abs(mean - first.scores(features, relation)).max() > 1


def test_a_models_round_becomes_the_mean_of_two(exported, tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(exported[0], folder)
    before = OnnxNetwork(folder).closing
    average(folder, exported[0])
    after = OnnxNetwork(folder).closing  # reads it: its digest stands in config.json
    features = np.random.default_rng(4).normal(size=(20, len(CLOSING_NAMES))).astype(np.float32)
    relation = np.zeros(20, np.int32)
    assert len(after.members) == 2 * len(before.members)
    np.testing.assert_allclose(
        after.scores(features, relation), before.scores(features, relation), rtol=1e-3, atol=1e-3
    )


def test_a_model_without_a_round_has_no_mean(exported, tmp_path):
    other = tiny_export(tmp_path)
    with pytest.raises(ModelError, match="has no closing round"):
        average(exported[0], other)


def test_a_model_takes_over_what_was_fitted_for_another(exported, tmp_path):
    from training.seq2seq._finish import calibrate_folder

    corpus, lines = tiny_corpus(tmp_path / "corpus"), []
    run = tiny_model(tmp_path / "run")
    calibrate_folder(run, tmp_path / "out", corpus, Texts(12, 0), 2, lines.append, exported[0])
    assert not any(line.startswith("closing round") for line in lines)
    assert (tmp_path / "out" / CLOSING).read_bytes() == (exported[0] / CLOSING).read_bytes()
    assert OnnxNetwork(tmp_path / "out").closing is not None
