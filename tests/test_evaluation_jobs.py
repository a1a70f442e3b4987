"""Evaluation jobs: configuration, stages, crashes, failures, gates, baselines."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from evaluation import EvaluationError
from evaluation.cli import app
from evaluation.jobs import DEFAULT, JobConfig, make_config, run_job
from restore import RestoreError

ROOT = Path(__file__).resolve().parents[1]
MEND = "python:tests.job_systems:mend"


@pytest.fixture
def data(tmp_path):
    """Twelve documents of two lines, one of them blank."""
    rows = []
    for n in range(12):
        source = f"nan council met {n} times\nit was astir late"
        right = source.replace("nan", "the").replace("astir", "rather")
        rows.append({"id": f"r{n}", "source": source, "reference": right, "kind": f"k{n % 2}"})
    rows.append({"id": "blank", "source": " ", "reference": " "})
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def config(data, folder, *systems, **keys):
    entries = [one if isinstance(one, dict) else {"use": one} for one in systems]
    told = {"out": str(folder), "set": [{"name": "x", "path": str(data)}], "system": entries,
            "rounds": 20, "families": ["wer"], "shard_documents": 4,
            "formats": ["markdown", "json"]}  # fmt: skip
    return make_config(told | keys)


def cli(*arguments):
    return CliRunner().invoke(app, [str(one) for one in arguments])


def tree(folder):
    """The bytes of all files but those that hold times."""
    skip = ("run.json", "speed.json", "report.md", "report.json", "report.html", ".lock")
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in skip and not path.name.endswith(".seconds.json")
    }


# --- configuration -------------------------------------------------------------------------


def test_the_written_configuration_holds_the_defaults(tmp_path):
    assert cli("init", tmp_path / "e.toml").exit_code == 0
    told = tomllib.loads((tmp_path / "e.toml").read_text())
    plain = {"set": told["set"], "system": told["system"]}
    assert make_config(told) == make_config(plain)
    assert set(JobConfig.model_fields) - set(told) == {"slice_by"}
    again = cli("init", tmp_path / "e.toml")
    assert again.exit_code == 2
    assert "cannot be written" in again.output


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("famlies = []", "unknown key 'famlies': did you mean 'families'?"),
        ("[[set]]\nname='x'\npth='y'", "unknown key 'set.0.pth': did you mean 'path'?"),
        ("[[set]]\nname='x'\npath='y'\n[[system]]\nuze='y'", "unknown key 'system.0.uze'"),
        ("rounds = -1", "rounds: Input should be greater than or equal to 0, not -1"),
        ("workers = 'two'", "workers: Input should be a valid integer"),
        ("engine = 'spark'", "engine: Input should be 'local' or 'ray', not 'spark'"),
        ("families = ['blue']", "no metric family 'blue'; there are: wer"),
        ("loggers = ['paper']", "no logger 'paper'; there are: tensorboard"),
        ("fail_on = ['brake_rate>1']", "no metric 'brake_rate'; did you mean 'break_rate'?"),
        ("families = ['wer']\nfail_on = ['ter>50']", "'ter>50': ter needs 'ter' among `families`"),
        ("families = ['cer']\nfail_on = ['err<0']", "'err<0': err needs 'wer' among `families`"),
        ("fail_on = ['err is low']", "a gate is METRIC>NUMBER"),
        ("[[set]]\nname='x/y'\npath='y'", "the name 'x/y' may only hold"),
        ("[[set]]\nname='x'", "the key 'set.0.path' is missing"),
        ("nonsense", "not TOML"),
        ("", "give --set NAME=PATH"),
    ],
)  # fmt: skip
def test_a_wrong_configuration_gives_one_line(tmp_path, text, message):
    file = tmp_path / "bad.toml"
    whole = "" if "[[" in text or not text else "\n[[set]]\nname='x'\npath='y'\n"
    file.write_text(text + whole + ("" if "[[system" in text else "\n[[system]]\nuse='as-is'\n"))
    done = cli("run", file)
    assert done.exit_code == 2
    assert message in done.output
    assert str(file) in done.output
    assert len(done.output.strip().splitlines()) == 1


def test_a_configuration_is_a_command(data, tmp_path):
    file = tmp_path / "job.toml"
    file.write_text("out='job'\nrounds=0\n[[set]]\nname='x'\npath='rows.jsonl'\n"
                    "[[system]]\nuse='as-is'\n")  # fmt: skip
    done = cli("run", file, "--families", "wer")
    assert done.exit_code == 0, done.output
    assert cli(file).exit_code == 0
    assert (tmp_path / "job/aggregate/results.json").exists()


BAD_JOBS = {
    "two names": ({"system": [{"use": "as-is"}] * 2}, "two systems are called 'as-is'"),
    "set twice": (
        {"set": [{"name": "x", "path": "a"}] * 2},
        "the set name 'x' is used twice",
    ),
    "no pairs": ({"system": [{"use": "as-is", "sets": ["y"]}]}, "no system gets any set"),
    "idle gate": ({"fail_on": ["err<1 of fast"]}, "is for nothing that is scored"),
    "undefined gate": ({"fail_on": ["ece>1"]}, "ece is undefined wherever the gate applies"),
    "no baseline": ({"baseline": "/nowhere"}, "no such file or folder: /nowhere"),
    "no function": ({"system": [{"use": "python:json:nothing"}]}, "cannot be loaded"),
    "no model": ({"system": [{"use": "seq2seq:/nowhere"}]}, "no folder of a Hugging Face model"),
}


@pytest.mark.parametrize("case", BAD_JOBS)
def test_a_job_that_makes_no_sense_is_refused(case, data, tmp_path):
    keys, message = BAD_JOBS[case]
    with pytest.raises(RestoreError, match=message):
        run_job(config(data, tmp_path / "job", "as-is", **keys))


def test_other_data_than_expected_are_refused(data, tmp_path):
    entry = {"name": "x", "path": str(data), "hash": "0" * 12}
    with pytest.raises(EvaluationError, match=r"set 'x': its hash is \w{12}, but 000000000000"):
        run_job(config(data, tmp_path / "job", "as-is", set=[entry]))


def test_a_folder_that_holds_other_things_is_left_alone(data, tmp_path):
    with pytest.raises(EvaluationError, match="is not empty and holds no job"):
        run_job(config(data, tmp_path, "as-is"))


@pytest.mark.parametrize("entry", ["report/notes.txt", "predict/a.bin", "score", "run.json"])
def test_a_folder_is_no_job_for_the_name_of_one_entry(entry, data, tmp_path):
    mine = tmp_path / "mine" / entry
    mine.parent.mkdir(parents=True)
    mine.write_text('{"epochs": 3}')
    with pytest.raises(EvaluationError, match="is not empty and holds no job"):
        run_job(config(data, tmp_path / "mine", "as-is"))
    assert mine.read_text() == '{"epochs": 3}'


def test_what_a_job_leaves_that_was_killed_at_once_is_a_job(data, tmp_path):
    (tmp_path / "job").mkdir()
    for name in (".lock", ".restore-0123456789ab.tmp"):
        (tmp_path / "job" / name).touch()
    assert run_job(config(data, tmp_path / "job", "as-is")).exit_code == 0


# --- stages --------------------------------------------------------------------------------


def test_each_stage_has_a_manifest_and_counts_stand_in_every_report(data, tmp_path):
    outcome = run_job(config(data, tmp_path / "job", "as-is", MEND))
    for stage in ("prepare", "predict", "score", "aggregate", "report"):
        assert (tmp_path / "job" / stage / "manifest.json").exists()
    counts = {"read": 13, "scored": 12, "skipped": {"blank": 1}, "failed": 0, "documents": 12}
    assert [one["counts"] for one in outcome.reports] == [counts, counts]
    assert json.loads(outcome.files["json"].read_text())["results"][0]["counts"] == counts
    assert "13 read, 12 scored" in outcome.files["markdown"].read_text()
    assert [one["metrics"]["err"][0] for one in outcome.reports] == [0.0, 1.0]
    assert outcome.reports[1]["slices"]["kind"]["k0"]["n"] == 6


def test_run_json_holds_what_is_needed_to_repeat_a_job(data, tmp_path):
    run_job(config(data, tmp_path / "job", "as-is"))
    run = json.loads((tmp_path / "job/run.json").read_text())
    assert run["schema"] == 1
    assert run["config"]["families"] == ["wer"]
    assert run["end"] >= run["start"]
    assert set(run) >= {
        "package", "git", "argv", "python", "platform", "cpu", "libraries", "seeds", "data",
        "signatures", "exit_code", "counts",
    }  # fmt: skip
    assert run["signatures"]["x/as-is"].startswith(f"data:x,jsonl,sha256-{run['data']['x']}")


def test_predictions_are_made_once_and_scored_many_times(data, tmp_path, monkeypatch):
    count = tmp_path / "count"
    script = tmp_path / "peer.sh"
    script.write_text(f"echo >> {count}\nexec sed 's/nan/the/'\n")
    peer = {"use": f"command:sh {script}", "name": "peer"}
    run_job(config(data, tmp_path / "job", peer, cache=str(tmp_path / "cache")))
    assert count.read_text().count("\n") == 3  # shards
    other = config(data, tmp_path / "other", peer, families=["cer"], cache=str(tmp_path / "cache"))
    assert run_job(other).reports[0]["metrics"]["cer"][0] > 0
    assert count.read_text().count("\n") == 3
    run_job(other, refresh=True)
    assert count.read_text().count("\n") == 6
    script.write_text(script.read_text().replace("the", "a"))  # another program now
    changed = run_job(other)
    assert count.read_text().count("\n") == 9
    assert changed.reports[0]["metrics"]["exact"][0] == 0


def test_one_changed_document_means_one_shard_anew(data, tmp_path):
    run_job(config(data, tmp_path / "job", MEND))
    before = set((tmp_path / "job/predict").glob("*.jsonl"))
    data.write_text(data.read_text().replace("met 11 times", "met 99 times"))
    run_job(config(data, tmp_path / "job", MEND))
    assert len(set((tmp_path / "job/predict").glob("*.jsonl")) - before) == 1
    assert len(list((tmp_path / "job/score/x/mend").iterdir())) == 3


@pytest.mark.parametrize("workers", [1, 2])
def test_a_job_is_the_same_in_memory_and_in_processes(workers, data, tmp_path):
    run_job(config(data, tmp_path / "one", MEND))
    run_job(config(data, tmp_path / "many", MEND, workers=workers))
    assert tree(tmp_path / "one") == tree(tmp_path / "many")


def test_two_jobs_in_one_folder_are_refused(data, tmp_path):
    import fcntl

    run_job(config(data, tmp_path / "job", "as-is"))
    with (tmp_path / "job/.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(EvaluationError, match="another job runs in this folder"):
            run_job(config(data, tmp_path / "job", "as-is"))


# --- crashes -------------------------------------------------------------------------------


def start_job(file, **more):
    environ = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", "from evaluation.cli import app; app()", "run", str(file)]
    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environ, **more
    )


@pytest.mark.parametrize("workers", [1, 2])
def test_a_job_killed_at_any_moment_ends_with_the_same_bytes(workers, data, tmp_path):
    def write(name):
        file = tmp_path / f"{name}.toml"
        file.write_text(
            f"out='{name}'\nrounds=300\nworkers={workers}\nshard_documents=2\n"
            "[[set]]\nname='x'\npath='rows.jsonl'\n"
            f"[[system]]\nuse='{MEND}'\n[[system]]\nuse='as-is'\n"
        )
        return file

    whole = write("whole")
    assert start_job(whole).wait() == 0
    killed = write("killed")
    chance = random.Random(workers)
    died = 0
    for _ in range(4 if workers == 1 else 2):
        job = start_job(killed)
        # Wait until it has begun, then strike at some moment of the work.
        while job.poll() is None and not (tmp_path / "killed/prepare").exists():
            pass
        try:
            job.wait(timeout=chance.uniform(0.0, 0.9))
        except subprocess.TimeoutExpired:
            job.send_signal(signal.SIGKILL)
        died += job.wait() == -signal.SIGKILL
    end = start_job(killed)
    assert end.wait() == 0, end.stderr.read().decode()
    left, right = tree(tmp_path / "whole"), tree(tmp_path / "killed")
    assert left.keys() == right.keys()
    assert left == right
    assert died, "nothing was killed: the test shows nothing"


def test_the_default_configuration_names_every_key():
    assert all(f"{key} =" in DEFAULT or f"[[{key}]]" in DEFAULT for key in JobConfig.model_fields)
