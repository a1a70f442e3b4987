"""The network for gaps: what it looks at, its file, and that torch and numpy agree."""

from __future__ import annotations

import numpy as np
import pytest

from restore import ModelError
from restore._function_words import FUNCTION_WORDS
from restore.lattice import NgramModel
from restore.lattice._gaps import FAR, LEAST, NEAR, GapModel, Layers, save_gaps

KNOWN, D, S, H, G = 500, 6, 4, 10, 7
WORDS = ["the", "of", "was"]


def known():
    """The words that have vectors, by the shipped language model."""
    return list(NgramModel.load().vocabulary)[:KNOWN]


def layers(seed=0):
    generator = np.random.default_rng(seed)
    shapes = (
        (KNOWN, D), (KNOWN, S), (2 * NEAR * D + S, H), (H,), (H, G), (G,),
        (G, len(WORDS) + 1), (len(WORDS) + 1,),
    )  # fmt: skip
    return Layers(*(generator.normal(0, 0.4, shape).astype(np.float32) for shape in shapes))


@pytest.fixture(scope="module")
def text():
    return np.random.default_rng(1).integers(4, KNOWN + 50, 200).astype(np.int32)


@pytest.fixture(scope="module")
def network():
    return GapModel(layers(), WORDS, known(), NgramModel.load())


def test_what_it_says_are_log_probabilities(network, text):
    logs = network.logs(text, text, np.arange(200))
    assert logs.shape == (200, len(WORDS) + 1)
    np.testing.assert_allclose(np.exp(logs).sum(1), 1, atol=1e-3)
    assert logs.min() >= LEAST


def test_a_place_is_not_looked_at(network, text):
    other = text.copy()
    other[100] = 7 if text[100] != 7 else 8
    place = np.array([100])
    np.testing.assert_array_equal(
        network.logs(text, text, place), network.logs(other, other, place)
    )


@pytest.mark.parametrize("distance", [1, NEAR, NEAR + 1, FAR - 1])
@pytest.mark.parametrize("side", [-1, 1])
def test_what_stands_around_it_is(network, text, distance, side):
    other = text.copy()
    other[100 + side * distance] = 5 if text[100 + side * distance] != 5 else 6
    place = np.array([100])
    assert (network.logs(text, text, place) != network.logs(other, other, place)).any()


@pytest.mark.parametrize("side", [-1, 1])
def test_what_is_farther_off_is_not(network, text, side):
    other = text.copy()
    other[100 + side * (FAR + 1)] = 5 if text[100 + side * (FAR + 1)] != 5 else 6
    place = np.array([100])
    np.testing.assert_allclose(
        network.logs(text, text, place), network.logs(other, other, place), atol=1e-5
    )


def test_of_several_words_before_a_place_the_last_counts(network, text):
    firsts, place = text.copy(), np.array([100])
    firsts[:100] = 9
    wanted = network.logs(text, text, place)
    np.testing.assert_array_equal(network.logs(firsts, text, place), wanted)
    assert (network.logs(text, firsts, place) != wanted).any()


def test_only_places_with_other_neighbours_are_asked_again(network, text):
    memo, places = {}, np.array([50, 100, 150])
    first = network.logs(text, text, places, memo)
    np.testing.assert_array_equal(first, network.logs(text, text, places))
    other = text.copy()
    other[[99, 150 + NEAR + 1]] = 9, 9
    again = network.logs(other, other, places, memo)
    fresh = network.logs(other, other, places)
    np.testing.assert_array_equal(again[[0, 2]], first[[0, 2]])  # what is farther off is let be
    np.testing.assert_allclose(again[1], fresh[1], atol=1e-5)
    assert (again[1] != first[1]).any()
    assert len(memo) == 4


def test_words_keep_their_vectors_in_another_language_model(network, text):
    """Ids are those of the language model at hand: words carry the vectors."""

    order = {word: KNOWN + 9 - number for number, word in enumerate(known()[4:])}

    class Reversed:
        unigram = np.zeros(KNOWN + 10)

        def ids(self, words):
            return np.array([order.get(word, 0) for word in words])

    other = GapModel(layers(), WORDS, known(), Reversed())
    words = [known()[number] for number in text[text < KNOWN]]
    here = NgramModel.load().ids(words).astype(np.int32)
    there = Reversed().ids(words).astype(np.int32)
    place = np.arange(len(words))
    np.testing.assert_array_equal(network.logs(here, here, place), other.logs(there, there, place))


def test_a_text_shorter_than_its_surroundings_will_do(network):
    one = np.array([9], np.int32)
    assert np.isfinite(network.logs(one, one, np.array([0]))).all()
    assert network.logs(one, one, np.zeros(0, np.int64)).shape == (0, len(WORDS) + 1)


