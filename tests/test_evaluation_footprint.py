"""What systems cost: measured in processes of their own, and shown in every report."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from evaluation import EvaluationError, _footprint
from evaluation._footprint import measure, sample
from evaluation._report import footprint_table, unmeasured
from evaluation.cli import app
from evaluation.jobs import run_job
from evaluation.jobs._costs import footprint_file
from tests.test_evaluation_jobs import MEND, config, data

__all__ = ["data"]  # a fixture

TEXTS = sample([f"nan council met {n} times" for n in range(20)])


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """One start instead of three; a system of this folder as the yardstick."""
    monkeypatch.setattr(_footprint, "STARTS", 1)
    monkeypatch.setattr("evaluation.jobs._costs.YARDSTICK", MEND)


def test_a_system_is_measured_beside_another():
    found = measure("python:tests.job_systems:breaking", TEXTS, 1, MEND)
    assert found["words_per_second"] > 10_000
    assert found["ratio"] > 10  # the other one waits at each text
    assert found["beside"] == MEND
    assert 0.05 < found["start_seconds"] < 60
    assert 1e7 < found["peak_bytes"] < 1e9
    assert found["p50_seconds"] <= found["p95_seconds"]
    assert found["model_bytes"] is None


def test_peak_memory_is_the_systems_own_not_its_parents():
    ballast = bytearray(400_000_000)
    assert measure("as-is", TEXTS, 1)["peak_bytes"] < len(ballast)


def test_the_time_is_kept(monkeypatch):
    found = measure(MEND, TEXTS * 50, 0.05)  # of four seconds
    assert 5 <= found["words"] < 400


def test_one_core_is_enough(monkeypatch):
    core = _footprint._cores()[:1]
    monkeypatch.setattr(_footprint, "_cores", lambda: core)
    assert measure("as-is", TEXTS, 1)["words_per_second_two"] is None


@pytest.mark.parametrize(
    ("use", "reason"), [("no-such", "no system 'no-such'"), ("oracle", "KeyError")]
)
def test_a_system_that_fails_is_named(use, reason):
    with pytest.raises(EvaluationError, match=f"{use}: could not be measured: .*{reason}"):
        measure(use, TEXTS, 1)


def test_a_job_measures_once_and_shows_it_everywhere(data, tmp_path, monkeypatch):
    pytest.importorskip("jinja2")
    told = config(data, tmp_path / "job", MEND, "as-is", footprint=0.1,
                  formats=["markdown", "json", "html"])  # fmt: skip
    first = run_job(told)
    monkeypatch.setattr("evaluation.jobs._costs.measure", None)
    assert run_job(told).footprints == first.footprints
    assert first.footprints["mend"]["words_per_second"] > 0
    assert "### Speed and footprint" in first.files["markdown"].read_text()
    assert "Speed and footprint</h2>" in first.files["html"].read_text()
    assert "mend" in json.loads(first.files["json"].read_text())["footprints"]


def test_a_system_that_cannot_be_measured_is_said(data, tmp_path, monkeypatch):
    def refuse(use, *rest):
        message = f"{use}: could not be measured: no room"
        raise EvaluationError(message)

    monkeypatch.setattr("evaluation.jobs._costs.measure", refuse)
    outcome = run_job(config(data, tmp_path / "job", "as-is", footprint=1))
    assert unmeasured(outcome.footprints) == ["as-is: could not be measured: no room"]
    assert "no room" in outcome.files["markdown"].read_text()
    assert footprint_table(outcome.footprints)[1] == [["as-is", *["-"] * 8]]


def test_the_command_measures_only_when_asked(data):
    from typer.testing import CliRunner

    arguments = ["run", "--set", f"x={data}", "--system", "as-is", "--rounds", "0"]
    for more, shown in (([], False), (["--footprint", "0.1"], True)):
        done = CliRunner().invoke(app, [*arguments, *more])
        assert done.exit_code == 0, done.output
        assert ("speed and footprint" in done.output) == shown


def test_figures_beside_another_yardstick_are_others(tmp_path, monkeypatch):
    places = set()
    for signature in ("fast-1", "fast-2"):
        fake = SimpleNamespace(signature=signature)
        monkeypatch.setattr("evaluation.jobs._costs.system_of", lambda use, fake=fake: fake)
        places.add(footprint_file(tmp_path, "mine", "mine-1", ["a"], 1.0))
    assert len(places) == 2
