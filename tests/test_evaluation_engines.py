"""Engines and loggers of evaluation jobs: where shards are worked on, where metrics are sent."""

from __future__ import annotations

import json
import sys
import types

import pytest

from evaluation.jobs import make_config, run_job
from evaluation.jobs._loggers import LOGGERS, Loggers, Null
from tests.test_evaluation_jobs import MEND, config, data, tree

__all__ = ["data"]  # a fixture


def test_the_engine_ray_gives_the_same_bytes(data, tmp_path):
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'degarble[ray]'")
    run_job(config(data, tmp_path / "here", MEND))
    run_job(config(data, tmp_path / "there", MEND, engine="ray", workers=2))
    assert tree(tmp_path / "here") == tree(tmp_path / "there")


# --- loggers -------------------------------------------------------------------------------


class Recorder:
    """Stands in for a library that logs: remembers calls."""

    def __init__(self):
        self.calls = []

    def __getattr__(self, name):
        def call(*given, **named):
            self.calls.append((name, given, named))
            return self

        return call


def test_no_logger_is_imported_unless_it_is_asked_for(data, tmp_path):
    run_job(config(data, tmp_path / "job", "as-is"))
    assert not {"mlflow", "wandb", "trackio", "tensorboard"} & set(sys.modules)


@pytest.mark.parametrize(
    ("name", "module", "metric", "call"),
    [
        ("mlflow", "mlflow", "log_metrics", "end_run"),
        ("wandb", "wandb", "log", "finish"),
        ("trackio", "trackio", "log", "finish"),
    ],
)
def test_loggers_get_metrics_files_and_an_end(
    name, module, metric, call, data, tmp_path, monkeypatch
):
    seen = Recorder()
    monkeypatch.setitem(sys.modules, module, seen)
    run_job(config(data, tmp_path / "job", MEND, loggers=[name]))
    sent = [given[0] for what, given, _ in seen.calls if what == metric]
    assert sent[0]["x/mend/err"] == 1.0
    assert seen.calls[-1][0] == call
    files = [what for what, *_ in seen.calls if what in ("log_artifact", "save")]
    assert len(files) == (0 if name == "trackio" else 3)  # Markdown, JSON, run.json


def test_tensorboard_gets_scalars(data, tmp_path, monkeypatch):
    seen = Recorder()
    module = types.SimpleNamespace(SummaryWriter=lambda folder: seen)
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", module)
    run_job(config(data, tmp_path / "job", MEND, loggers=["tensorboard"]))
    assert ("add_scalar", ("x/mend/err", 1.0), {}) in seen.calls
    assert seen.calls[-1][0] == "close"


def test_a_logger_that_fails_warns_once_and_the_job_goes_on(data, tmp_path, monkeypatch):
    class Broken(Null):
        def metrics(self, values):
            message = "no\nroute"
            raise OSError(message)

    monkeypatch.setitem(LOGGERS, "wandb", Broken)
    monkeypatch.setitem(sys.modules, "trackio", None)
    said = []
    outcome = run_job(
        config(data, tmp_path / "job", "as-is", MEND, loggers=["wandb", "trackio"]),
        warn=said.append,
    )
    assert outcome.exit_code == 0
    assert len(said) == 2
    assert said[0].startswith("the logger trackio failed and is left out: ModuleNotFoundError")
    assert said[1] == "the logger wandb failed and is left out: OSError: no route"


def test_what_loggers_say_stays_out_of_standard_output(tmp_path, monkeypatch, capsys):
    class Talker(Null):
        def start(self, folder, run):
            sys.stdout.write("welcome\n")

    monkeypatch.setitem(LOGGERS, "wandb", Talker)
    Loggers(["wandb"]).start(tmp_path, {"config": {}})
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "welcome\n")


def test_warnings_go_to_standard_error(capsys, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    Loggers(["mlflow"]).start(tmp_path, {"config": {}})
    assert "the logger mlflow failed" in capsys.readouterr().err


def test_run_json_says_where_a_job_ran(data, tmp_path):
    run_job(make_config(config(data, tmp_path / "job", "as-is", workers=2).model_dump()))
    run = json.loads((tmp_path / "job/run.json").read_text())
    assert (run["config"]["engine"], run["config"]["workers"]) == ("local", 2)
