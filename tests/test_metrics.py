"""The metrics: hand-computed examples, agreement with jiwer and sacrebleu, and properties."""

from __future__ import annotations

import math

import jiwer
import pytest
import sacrebleu
from hypothesis import given
from hypothesis import strategies as st

from evaluation import EvaluationError, gates, metrics, reliability, score, slices
from evaluation._align import align
from evaluation._statistics import Segment
from restore._edits import Edit

ALL = ("wer", "cer", "bleu", "chrf", "ter")
SOURCE = "Nan mayor said astir 40 group person moved , astatine least ."
REFERENCE = "The mayor said about 40 people have moved , at least ."
HYPOTHESIS = "The mayor says about 40 group had moved , at least ."
# Garbled: Nan astir group person astatine (5). Fixed: Nan astir astatine (3). Wrong: person->had.
# Missed: group. Broken: said->says. Right words of the source: mayor said 40 moved least (5).


def one(source, reference, hypothesis, **options):
    return score([source], [reference], [hypothesis], **options).metrics


def test_a_hand_computed_example():
    found = one(SOURCE, REFERENCE, HYPOTHESIS)
    expected = {
        "err": 1 - 3 / 5,  # 5 wrong words before; group, had, says after
        "err_word": (3 - 1) / 5,
        "fix_rate": 3 / 5,
        "wrong_fix_rate": 1 / 5,
        "break_rate": 1000 / 5,
        "change_rate": 5000 / 10,
        "garbled_share": 5 / 10,
        "edit_precision": 3 / 5,
        "edit_recall": 3 / 5,
        "edit_f05": 3 / 5,
        "detection_precision": 4 / 5,
        "detection_recall": 4 / 5,
        "exact": 0.0,
        "untouched": 0.0,
        "wer_before": 5 / 12,
        "wer": 3 / 12,
        "mer": 3 / 12,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected)


@pytest.mark.parametrize(
    ("source", "reference", "hypothesis", "verdicts"),
    [
        ("a b c", "a b c", "a b c", []),
        ("a x c", "a b c", "a b c", ["fixed"]),
        ("a x c", "a b c", "a x c", ["missed"]),
        ("a x c", "a b c", "a y c", ["wrong"]),
        ("a b c", "a b c", "a y c", ["broken"]),
        # A word too many, taken out; taken out together with a right one.
        ("a simply x c", "a x c", "a x c", ["fixed"]),
        ("a simply b c", "a b c", "a c", ["fixed", "broken"]),
        # A word put in where none was missing, and one that was missing.
        ("a b", "a b", "a z b", ["broken"]),
        ("a b", "a z b", "a z b", ["fixed"]),
        # One word for two and two for one: compared as a whole, wherever the alignment puts them.
        ("x y c", "z c", "z c", ["fixed", "fixed"]),
        ("q x c", "q1 q2 c", "q1 q2 c", ["fixed", "fixed"]),
        ("property caput said", "press secretary said", "press caput said", ["fixed", "missed"]),
    ],
)
def test_each_place_is_judged(source, reference, hypothesis, verdicts):
    places = align(source.split(), reference.split(), hypothesis.split())
    assert [place.verdict for place in places] == verdicts


words = st.lists(st.sampled_from(["a", "b", "c", "nan", "the", "."]), max_size=12)


@given(words, words, words)
def test_verdicts_add_up_to_the_distance(source, reference, hypothesis):
    from rapidfuzz.distance import Levenshtein

    places = align(source, reference, hypothesis)
    garbled = sum(place.weight for place in places if place.verdict != "broken")
    assert garbled == Levenshtein.distance(source, reference)
    if hypothesis == reference:
        assert {place.verdict for place in places} <= {"fixed"}
    if hypothesis == source:
        assert {place.verdict for place in places} <= {"missed"}
    if source == reference:
        assert {place.verdict for place in places} <= {"broken"}


texts = words.map(" ".join)


@given(texts, texts.filter(bool))
def test_the_reference_scores_one_and_the_source_zero(source, reference):
    best, none = one(source, reference, reference), one(source, reference, source)
    if source == reference:
        assert math.isnan(best["err"])
        assert math.isnan(best["err_word"])
    else:
        assert (best["err"], best["err_word"], best["fix_rate"]) == (1, 1, 1)
        assert (none["err"], none["err_word"], none["fix_rate"]) == (0, 0, 0)
    assert best["exact"] == 1
    assert none["untouched"] == 1
    for found in (best, none):
        assert math.isnan(found["break_rate"]) or found["break_rate"] == 0
        assert math.isnan(found["preserved"]) or found["preserved"] == 1


CASES = [
    ("the cat sat", "the cat sat"),
    ("A mayor spoke, twice.", "The mayor has spoken twice."),
    ("Ünïcode – dashes", "Unicode - dashes"),
    ("one two three four five six", "one three four six seven"),
    ("", "words that are all missing"),
    ("extra words only", "words"),
]


