"""Intervals and paired tests: they tell a real difference from none."""

from __future__ import annotations

import math

import pytest

from evaluation import EvaluationError
from evaluation._resample import compare, intervals
from evaluation._score import score


def scores_of(hypotheses):
    return score(["x y"] * len(hypotheses), ["a y"] * len(hypotheses), hypotheses)


def test_intervals_hold_the_value_and_are_the_same_every_time():
    found = scores_of(["a y"] * 12 + ["x y"] * 8)
    first, second = intervals(found, rounds=200), intervals(found, rounds=200)
    assert first == second
    assert first["err"][0] < 0.6 < first["err"][1]
    # The binomial standard error of 12 in 20 is .11: the interval is about 4 of them wide.
    assert 0.3 < first["err"][1] - first["err"][0] < 0.55


def test_few_documents_have_no_interval():
    assert intervals(scores_of(["a y"] * 4)) == {}


def test_paired_tests_tell_a_real_difference_from_none():
    good, bad = scores_of(["a y"] * 18 + ["x y"] * 2), scores_of(["a y"] * 4 + ["x y"] * 16)
    clear = compare(bad, good, ["err"], rounds=300)["err"]
    assert clear.difference == pytest.approx(0.7)
    assert clear.p_randomisation == pytest.approx(1 / 301)
    assert clear.p_bootstrap < 0.02
    assert clear.low < 0.7 < clear.high
    same = compare(good, good, ["err"], rounds=300)["err"]
    assert (same.p_randomisation, same.p_bootstrap) == (1.0, 1.0)


def test_randomisation_matches_the_exact_distribution():
    # Two documents differ, both in favour of the second: 2 of 4 exchanges are as extreme.
    first, second = scores_of(["x y"] * 5), scores_of(["a y"] * 2 + ["x y"] * 3)
    found = compare(first, second, ["err"], rounds=2000)["err"]
    assert found.p_randomisation == pytest.approx(0.5, abs=0.04)


def test_other_documents_cannot_be_paired():
    with pytest.raises(EvaluationError, match=r"different documents \(3 and 2\)"):
        compare(scores_of(["a y"] * 3), scores_of(["a y"] * 2), ["err"])


@pytest.mark.parametrize(("documents", "rounds"), [(1, 100), (4, 100), (20, 0)])
def test_what_cannot_be_tested_has_no_p_value(documents, rounds):
    first, second = scores_of(["x y"] * documents), scores_of(["a y"] * documents)
    found = compare(first, second, ["err"], rounds=rounds)["err"]
    assert found.difference == 1.0
    tested = (found.low, found.high, found.p_randomisation, found.p_bootstrap)
    assert all(map(math.isnan, tested))
