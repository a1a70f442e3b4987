"""The builder: tables, inflection, the prior, the mixing of sources, what becomes deterministic."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from restore.dictionary import Dictionary, Relation, write_tables
from training.dictionary._assemble import (
    Draft,
    Row,
    add_closed_class,
    add_observed,
    add_phrases,
    derived,
    tables,
)
from training.dictionary._broken import add_broken
from training.dictionary._build import Inputs
from training.dictionary._deterministic import deterministic_forms
from training.dictionary._features import Pairs, feature_names, make_pairs
from training.dictionary._honest import Honest, HonestCounts, count_forms, read_honest, write_honest
from training.dictionary._morphology import analyse, inflect_like
from training.dictionary._pairs import SAME, Columns, Forms
from training.dictionary._prior import Choices, curve, fit_prior, ranks
from training.dictionary._sources import (
    TABLES,
    Observed,
    aligned_words,
    read_observed,
    read_rows,
    read_tortured,
)


@pytest.fixture(scope="module")
def inputs():
    return Inputs.read()


@pytest.mark.parametrize("path", sorted(TABLES.glob("*.tsv")), ids=lambda path: path.name)
def test_tables_are_sorted_explained_and_small(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert path.stat().st_size < 5_000_000
    rows = [tuple(line.split("\t")) for line in lines if not line.startswith("#")]
    keys = [row[:3] if path.stem == "observed" else row[:2] for row in rows]
    keys = [row[0] for row in rows] if path.stem == "honest_counts" else keys
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_bad_table_row_is_located(tmp_path):
    (tmp_path / "t.tsv").write_text("# head\na\tb\nc\n")
    with pytest.raises(ValueError, match=r"t\.tsv:3: expected 2 columns, found 1"):
        read_rows(tmp_path / "t.tsv", 2)


def test_tortured_phrases_are_clean(inputs):
    for garbled, original in inputs.tortured:
        assert not set("(?)") & set(garbled + original)
        assert max(garbled.count(" "), original.count(" ")) < 5
        assert garbled != original


@pytest.mark.parametrize(
    ("lemma", "tag", "form"),
    [
        ("newsman", "NNS", "newsmen"),
        ("stand up", "VBD", "stood up"),
        ("phone number", "NNS", "phone numbers"),
        ("big", "JJR", "bigger"),
        ("officeholder", "NNS", "officeholders"),  # by rule
        ("permission", "VBG", "permissioning"),
        ("officeholder", "JJR", None),
        ("permission slip", "VBG", None),
        ("four words are many", "NNS", None),
    ],
)
def test_inflect_like(lemma, tag, form):
    assert inflect_like(lemma, tag) == form


@pytest.mark.parametrize(("lemma", "form"), [("officeholder", None), ("newsman", "newsmen")])
def test_rules_can_be_left_out(lemma, form):
    assert inflect_like(lemma, "NNS", by_rule=False) == form


def test_every_column_of_features_has_its_name():
    links = np.array([Relation.SYNONYM, Relation.TWO_STEP, Relation.ANTONYM], np.uint8)
    numbers, small = np.array([0, 1, 1], np.int32), np.ones(3, np.uint8)
    shares = np.log(np.array([0.5, 0.25, 1], np.float32))
    same = np.full(3, SAME, np.uint8)
    columns = Columns(numbers, numbers[::-1], links, shares, small, small, small, same)
    words, frequency = ["ship", "small"], np.array([3, 6], np.float32)
    pairs = make_pairs(columns, ["vessel", "shipping"], words, (frequency,) * 3)
    rows = [dict(zip(feature_names(), row, strict=True)) for row in pairs.features.tolist()]
    found = {
        (words[o], row["synonym"], row["antonym"], row["news frequency"])
        for o, row in zip(pairs.original, rows, strict=True)
    }
    assert found == {("ship", 1, 0, 3), ("small", 0, 1, 6), ("small", 0, 0, 6)}


def test_endings_put_on_by_rule_come_off_again():
    dictionary = Dictionary.load()
    for form, original in (("officeholders", "officers"), ("permissioning", "permitting")):
        entry = dictionary.lookup(form)
        assert entry is not None
        assert original in {candidate.original for candidate in entry.candidates}


def test_analyse_finds_lemmas_of_inflected_words():
    found = analyse(["hits", "better"], ["hit", "good", "well"])
    assert ("hit", "NNS") in found["hits"]
    assert {lemma for lemma, _ in found["better"]} == {"good", "well"}


@pytest.mark.parametrize("text", ["u.s.", "h5n1", "a b c d e f", "two--dashes", "caf\u00e9", ""])
def test_what_no_tokeniser_yields_is_no_form(text):
    assert Forms().number(text) == -1


def test_prior_recovers_known_weights():
    rng = np.random.default_rng(7)
    x = rng.normal(size=(4000 * 5, 2))
    starts = np.arange(0, len(x), 5)
    score = x @ [1.5, -0.5] + rng.gumbel(size=len(x))  # the logit's own random utility
    right = starts + score.reshape(-1, 5).argmax(1)
    prior = fit_prior(Choices(x, starts, right, np.ones(len(starts))), ridge=0.01)
    assert prior.weights / prior.scale == pytest.approx([1.5, -0.5], abs=0.1)


def test_ranks_count_ties_against_the_right_answer():
    scores = np.array([1.0, 2.0, 2.0, 5.0, 0.0])
    assert ranks(scores, np.array([0, 3]), np.array([1, 3])).tolist() == [1, 0]
    assert curve([0, 1, 9], [1, 1, 2], (1, 4)) == [0.25, 0.5]


def test_derived_keeps_the_best_and_drops_the_tail():
    n = 100
    pairs = Pairs(np.zeros(n, np.int32), np.arange(n, dtype=np.int32),
                  np.full(n, Relation.SYNONYM, np.uint8), np.zeros((0, 0), np.float32))  # fmt: skip
    words = [f"w{i}" for i in range(n)]
    flat = derived(pairs, np.zeros(n, np.float32), ["f"], words)
    assert len(flat.rows["f"]) == 64
    steep = derived(pairs, -np.arange(n, dtype=np.float32) * 3, ["f"], words)
    assert list(steep.rows["f"]) == words[:8]


def draft():
    return Draft({"f": {"a": Row(0.9, Relation.SYNONYM), "b": Row(0.1, Relation.HYPERNYM)}})


def test_observed_come_first_and_keep_the_relation_that_explains_them():
    mixed = draft()
    add_observed(mixed, [Observed("f", "b", "A", 1), Observed("f", "c", "A", 1)])
    here = mixed.rows["f"]
    assert min(here["b"].prior, here["c"].prior) >= here["a"].prior
    assert (here["b"].relation, here["c"].relation) == (Relation.HYPERNYM, Relation.OBSERVED)
    assert here["b"].prior > here["c"].prior  # what WordNet explains is likelier


def test_function_words_share_by_frequency():
    mixed = draft()
    add_closed_class(mixed, [("f", "the"), ("f", "nary")],
                     HonestCounts(1000, {"the": Honest(60, 5)}))  # fmt: skip
    here = mixed.rows["f"]
    assert here["the"].prior > here["nary"].prior > 0
    assert sum(row.prior for row in here.values()) == pytest.approx(1)


def test_contractions_broken_before_the_apostrophe():
    half = Row(0.5, Relation.SYNONYM)
    broken = Draft({"preceptor": {"don": half, "x": half}, "iodine": {"i": half}})
    add_broken(broken)
    assert set(broken.rows["preceptor't"]) == {"don't"}
    assert set(broken.rows["iodine'm"]) == {"I'm"}


def test_counting_tells_capitals_and_phrases_apart():
    lower, capital, read = count_forms(
        ["Nan met nan's deep learning deep learning"], {"nan", "deep learning"}, 100
    )
    assert (lower, capital) == (Counter({"deep learning": 2, "nan": 1}), Counter({"nan": 1}))
    assert read == 8


def test_honest_counts_round_trip(tmp_path):
    counts = HonestCounts(10, {"a": Honest(1, 2), "b c": Honest(0, 1)})
    write_honest(counts, tmp_path / "h.tsv")
    assert read_honest(tmp_path / "h.tsv") == counts
    assert counts.get("z") == Honest(0, 0)


def deterministic_case(counts, prior=0.9, original="the", form="zzqx", relation=Relation.SYNONYM):
    honest = HonestCounts(10_000_000, {"the": Honest(500_000, 9), **counts})
    made = Inputs([(form, original)], [], [], honest, [])
    rows = {form: {original: Row(prior, relation), "other": Row(1 - prior, relation)}}
    return deterministic_forms(Draft(rows), made) == {form}


def test_deterministic_criterion():
    assert deterministic_case({})
    assert not deterministic_case({"zzqx": Honest(3, 0)})  # honest in lower case
    assert deterministic_case({"zzqx": Honest(0, 9)})  # a rare name
    assert not deterministic_case({"zzqx": Honest(0, 11)})  # a name
    assert not deterministic_case({}, prior=0.55)  # no dominant reading
    assert not deterministic_case({}, original="zebra")  # style, not spinning
    assert not deterministic_case({}, form="money")  # frequent in English at large


def test_deterministic_phrases_are_unseen_and_not_wordnets():
    phrase = {"form": "profound learning", "original": "deep learning"}
    assert deterministic_case({}, relation=Relation.PHRASE, **phrase)
    assert not deterministic_case({}, relation=Relation.SYNONYM, **phrase)
    seen = {"profound learning": Honest(1, 0)}
    assert not deterministic_case(seen, relation=Relation.PHRASE, **phrase)


def test_shipped_deterministic_forms_meet_the_criterion(inputs):
    entries = list(Dictionary.load().deterministic_entries())
    assert len(entries) > 1000
    for entry in entries:
        uses = inputs.honest.get(entry.form)
        per_million = 1e6 / inputs.honest.words_read
        assert uses.lower * per_million <= 0.2
        assert uses.capital * per_million <= 1.0
        assert entry.candidates[0].prior >= 0.55  # 0.6, up to normalisation and quantisation


def test_tables_lay_out_words_then_phrases_and_normalise(tmp_path):
    mixed = draft()
    add_phrases(mixed, [("zig zag", "deep water")])
    laid = tables(mixed, {"a": "A"}, {"zig zag"}, "t")
    assert list(laid.forms) == ["f", "zig zag"]
    write_tables(laid, tmp_path / "d.bin")
    entry = Dictionary.load(tmp_path / "d.bin").lookup("f")
    assert [candidate.original for candidate in entry.candidates] == ["A", "b"]
    assert sum(candidate.prior for candidate in entry.candidates) == pytest.approx(1, abs=0.07)


def test_aligned_words_need_equal_length():
    found = aligned_words(
        [("bank steadiness", "financial stability"), ("a b", "c"), ("a c", "b c")]
    )
    assert found == {("bank", "financial"): 1, ("steadiness", "stability"): 1, ("a", "b"): 1}


def test_sources_are_read_whole():
    assert {pair.dialect for pair in read_observed()} == {"A", "C", "E"}
    assert len(read_tortured()) > 3000


def test_key_points_at_the_altered_words(shared):
    from restore._document import Document

    key = Path(__file__).resolve().parents[1] / "evaluation/data/seed_key.tsv"
    (seed,) = (shared / "seed").glob("*.txt")
    tokens = Document.parse(seed.read_text(encoding="utf-8")).tokens
    for index, length, garbled, _, _ in read_rows(key, 5)[1:]:
        assert " ".join(tokens[int(index) : int(index) + int(length)]) == garbled