def test_a_network_comes_back_from_its_file(tmp_path, text, network):
    save_gaps(layers(), WORDS, known(), tmp_path / "gaps.bin")
    found = GapModel.load(NgramModel.load(), tmp_path / "gaps.bin")
    assert found.words == WORDS
    place = np.arange(200)
    np.testing.assert_allclose(
        found.logs(text, text, place), network.logs(text, text, place), atol=0.5
    )


def test_a_damaged_file_is_named(tmp_path):
    path = tmp_path / "gaps.bin"
    save_gaps(layers(), WORDS, known(), path)
    path.write_bytes(path.read_bytes()[:-2])
    with pytest.raises(ModelError, match=r"gaps\.bin"):
        GapModel.load(NgramModel.load(), path)


def test_the_shipped_network_knows_the_function_words():
    assert GapModel.load(NgramModel.load()).words == list(FUNCTION_WORDS)


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("She told reporters that the bridge", "be closed on Monday .", {"will", "would"}),
        ("One", "the oldest houses in the village burned down .", {"of"}),
        ("They walked along the river because the road", "been closed for weeks .", {"had", "has"}),
    ],
)
def test_the_shipped_network_fills_gaps(before, after, wanted):
    model = NgramModel.load()
    network = GapModel.load(model)
    words = [*before.split(), "tuxedo", *after.split()]
    ids = model.ids(words).astype(np.int32)
    logs = network.logs(ids, ids, np.array([words.index("tuxedo")]))
    assert network.words[int(logs[0, :-1].argmax())] in wanted


@pytest.fixture(scope="module")
def stretches():
    pytest.importorskip("torch", reason="needs torch: pip install 'degarble[train]'")
    from training.gaps._stretches import Stretches

    model = NgramModel.load()
    words = model.ids(WORDS).astype(np.int64)
    text = np.random.default_rng(3).choice([*words, *range(50, 400)], 5000).astype(np.uint16)
    return Stretches(text, model, words, seed=5)


def test_gaps_are_function_words_and_some_others(stretches):
    gaps = stretches.draw(20, noisy=False)
    gold = stretches.classes[gaps.ids[gaps.row, gaps.column]]
    np.testing.assert_array_equal(gold, gaps.gold)
    within = gaps.ids[:, FAR:-FAR]
    assert (gaps.gold < len(WORDS)).sum() == (stretches.classes[within] < len(WORDS)).sum()
    assert 0 < (gaps.gold == len(WORDS)).mean() < 1


def test_surroundings_are_disturbed_and_what_belongs_into_a_gap_is_not(stretches):
    gaps = stretches.draw(200)
    now = stretches.classes[gaps.ids[gaps.row, gaps.column]]
    assert 0.02 < (now != gaps.gold).mean() < 0.4
    assert (gaps.ids == 0).any()
    assert (gaps.ids[:, 0] == 2).mean() > 0.15  # texts that begin within the margin


def test_torch_and_numpy_agree(stretches):
    import torch

    from training.gaps._network import GapNetwork

    torch.manual_seed(2)
    network = GapNetwork(KNOWN, len(WORDS), (D, S, H, G)).eval()
    gaps = stretches.draw(1)
    with torch.no_grad():
        wanted = torch.log_softmax(network(gaps), 1).numpy()
    found = GapModel(network.layers(), WORDS, known(), NgramModel.load())
    ids = gaps.ids[0].astype(np.int32)
    np.testing.assert_allclose(found.logs(ids, ids, gaps.column), wanted, atol=1e-4)


def test_more_documents_than_there_are_cannot_be_held_out(tmp_path):
    pytest.importorskip("torch", reason="needs torch: pip install 'degarble[train]'")
    from typer.testing import CliRunner

    from training.cli import app

    options = ["--corpora", str(tmp_path), "--held-out", "60", "--held-out-from", "50"]
    result = CliRunner().invoke(app, ["gaps", *options])
    assert result.exit_code == 2
    assert "exceed 100" in result.output


def test_gaps_are_learnt_from_text(tmp_path, monkeypatch):
    pytest.importorskip("torch", reason="needs torch: pip install 'degarble[train]'")
    import training.gaps._fit as module
    from training.gaps._fit import fit_gaps
    from training.ngram._encode import Streams

    # Behind a word stands `was` where it is `bridge`, and `of` where it is `piece`.
    forms = ["bridge", "was", "closed", "piece", "of", "bread"]
    lot = np.random.default_rng(6).random(4000) < 0.5
    stream = np.where(lot[:, None], [1, 2, 3], [4, 5, 6]).astype(np.int32).ravel()
    streams = Streams(forms, {"one": stream}, {"one": stream[:3000]}, {"one": ""})
    out = tmp_path / "gaps.bin"
    monkeypatch.setattr(module, "WARM_UP", 5)
    monkeypatch.setattr(module, "MEASURED", 32)
    clean, noisy = fit_gaps(streams, NgramModel.load(), out, 60_000, print)
    assert clean.right > 0.95
    assert noisy.right > 0.75
    assert GapModel.load(NgramModel.load(), out).words == list(FUNCTION_WORDS)
