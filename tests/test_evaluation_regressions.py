"""Gates against a baseline: a real regression fails the job, noise does not."""

from __future__ import annotations

import math

import pytest

from evaluation import EvaluationError
from evaluation._compare import Comparison
from evaluation._resample import Difference
from evaluation.jobs import run_job
from evaluation.jobs._gates import Gate, breaches
from tests.test_evaluation_jobs import MEND, cli, config, data

__all__ = ["data"]  # a fixture

GATE = "err worse at 0.05"
EARLY, LATE = ("python:tests.job_systems:early", "python:tests.job_systems:late")


def ours(use):
    return {"use": use, "name": "ours"}


@pytest.fixture
def old(data, tmp_path):
    """Makes the folder of an earlier job of a system."""

    def make(use):
        run_job(config(data, tmp_path / "old", ours(use)))
        return str(tmp_path / "old")

    return make


def test_a_real_regression_fails(data, tmp_path, old):
    told = config(data, tmp_path / "new", ours(LATE), baseline=old(MEND), fail_on=[GATE])
    outcome = run_job(told)
    assert outcome.exit_code == 1
    (line,) = outcome.breaches
    assert line == (
        "err worse at 0.05: err went from 1 to 0.2083 for ours on x (p = 0.048, 12 documents)"
    )
    assert line in outcome.files["markdown"].read_text()


def test_noise_does_not_fail(data, tmp_path, old):
    told = config(data, tmp_path / "new", ours(LATE), baseline=old(EARLY), fail_on=[GATE])
    outcome = run_job(told)
    (found,) = outcome.differences
    assert found.differences["err"].difference < 0  # it is worse, but by one document of twelve
    assert found.differences["err"].p_randomisation > 0.05
    assert (outcome.breaches, outcome.exit_code) == ([], 0)


def test_an_improvement_does_not_fail(data, tmp_path, old):
    told = config(data, tmp_path / "new", ours(MEND), baseline=old(LATE), fail_on=[GATE])
    assert run_job(told).exit_code == 0


def test_a_metric_outside_the_headlines_is_tested_and_shown(data, tmp_path, old):
    told = config(
        data, tmp_path / "new", ours(LATE), baseline=old(MEND), fail_on=["wer worse at 0.05"]
    )
    outcome = run_job(told)
    assert outcome.exit_code == 1
    assert "wer" in outcome.differences[0].differences


@pytest.mark.parametrize(("use", "code"), [(LATE, 1), (MEND, 0)])
def test_the_gate_stands_in_toml(data, tmp_path, old, use, code):
    old(MEND)
    file = tmp_path / "job.toml"
    file.write_text(
        f"out='new'\nrounds=50\nfamilies=['wer']\nbaseline='old'\nfail_on=['{GATE} of ours']\n"
        f"[[set]]\nname='x'\npath='rows.jsonl'\n[[system]]\nuse='{use}'\nname='ours'\n"
    )
    done = cli(file)
    assert done.exit_code == code
    assert done.output.count("gate failed: err worse at 0.05 of ours: err went") == code


@pytest.mark.parametrize(
    ("gates", "keys", "message"),
    [
        ([GATE], {}, "compares with an earlier job: name one as the baseline"),
        (["err worse at 0.01"], {"baseline": "x"}, "never fail with 20 rounds: give 100 or more"),
        (["err worse at 1.5"], {"baseline": "x"}, "a p-value lies between 0 and 1, not at 1.5"),
        (["change_rate worse at 0.05"], {"baseline": "x"}, "change_rate is neither better nor"),
        (["brake_rate worse at .1"], {"baseline": "x"}, "did you mean 'break_rate'"),
        (["err worse"], {"baseline": "x"}, "a gate is METRIC>NUMBER or METRIC worse at P"),
    ],
)
def test_gates_that_could_never_fail_are_refused(data, tmp_path, gates, keys, message):
    with pytest.raises(EvaluationError, match=message):
        config(data, tmp_path / "new", "as-is", fail_on=gates, **keys)


def compared(documents, first=0.5, second=0.4, p=0.001, metric="err"):
    found = Difference(first, second, -0.2, 0.0, p, p)
    return Comparison("x", ("old", "ours"), documents, 0, {metric: found})


def test_few_documents_can_prove_nothing():
    gate = Gate.parse(GATE)
    assert breaches([gate], [], [compared(6)])
    with pytest.raises(EvaluationError, match="can nowhere be compared with the baseline"):
        breaches([gate], [], [compared(5)])  # exchanges of five give no p below 1/16


def test_what_the_baseline_does_not_have_cannot_be_tested():
    for comparisons in ([], [compared(20, metric="wer")], [compared(20, p=math.nan)]):
        with pytest.raises(EvaluationError, match="can nowhere be compared"):
            breaches([Gate.parse(GATE)], [], comparisons)


@pytest.mark.parametrize(
    ("metric", "first", "second", "fails"),
    [
        ("err", 0.5, 0.4, True),
        ("err", 0.4, 0.5, False),
        ("break_rate", 1.0, 2.0, True),
        ("break_rate", 2.0, 1.0, False),
    ],
)
def test_worse_means_lower_or_higher_as_the_metric_has_it(metric, first, second, fails):
    gate = Gate.parse(f"{metric} worse at .05 of ours on x*")
    found = breaches([gate], [], [compared(20, first, second, metric=metric)])
    assert bool(found) is fails
