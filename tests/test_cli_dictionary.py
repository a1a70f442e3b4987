"""`restore dictionary`, `--version` and what `restore bench` measures on."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from restore._errors import InputError
from restore.cli import _bench, _bench_workers, _version
from restore.cli._app import app
from restore.cli._example import example
from restore.dictionary import Dictionary, FormIndex, Relation, Tables, write_tables
from restore.seq2seq import SHIPPED
from restore.seq2seq._network import GRAPHS


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    tables = Tables(
        forms=FormIndex(["counterfeit wisdom", "vessel"]),
        originals=["ship", "tank", "artificial intelligence"],
        offsets=np.array([0, 1, 3], np.int32),
        candidates=np.array([2, 0, 1], np.int32),
        log_priors=np.log(np.array([1, 0.75, 0.25], np.float32)),
        relations=np.array([Relation.PHRASE, Relation.SYNONYM, Relation.HYPERNYM], np.uint8),
        observed=np.array([True, False, True]),
        deterministic=np.array([True, False]),
        version="7",
    )
    path = tmp_path / "dictionary.bin"
    write_tables(tables, path)
    table = Dictionary.load(path)
    monkeypatch.setattr(Dictionary, "load", lambda: table)
    return path


def run(*args, code=0):
    result = CliRunner().invoke(app, args)
    assert result.exit_code == code, result.output
    return result


def test_lookup(tiny):
    # The file keeps logarithms in steps of 1/16: 0.75 and 0.25 come back as these.
    lines = run("dictionary", "lookup", "Vessel", "counterfeit wisdom").stdout.splitlines()
    assert [line.split() for line in lines] == [
        ["vessel"],
        ["0.7316", "ship", "[synonym]"],
        ["0.2528", "tank", "[hypernym]", "observed"],
        ["counterfeit", "wisdom", "(deterministic)"],
        ["1.0000", "artificial", "intelligence", "[phrase]", "observed"],
    ]
    assert run("dictionary", "lookup", "vessel", "--limit", "1").stdout.endswith("and 1 more\n")


def test_lookup_as_json(tiny):
    found = json.loads(run("dictionary", "lookup", "vessel", "--json").stdout)
    assert found["deterministic"] is False
    assert [c["relation"] for c in found["candidates"]] == ["synonym", "hypernym"]


def test_an_unknown_form(tiny):
    result = run("dictionary", "lookup", "qqq", "vessel", code=1)
    assert result.stderr == "qqq: not in the dictionary\n"
    assert "ship" in result.stdout


def test_a_user_table_and_a_bad_one(tiny, tmp_path):
    table = tmp_path / "mine.tsv"
    table.write_text("vessel\tferry\n")
    out = run("dictionary", "lookup", "vessel", "-d", str(table)).stdout
    assert out.splitlines()[1].split()[1] == "ferry"
    table.write_text("vessel\n")
    result = run("dictionary", "lookup", "vessel", "-d", str(table), code=1)
    assert result.stderr.startswith("restore: ")
    assert "mine.tsv" in result.stderr
    assert result.stderr.count("\n") == 1


def test_stats(tiny):
    out = dict(line.split(None, 1) for line in run("dictionary", "stats").stdout.splitlines())
    assert out["version"] == "7"
    assert out["forms"] == "2"
    assert out["deterministic"] == "1"
    assert out["observed"] == "2"


def test_version_reads_headers_alone(tiny):
    header = _version._header(tiny)
    assert header["version"] == "7"
    assert header["sha256"] == Dictionary.load().content_hash


def test_a_damaged_data_file_has_no_version(tmp_path):
    for content in (b"", b"\xff\xfe", b"[]\n", b"{\n"):
        path = tmp_path / "x.bin"
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"."):
            _version._header(path)


def test_version_names_the_network_of_the_default_mode():
    digest = hashlib.sha256((SHIPPED / "config.json").read_bytes()).hexdigest()
    line = f"seq2seq {GRAPHS} sha256:{digest[: _version.HASH_DIGITS]}"
    assert line in run("--version").stdout.splitlines()


def test_a_damaged_network_has_no_version(tmp_path):
    path = tmp_path / "config.json"
    for content in ("", "[]", "{"):
        path.write_text(content)
        with pytest.raises(ValueError, match=r"."):
            _version._network(path)


def test_bench_documents_are_always_the_same():
    documents = _bench._documents(example("garbled"), 2000)
    assert documents == _bench._documents(example("garbled"), 2000)
    assert 2000 <= sum(len(document.split()) for document in documents) < 2100
    assert len(set(documents)) == len(documents)


def test_bench_refuses_what_is_no_text(tmp_path):
    path = tmp_path / "x.txt"
    for content, error in ((b"\xff", "not UTF-8"), (b" \n", "holds no words")):
        path.write_bytes(content)
        with pytest.raises(InputError, match=error):
            _bench._read(path)
    with pytest.raises(InputError, match="No such file"):
        _bench._read(tmp_path / "gone")


def test_the_example_is_the_same_story_twice():
    garbled, source = example("garbled"), example("source")
    assert garbled.count("\n") == source.count("\n")
    assert garbled != source


def test_bench_times_the_command_with_two_workers(monkeypatch):
    if _bench_workers._cores() < 2:
        pytest.skip("this machine has one core")
    monkeypatch.setattr(_bench_workers, "SECONDS", 0.02)
    runs = []
    times = iter([0, 5, 5, 18, 18, 22, 22, 28])  # 5 and 13 s with one worker, 4 and 6 with two
    monkeypatch.setattr(_bench_workers, "run_text", lambda *given: runs.append(given))
    monkeypatch.setattr(_bench_workers.time, "perf_counter", lambda: next(times))
    monkeypatch.setattr(_bench_workers.Path, "unlink", lambda path: None)
    found = _bench_workers.second_worker("fast", ["nan cat"] * 50, speed=10_000)
    assert found == _bench_workers.Second(speed=200, ratio=4.0)
    assert [given[-1] for given in runs] == ["1", "1", "2", "2"]
    monkeypatch.setattr(_bench_workers, "_cores", lambda: 1)
    assert _bench_workers.second_worker("fast", ["nan cat"], speed=10_000) is None
