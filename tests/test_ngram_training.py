"""The trainer: the same estimates as a direct computation, the same bytes twice, sane measures."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from typer.testing import CliRunner

from restore._errors import InputError
from restore.lattice._ngram import NgramModel
from tests.ngram_text import PlainKneserNey, write_corpora
from training.ngram import _count
from training.ngram._build import Sizes, build_model
from training.ngram._encode import SENTENCE_END, encode_corpora, is_held_out, unread
from training.ngram._prune import prune
from training.ngram._smooth import discounts, estimate
from training.ngram._write import Bits, quantise, write_model
from training.ngram.cli import app

ALL = 1_000_000


@pytest.fixture(scope="module")
def corpora(tmp_path_factory):
    return write_corpora(tmp_path_factory.mktemp("corpora"))


@pytest.fixture(scope="module")
def streams(corpora, tmp_path_factory):
    return encode_corpora(corpora, tmp_path_factory.mktemp("work"))


@pytest.fixture(scope="module")
def vocabulary(streams):
    return _count.choose_vocabulary(streams.forms, streams.train.values(), 45)


@pytest.fixture(scope="module")
def counts(streams, vocabulary):
    return _count.count_ngrams([_count.to_sequence(s, vocabulary) for s in streams.train.values()])


@pytest.fixture(scope="module")
def estimates(counts, vocabulary):
    return estimate(counts, len(vocabulary.words))


@pytest.fixture(scope="module")
def plain(streams, vocabulary):
    """The independent model, from the same sentences as lists of words."""
    sentences = []
    for stream in streams.train.values():
        words = []
        for form in stream.tolist():
            if form == SENTENCE_END:
                sentences.append(words)
                words = []
            else:
                words.append(vocabulary.words[vocabulary.ids[form]])
    return PlainKneserNey(sentences)


def backed_off(pruned, gram):
    """Log P(last | before) of a pruned model by the textbook recursion, on ids."""
    key = sum(word << 16 * place for place, word in enumerate(reversed(gram)))
    if len(gram) == 1:
        return pruned.unigram_logs[gram[0]]
    keys = pruned.bigrams if len(gram) == 2 else pruned.trigrams
    place = int(np.searchsorted(keys, key))
    if place < len(keys) and keys[place] == key:
        return (pruned.bigram_logs if len(gram) == 2 else pruned.trigram_logs)[place]
    if len(gram) == 2:
        return pruned.unigram_backoffs[gram[0]] + backed_off(pruned, gram[1:])
    context = int(np.searchsorted(pruned.bigrams, gram[0] << 16 | gram[1]))
    found = context < len(pruned.bigrams) and pruned.bigrams[context] == gram[0] << 16 | gram[1]
    weight = pruned.bigram_backoffs[context] if found else 0.0
    return weight + backed_off(pruned, gram[1:])


def contexts(pruned):
    return [
        (int(k) >> 16, int(k) & 0xFFFF) for k in pruned.bigrams if int(k) & 0xFFFF not in {1, 2}
    ]


def test_same_as_direct_computation(counts, estimates, vocabulary, plain):
    pruned = prune(counts, estimates, bigrams=ALL, trigrams=ALL)
    assert len(pruned.trigrams) == len(counts.trigrams)
    words = vocabulary.words
    for a, b in contexts(pruned)[::5]:
        for word in plain.vocabulary:
            gram = (a, b, words.index(word))
            expected = math.log(plain.probability(tuple(words[i] for i in gram)))
            assert backed_off(pruned, gram) == pytest.approx(expected, abs=1e-4)
            pair = math.log(plain.probability((words[b], word)))
            assert backed_off(pruned, gram[1:]) == pytest.approx(pair, abs=1e-6)


@pytest.mark.parametrize(("bigrams", "trigrams"), [(0, 0), (60, 30), (150, 200)])
def test_pruned_model_still_sums_to_one(counts, estimates, bigrams, trigrams):
    pruned = prune(counts, estimates, bigrams=bigrams, trigrams=trigrams)
    assert len(pruned.trigrams) <= trigrams
    kept = set(pruned.bigrams.tolist())
    assert all({k >> 16, k & 0xFFFFFFFF} <= kept for k in pruned.trigrams.tolist())
    words = [w for w in range(len(estimates.unigram)) if w != 1]
    for context in [(5,), (9,), *contexts(pruned)[::7], (4, 11)]:
        total = sum(math.exp(backed_off(pruned, (*context, w))) for w in words)
        assert total == pytest.approx(1, abs=1e-5)


def test_pruning_keeps_what_matters(counts, estimates, plain, vocabulary):
    """Fewer n-grams cost likelihood, and the ranking costs less than an arbitrary choice."""
    grams = [(int(k) >> 32, int(k) >> 16 & 0xFFFF, int(k) & 0xFFFF) for k in counts.trigrams]

    def likelihood(pruned):
        logs = [backed_off(pruned, gram) for gram in grams]
        return float(np.average(logs, weights=counts.trigram_counts))

    full, half = (
        likelihood(prune(counts, estimates, bigrams=0, trigrams=n)) for n in (ALL, len(grams) // 4)
    )
    none = likelihood(prune(counts, estimates, bigrams=0, trigrams=0))
    assert full > half > none
    assert full - half < 0.5 * (full - none)


def test_store_holds_the_pruned_model(counts, estimates, vocabulary, tmp_path):
    pruned = prune(counts, estimates, bigrams=ALL, trigrams=100)
    bits = Bits(11, 7, 7, 15, 10)
    write_model(tmp_path / "m.bin", pruned, vocabulary, {}, bits)
    model = NgramModel.load(tmp_path / "m.bin")
    ids = np.array([w for w in range(len(vocabulary.words)) if w not in {0, 1}])
    pairs = np.array(contexts(pruned))
    logs, order = model.trigram(pairs[:, :1], pairs[:, 1:], ids, return_order=True)
    expected = np.array(
        [[backed_off(pruned, (a, b, c)) for c in ids.tolist()] for a, b in pairs.tolist()]
    )
    # False positives of the 11-bit bigram fingerprints are the only large differences.
    assert np.mean(np.abs(logs - expected) > 0.1) < 0.003
    assert np.count_nonzero(order == 3) == np.count_nonzero(
        pruned.trigrams & np.uint64(0xFFFF) != 0
    )


def test_unknown_is_one_of_many(counts, estimates, vocabulary, tmp_path):
    assert vocabulary.unknown_types > 1
    pruned = prune(counts, estimates, bigrams=ALL, trigrams=ALL)
    write_model(tmp_path / "m.bin", pruned, vocabulary, {}, Bits())
    model = NgramModel.load(tmp_path / "m.bin")
    share = math.exp(pruned.unigram_logs[0]) / vocabulary.unknown_types
    assert math.exp(model.unigram[0]) == pytest.approx(share, rel=1e-5)


def test_discounts_by_hand():
    counts = np.repeat([1, 2, 3, 4], [8, 4, 2, 1])
    y = 8 / (8 + 2 * 4)
    expected = [0, 1 - 2 * y * 4 / 8, 2 - 3 * y * 2 / 4, 3 - 4 * y * 1 / 2]
    assert discounts(counts) == pytest.approx(expected)
    assert discounts(np.array([1, 1, 7])).tolist() == [0, 0.5, 1, 1.5]


def test_quantise_is_close_and_uses_all_bins():
    values = np.random.default_rng(0).normal(size=20_000)
    bins, centres = quantise(values, 5)
    assert sorted(set(bins.tolist())) == list(range(32))
    # The best 32 levels for a normal distribution leave an error of 0.0025 (Max 1960, table I).
    assert np.mean((centres[bins] - values) ** 2) < 0.0028
    assert len(quantise(np.zeros(0), 4)[1]) == 16


def test_streams_keep_documents_apart(streams, corpora, tmp_path):
    held_out = sum((s == SENTENCE_END).sum() for s in streams.held_out.values())
    assert held_out > 0
    assert not is_held_out("one/0")
    again = encode_corpora(corpora, tmp_path / "again")
    assert again.forms == streams.forms
    assert all((again.train[n] == streams.train[n]).all() for n in streams.train)


def test_a_model_may_read_less_and_says_so(corpora, tmp_path):
    names = [f"one/{n}" for n in range(2000)]
    few, many, others = (
        {n for n in names if is_held_out(n, hundredths)}
        for hundredths in (range(1), range(20), range(20, 40))
    )
    assert few == many & others
    assert 0.15 < len(many) / len(names) < 0.25
    assert 0.15 < len(others) / len(names) < 0.25
    sizes = Sizes(40, 300, 400)
    build_model(corpora, tmp_path / "work", tmp_path / "less.bin", sizes, str, range(30, 70))
    build_model(corpora, tmp_path / "work", tmp_path / "all.bin", sizes, str)
    less, every = (NgramModel.load(tmp_path / name) for name in ("less.bin", "all.bin"))
    assert (unread(less), unread(every)) == (range(30, 70), range(1))
    work = tmp_path / "work"
    read = [
        encode_corpora(corpora, work, hundredths=unread(model)).train["one"]
        for model in (less, every)
    ]
    assert len(read[0]) < len(read[1])


def test_streams_are_kept_and_made_anew(corpora, tmp_path):
    told = []
    for _ in range(2):
        encode_corpora(corpora, tmp_path, told.append)
    assert told == ["one", "two"]
    (tmp_path / "streams.json").write_text("{}")
    encode_corpora(corpora, tmp_path, told.append)
    assert told == ["one", "two"] * 2


def test_counts_stay_within_sentences(counts):
    grams = [(k >> 32, k >> 16 & 0xFFFF, k & 0xFFFF) for k in counts.trigrams.tolist()]
    assert all(b not in {1, 2} and c != 1 and a != 2 for a, b, c in grams)
    assert all(k & 0xFFFF != 1 and k >> 16 != 2 for k in counts.bigrams.tolist())


def test_commands(corpora, tmp_path):
    runs = []
    for name in ("first", "second"):
        out = tmp_path / f"{name}.bin"
        options = ["--corpora", corpora, "--out", out, "--work", tmp_path / name]
        sizes = ["--vocabulary", 45, "--bigrams", 300, "--trigrams", 400]
        result = CliRunner().invoke(app, ["build", *map(str, options + sizes)])
        assert result.exit_code == 0, result.output
        runs.append(out.read_bytes())
    assert runs[0] == runs[1]
    options = ["--corpora", corpora, "--model", out, "--work", tmp_path / "second"]
    result = CliRunner().invoke(app, ["measure", *map(str, options)])
    assert result.exit_code == 0, repr(result.exception)
    figures = json.loads(result.stdout)
    assert 1 < figures["news"]["perplexity"] < 20
    assert figures["cloze"]["near"] > 0.5  # a guess would be right once in twelve
    assert figures["false_positives"] < 0.05
    assert figures["look_ups_per_second"]["bigrams"] > 0


def test_no_corpora(tmp_path):
    with pytest.raises(InputError, match=r"no \*\.parquet file"):
        build_model(tmp_path, tmp_path, tmp_path / "m.bin", Sizes(10, 1, 1), print)


@pytest.mark.parametrize("size", [0, 4, 65_537])
def test_vocabulary_size_is_checked(corpora, tmp_path, size):
    with pytest.raises(InputError, match="choose 5 to 65536"):
        build_model(corpora, tmp_path, tmp_path / "m.bin", Sizes(size, 1, 1), str)


def test_more_hundredths_than_there_are_cannot_be_held_out(corpora, tmp_path):
    options = ["--corpora", corpora, "--out", tmp_path / "m.bin", "--work", tmp_path]
    parts = ["--held-out", 20, "--held-out-from", 90]
    result = CliRunner().invoke(app, ["build", *map(str, options + parts)])
    assert result.exit_code == 2
    assert "exceed 100 hundredths" in " ".join(result.output.replace("│", " ").split())
    assert not (tmp_path / "m.bin").exists()
