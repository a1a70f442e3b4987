"""Fitting fast mode: numpy and torch agree, labels are right, and a fit learns what it is shown."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from restore import ModelError
from restore._edits import Edit
from restore.lattice import load_weights
from restore.lattice._forward import Channel
from restore.lattice._lattice import KEEP, UNKNOWN
from restore.lattice._lexicon import Lexicon
from restore.lattice._prune import promising
from restore.lattice._scorer import log_softmax_groups
from restore.lattice._weights import Weights, save_weights
from tests.tiny import TinyDictionary, TinyModel
from training.fast._examples import SIZES, excerpt, make_example
from training.fast._fit import Block, Size, first_round, fit_scorer, make_block, next_round, prune
from training.fast._measure import THRESHOLDS, Tally, as_text, choose_threshold, table, tally

GARBLED = "Troops person been successful nan city."
EDITS = [
    Edit(7, 13, "person", "have"),
    Edit(19, 29, "successful", "inside"),  # an original that no list holds
    Edit(30, 33, "nan", "the"),
]


class Spun:
    text = GARBLED
    edits = EDITS


@pytest.fixture(scope="module")
def lexicon():
    pairs = {"nan": ["the"], "successful": ["in"], "person": ["have", "has"], "city": ["town"]}
    return Lexicon(TinyDictionary(pairs), TinyModel())


@pytest.fixture
def example(lexicon):
    return make_example("x", "A", Spun, lexicon)


def test_labels(example, lexicon):
    lattice = example.lattice
    gold = [
        (lattice.names[lattice.types[p]], int(lattice.readings.relation[lattice.slot[row]]),
         int(lattice.readings.text[lattice.slot[row]]))
        for row, p in enumerate(lattice.owner) if example.gold[row]
    ]  # fmt: skip
    assert [name for name, _, _ in gold] == ["person", "successful", "nan", "city"]
    assert lexicon.originals[gold[0][2]] == "have"
    assert gold[1][1] == UNKNOWN
    assert lexicon.originals[gold[2][2]] == "the"
    assert gold[3][1] == KEEP


def test_tally_counts_fixes_breaks_and_wrong_fixes(example):
    sure = np.where(example.gold, 0.0, -20.0).astype(np.float32)
    counts = tally(example, sure, 0.5)
    assert (counts.fixed, counts.wrong, counts.broken) == (2, 0, 0)
    assert (counts.garbled, counts.listed, counts.words) == (3, 2, 6)
    assert counts.error_reduction == pytest.approx(2 / 3)
    relation = example.lattice.readings.relation[example.lattice.slot]
    eager = np.where(relation > UNKNOWN, 0.0, -20.0).astype(np.float32)
    assert tally(example, eager, 0.5).broken == 1
    assert tally(example, eager, 0.5).wrong == 1


def test_the_threshold_is_the_lowest_that_keeps_clean_text_clean():
    broken = {
        0.3: 9,
        0.35: 6,
        0.4: 5,
        0.45: 5,
        0.5: 2,
        0.55: 2,
        0.6: 2,
        0.65: 1,
        0.7: 1,
        0.75: 1,
        0.8: 1,
    }
    result = {("clean whole", at): Tally(words=1000, broken=broken.get(at, 0)) for at in THRESHOLDS}
    assert choose_threshold(result, {"whole": 1.0}) == 0.65
    assert choose_threshold(result, {"whole": 0.0}) == 0.85
    assert choose_threshold(result, {"whole": -1.0}) == THRESHOLDS[-1]


def test_pruning_marks_a_lost_original_as_unknown(example, lexicon, monkeypatch):
    monkeypatch.setattr("training.fast._fit.promising", partial(promising, most=0))
    scores = first_round([example], lexicon, Channel())
    (pruned,), (left,) = prune([example], lexicon, scores)
    relation = pruned.lattice.readings.relation[pruned.lattice.slot]
    assert (relation <= UNKNOWN).all()
    assert len(left) == len(relation) == 2 * 4
    assert pruned.gold.sum() == 4


def _block(seed=0, groups=400, size=4, width=5):
    """Groups in which the row with the largest first feature is right."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(groups * size, width)).astype(np.float32)
    best = features[:, 0].reshape(groups, size).argmax(axis=1)
    gold = np.zeros((groups, size), bool)
    gold[np.arange(groups), best] = True
    starts = np.arange(0, groups * size + 1, size)
    return Block(features, np.zeros(groups * size, np.int32), starts, gold.reshape(-1))


