"""Families of metrics by name: the light fluency score, and how jobs take optional ones."""

from __future__ import annotations

import json

import numpy as np
import pytest

from evaluation import EvaluationError, _family, _fluency, score
from evaluation._families import check_families, family_of
from evaluation.jobs import load_config, run_job
from restore.lattice import NgramModel
from tests.test_evaluation_jobs import MEND, cli, config, data

__all__ = ["data"]  # a fixture

SPUN = "Nan assembly consented to rebuild nan span adjacent twelvemonth."
RIGHT = "The council agreed to rebuild the bridge next year."


def test_fluency_sums_the_models_own_probabilities():
    model = NgramModel.load()
    ids = model.ids(["<s>", "It", "rained", ".", "</s>"])
    first = float(model.bigram(ids[0], ids[1]))
    rest = [float(model.trigram(*ids[n : n + 3])) for n in range(3)]
    total, tokens = _fluency.log_probability("It rained.")
    assert (total, tokens) == (pytest.approx(first + np.sum(rest), abs=1e-3), 4)
    assert _fluency.log_probability("It rained. It rained.") == pytest.approx(
        (2 * total, 8), abs=1e-3
    )


def test_fluency_needs_no_reference_to_prefer_the_right_text():
    found = score([SPUN], [RIGHT], [RIGHT], families=["fluency"]).metrics
    assert found["fluency"] == found["fluency_reference"] > found["fluency_before"] + 2


def test_fluency_of_nothing_is_undefined():
    found = score(["", "a"], ["", "a"], ["", ""], families=["fluency"])
    assert np.isnan(found.metrics["fluency"])
    assert not np.isnan(found.metrics["fluency_reference"])


@pytest.mark.parametrize(
    ("specs", "message"),
    [
        (["wer", "chrff"], "no metric family 'chrff'; there are: wer, cer"),
        (["bleu:x"], "no metric family 'bleu:x'"),
        (["lm:"], "no metric family 'lm:'"),
        (["lm:a", "lm:b"], "the metric family 'lm' is named twice"),
        (["wer", "wer"], "the metric family 'wer' is named twice"),
    ],
)
def test_wrong_families_are_named(specs, message):
    with pytest.raises(EvaluationError, match=message):
        check_families(specs)


def test_a_job_shows_an_optional_metric_with_interval_and_signature(data, tmp_path):
    told = config(data, tmp_path / "job", MEND, families=["wer", "fluency"])
    outcome = run_job(told)
    (report,) = outcome.reports
    value, low, high = report["metrics"]["fluency"]
    assert low <= value <= high
    assert value > report["metrics"]["fluency_before"][0]
    assert "|fluency:restore-ngram,sha256-" in report["signature"]
    text = outcome.files["markdown"].read_text()
    assert "| fluency |" in text
    assert "- `fluency`: log probability of a token" in text


def test_what_is_missing_is_named_before_anything_is_predicted(data, tmp_path, monkeypatch):
    def missing(name):
        raise _family.PackageNotFoundError(name)

    monkeypatch.setattr(_family, "version", missing)
    family_of.cache_clear()
    done = cli("run", "--set", f"x={data}", "--system", "as-is", "--out", tmp_path / "job",
               "--families", "wer,errant:absent_sm")  # fmt: skip
    assert done.exit_code == 2
    assert len(done.output.strip().splitlines()) == 1
    assert "errant needs errant, which is not installed: pip install 'degarble[errant]'" in (
        done.output
    )
    assert not (tmp_path / "job/predict").exists()


def test_another_model_means_other_scores(data, tmp_path):
    run_job(config(data, tmp_path / "job", MEND, families=["fluency"]))
    before = {path.name for path in (tmp_path / "job/score/x/mend").iterdir()}
    copy = tmp_path / "other.bin"
    copy.write_bytes(NgramModel.load().path.read_bytes())
    run_job(config(data, tmp_path / "job", MEND, families=[f"fluency:{copy}"]))
    assert before.isdisjoint(path.name for path in (tmp_path / "job/score/x/mend").iterdir())


def test_a_models_place_starts_at_the_configuration(tmp_path):
    (tmp_path / "mini").mkdir()
    file = tmp_path / "job.toml"
    file.write_text("families = ['wer', 'similarity:mini', 'errant:en_core_web_sm']\n")
    families = load_config(file)["families"]
    assert families == ["wer", f"similarity:{tmp_path / 'mini'}", "errant:en_core_web_sm"]


def test_results_with_optional_metrics_are_read_back(data, tmp_path):
    from evaluation import _results

    run_job(config(data, tmp_path / "job", MEND, families=["wer", "fluency"]))
    ((report, scores),) = _results.load(tmp_path / "job")
    assert scores.metrics["fluency"] == pytest.approx(report["metrics"]["fluency"][0], abs=1e-6)
    raw = json.loads((tmp_path / "job/aggregate/results.json").read_text())
    assert "fluency_log" in raw["results"][0]["documents"]["columns"]
