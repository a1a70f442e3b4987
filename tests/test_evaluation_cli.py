"""The command `restore evaluate`: what it prints, what it writes, and how it refuses."""

from __future__ import annotations

import json
import re

import pytest
import typer
from typer.testing import CliRunner

from evaluation import EvaluationError
from evaluation._launch import clear_errors
from evaluation.cli import app
from tests.evaluation_fake import spun, write

__all__ = ["spun"]  # a fixture


def run_cli(*arguments):
    return CliRunner().invoke(app, [str(one) for one in arguments])


def test_run_writes_results_that_compare_reads(spun, tmp_path):
    for name, command in (("a", "cat"), ("b", "sed s/nan/the/")):
        done = run_cli("run", "--root", tmp_path, "--set", "x=spun", "--system",
                       f"command:{command}", "--out", tmp_path / name, "--rounds", 50)  # fmt: skip
        assert done.exit_code == 0, done.output
    done = run_cli(
        "compare", tmp_path / "a", tmp_path / "b/aggregate/results.json", "--metric", "err"
    )
    assert done.exit_code == 0, done.output
    assert "0.500" in done.output
    assert "over documents" in done.output
    (scored,) = (tmp_path / "b" / "score" / "x" / "sed").iterdir()
    first = json.loads(scored.read_text().splitlines()[0])
    assert first["hypothesis"] == "the council met 0 times"


def test_a_configurations_root_goes_before_the_variable(spun, tmp_path, monkeypatch):
    write(tmp_path, "elsewhere/spun/source.txt", "nan end\n")
    write(tmp_path, "elsewhere/spun/reference.txt", "the end\n")
    monkeypatch.setenv("RESTORE_SHARED", str(tmp_path / "elsewhere"))
    text = "rounds = 0\nfamilies = ['wer']\nout = 'job'\n{root}[[set]]\nname = 'x'\npath = 'spun'\n"
    text += "[[system]]\nuse = 'as-is'\n"
    for root, rows in (("root = '..'\n", 12), ("", 1)):
        file = write(tmp_path, "told/job.toml", text.format(root=root))
        done = run_cli("run", file, "--json")
        assert json.loads(done.stdout)["results"][0]["counts"]["read"] == rows
    done = run_cli("run", file, "--json", "--root", tmp_path)
    assert json.loads(done.stdout)["results"][0]["counts"]["read"] == 12


def test_a_prefix_of_parallel_files_is_found_where_it_lies(tmp_path, monkeypatch):
    write(tmp_path, "mine.source.txt", "nan end\n")
    write(tmp_path, "mine.reference.txt", "the end\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RESTORE_SHARED", str(tmp_path / "elsewhere"))
    done = run_cli("run", "--set", "x=mine", "--system", "as-is", "--rounds", 0)
    assert done.exit_code == 0, done.output


def test_the_same_run_gives_the_same_json_but_for_its_times(spun):
    found = []
    for _ in range(2):
        done = run_cli("run", "--set", f"x={spun}", "--system", "as-is", "--json", "--rounds", 20)
        data = json.loads(done.output)
        data["results"][0].pop("speed")
        found.append(data)
    assert found[0] == found[1]
    entry = found[0]["results"][0]
    assert entry["metrics"]["err"] == [0.0, 0.0, 0.0]
    for part in ("data:x,parallel,sha256-", "system:as-is", "jiwer-", "v:", "seed=12345"):
        assert part in entry["signature"]


def test_markdown_has_a_signature_a_line(spun):
    done = run_cli("run", "--set", f"x={spun}", "--system", "as-is", "--markdown", "--rounds", 20)
    assert "| as-is | 0.000" in done.output
    assert "12 read, 12 scored (6 documents), 0 skipped, 0 failed" in done.output
    assert "- as-is: `data:x" in done.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run",), "give --set NAME=PATH"),
        (("run", "--set", "nameless"), "NAME=PATH or NAME:KIND=PATH, not 'nameless'"),
        (("run", "--set", "x:odd=."), "no kind of test set 'odd'"),
        (("compare", "nowhere", "nowhere"), "no such file or folder: nowhere"),
        (("compare", ".", ".", "--metric", "errr"), "no metric 'errr'"),
    ],
)
def test_wrong_arguments_give_one_line(arguments, message):
    done = run_cli(*arguments)
    assert done.exit_code == 2
    assert message in done.output
    assert len(done.output.strip().splitlines()) == 1


def test_results_of_other_data_are_not_compared(spun, tmp_path):
    for name in ("a", "b"):
        done = run_cli("run", "--set", f"x={spun}", "--system", "as-is", "--out", tmp_path / name)
        assert done.exit_code == 0, done.output
        write(spun, "source.txt", (spun / "source.txt").read_text().replace("late", "owed"))
    done = run_cli("compare", tmp_path / "a", tmp_path / "b")
    assert done.exit_code == 2
    assert "set 'x' is not the same in both results" in done.output


def test_a_single_document_is_compared_without_a_test(tmp_path):
    write(tmp_path, "mine/source.txt", "nan end\n")
    write(tmp_path, "mine/reference.txt", "the end\n")
    for name, command in (("a", "cat"), ("b", "sed s/nan/the/")):
        run_cli("run", "--set", f"x={tmp_path / 'mine'}", "--system", f"command:{command}",
                "--out", tmp_path / name, "--rounds", 0)  # fmt: skip
    done = run_cli("compare", tmp_path / "a", tmp_path / "b", "--metric", "err")
    assert "too few documents (1) to be tested" in done.output
    (line,) = (line for line in done.output.splitlines() if line.split()[:1] == ["err"])
    assert line.split()[1:] == ["0.000", "1.000", "1.000", "-", "-", "-"]
    wrong = run_cli("compare", tmp_path / "a", tmp_path / "b", "--rounds", 0)
    assert wrong.exit_code == 2


def test_results_that_other_code_counted_say_so(spun, tmp_path):
    for name in ("a", "b"):
        run_cli("run", "--set", f"x={spun}", "--system", "as-is", "--out", tmp_path / name,
                "--rounds", 0)  # fmt: skip
    compared = ("compare", tmp_path / "a", tmp_path / "b")
    assert "different code" not in run_cli(*compared).output
    file = tmp_path / "b/aggregate/results.json"
    file.write_text(re.sub(r"code-\w+", "code-0123", file.read_text()))
    assert "counted by different code" in run_cli(*compared).output


def test_figures_say_what_was_not_measured(tmp_path):
    write(tmp_path, "bench/clean/wmt22-news/source.txt", "All is well.\n")
    write(tmp_path, "bench/clean/wmt22-news/reference.txt", "All is well.\n")
    done = run_cli("figures", "--root", tmp_path, "--system", "as-is", "--rounds", 10)
    assert done.exit_code == 0, done.output
    assert "### clean-wmt22" in done.output
    assert "not measured: spun-news (not found)" in done.output


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ModuleNotFoundError("no", name="jiwer"), "pip install 'degarble[eval]'"),
        (PermissionError(13, "Permission denied", "x.jsonl"), "x.jsonl: Permission denied"),
        (EvaluationError("no such set"), "no such set"),
    ],
)
def test_what_goes_wrong_is_told_from_a_gate_that_failed(error, said, capsys):
    with pytest.raises(typer.Exit) as ended, clear_errors():
        raise error
    assert ended.value.exit_code == 2
    assert said in capsys.readouterr().err