def test_a_fit_learns_and_numpy_agrees_with_torch():
    torch = pytest.importorskip("torch", reason="fitting needs torch")
    from training.fast._net import ScorerNet, group_loss

    block = _block()
    scorer = fit_scorer(block, size=Size(epochs=60))
    scores = log_softmax_groups(scorer.scores(block.features, block.relation), block.starts)
    hits = scores.reshape(-1, 4).argmax(axis=1) == block.gold.reshape(-1, 4).argmax(axis=1)
    assert hits.mean() > 0.9

    net = ScorerNet(5, (8, 4))
    exported = net.export(np.zeros(5, np.float32), np.ones(5, np.float32))
    x = block.features[:40]
    relation = np.arange(40, dtype=np.int32) % 7
    expected = net(torch.from_numpy(x), torch.from_numpy(relation).long()).detach().numpy()
    np.testing.assert_allclose(exported.scores(x, relation), expected, atol=1e-5)
    loss = group_loss(
        torch.from_numpy(expected), torch.from_numpy(block.gold[:40]), torch.full((10,), 4)
    )
    starts = np.arange(0, 41, 4, dtype=np.int32)
    plain = -log_softmax_groups(expected, starts)[block.gold[:40]].mean()
    assert float(loss) == pytest.approx(plain, abs=1e-5)


def test_the_same_seed_fits_the_same_weights():
    pytest.importorskip("torch", reason="fitting needs torch")
    one, two = fit_scorer(_block(), size=Size(epochs=2)), fit_scorer(_block(), size=Size(epochs=2))
    np.testing.assert_array_equal(one.w1, two.w1)


def test_rounds_normalise_and_report(example, lexicon):
    pytest.importorskip("torch", reason="fitting needs torch")
    scores = first_round([example], lexicon, Channel())
    scorer = fit_scorer(make_block([example], lexicon, scores), size=Size(epochs=2))
    (after,) = next_round([example], lexicon, scores, scorer)
    sums = np.add.reduceat(np.exp(after), example.lattice.starts[:-1])
    np.testing.assert_allclose(sums, 1, atol=1e-4)
    text = as_text(table([example], [after]), 0.5)
    assert text.splitlines()[0].startswith("A ")


def test_weights_survive_their_file_and_damage_is_noticed(tmp_path):
    weights = load_weights()
    path = tmp_path / "fast.bin"
    save_weights(weights, path, {})
    again = load_weights(path)
    assert isinstance(again, Weights)
    assert again.channel == weights.channel
    np.testing.assert_array_equal(again.rounds[0].w1, weights.rounds[0].w1)
    data = bytearray(path.read_bytes())
    data[-200] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelError, match="SHA-256"):
        load_weights(path)
    path.write_bytes(b"")
    with pytest.raises(ModelError):
        load_weights(path)
    with pytest.raises(ModelError, match="nowhere"):
        load_weights(tmp_path / "nowhere.bin")


def test_excerpts_are_stretches_of_the_text_of_every_size():
    text = "\n".join(f"Paragraph {n} of the story. It ends here." for n in range(12))
    cuts = {excerpt(text, f"doc {n}") for n in range(60)}
    assert ("whole", text) in cuts
    assert {size for size, _ in cuts} == set(SIZES)
    assert all(cut in text for _, cut in cuts)
    assert any(size == "sentences" and "\n" not in cut for size, cut in cuts)