def test_error_rates_agree_with_jiwer():
    hypotheses, references = map(list, zip(*CASES, strict=True))
    found = score(hypotheses, references, hypotheses, families=("wer", "cer")).metrics
    words = jiwer.process_words(references, hypotheses)
    assert found["wer"] == pytest.approx(words.wer)
    assert found["mer"] == pytest.approx(words.mer)
    assert found["cer"] == pytest.approx(jiwer.cer(references, hypotheses))
    each = [jiwer.cer(*pair) for pair in zip(references, hypotheses, strict=True)]
    assert found["cer_mean"] == found["cer_mean_before"] == pytest.approx(sum(each) / len(each))


def test_overlap_agrees_with_sacrebleu():
    hypotheses, references = map(list, zip(*CASES, strict=True))
    found = score(hypotheses, references, hypotheses, families=ALL).metrics
    assert found["bleu"] == pytest.approx(sacrebleu.corpus_bleu(hypotheses, [references]).score)
    assert found["chrf"] == pytest.approx(sacrebleu.corpus_chrf(hypotheses, [references]).score)
    assert found["ter"] == pytest.approx(sacrebleu.corpus_ter(hypotheses, [references]).score)


@given(st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=6), st.randoms())
def test_sums_do_not_depend_on_the_order_of_segments(rows, random):
    shuffled = random.sample(rows, len(rows))
    left = score(*zip(*rows, strict=True)).metrics
    right = score(*zip(*shuffled, strict=True)).metrics
    assert left == pytest.approx(right, nan_ok=True)


def test_layout_numbers_and_names_are_gated():
    source = 'Ms Ito paid $1,250.50\n\n"Fine" see https://example.org/a?b=1. Mail a.b@example.org'
    broken = "Ms Ita paid $1,250.51\n“Fine” see https://example.org/a. Mail ab@example.org"
    found = gates(score([source], [source], [broken]).sums)
    assert found["numbers"] == {"stay": 2, "lost": 2, "made_up": 1}
    assert found["urls"] == {"stay": 1, "lost": 1, "made_up": 1}
    assert found["emails"] == {"stay": 1, "lost": 1, "made_up": 1}
    assert found["names"] == {"stay": 4, "lost": 1, "made_up": 1}
    assert found["quotes"] == {"stay": 2, "lost": 2, "made_up": 2}
    assert found["layout"] == {"stay": 1, "lost": 1, "made_up": 0}


def test_what_the_reference_corrects_need_not_stay():
    found = gates(score(["In I999, Amn"], ["In 1999, Ann"], ["In 1999, Ann"]).sums)
    assert all(kind["lost"] == kind["made_up"] == 0 for kind in found.values())


def test_confidences_are_binned_and_judged():
    edits = [
        Edit(0, 3, "Nan", "The", "fast", 0.95),
        Edit(10, 14, "said", "says", "fast", 0.85),
        Edit(15, 20, "astir", "about", "fast", 0.95),
    ]
    scores = score([SOURCE], [REFERENCE], [HYPOTHESIS], edits=[edits])
    bins = reliability(scores.sums)
    assert [(b["low"], b["n"], b["right"]) for b in bins] == [(0.8, 1, 0.0), (0.9, 2, 1.0)]
    assert scores.metrics["ece"] == pytest.approx((1 * 0.85 + 2 * 0.05) / 3)


def test_a_change_of_white_space_alone_is_not_judged():
    sums = score(["a  b"], ["a b"], ["a b"], edits=[[Edit(1, 3, "  ", " ")]]).sums
    assert (sums["edits"], sums["edits_unjudged"]) == (1, 1)


def test_fix_rate_by_relation():
    gold = [Edit(0, 3, "Nan", "The", "arbitrary"), Edit(24, 29, "group", "people", "synonym")]
    scores = score([SOURCE], [REFERENCE], [HYPOTHESIS], gold=[gold])
    assert scores.relations == {"arbitrary": (1, 1), "synonym": (1, 0)}


def test_documents_gather_their_segments():
    scores = score(["a", "x", "x"], ["a", "b", "b"], ["a", "b", "x"], documents=["1", "1", "2"])
    assert scores.documents == ("1", "2")
    assert scores.metrics["exact_documents"] == 0.5
    assert scores.metrics["exact"] == pytest.approx(2 / 3)
    assert scores.where([True, False]).metrics["err"] == 1.0


def test_slices_cover_every_segment():
    segments = [Segment("x", "b", "b"), Segment("x", "b", "x"), Segment("a", "a", "a")]
    found = slices(segments, ["1", "2", "3"], lambda n: "AAB"[n])
    assert {name: s.metrics["err"] for name, s in found.items()} == pytest.approx(
        {"A": 0.5, "B": math.nan}, nan_ok=True
    )


def test_unequal_lengths_are_named():
    with pytest.raises(EvaluationError, match="2 sources, 1 references, 2 hypotheses"):
        score(["a", "b"], ["a"], ["a", "b"])


def test_an_unknown_family_is_named():
    with pytest.raises(EvaluationError, match="no metric family 'bleurt'; there are: wer"):
        score(["a"], ["a"], ["a"], families=("bleurt",))


def test_an_edit_beyond_the_text_is_refused():
    with pytest.raises(EvaluationError, match="edit 0-9 lies outside its text of 1 characters"):
        score(["a"], ["a"], ["a"], edits=[[Edit(0, 9, "a", "b")]])


def test_metrics_of_nothing_are_undefined_not_zero():
    assert math.isnan(metrics(score([], [], []).sums)["err"])
