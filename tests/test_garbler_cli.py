"""`restore garble` and `restore corpora fidelity`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from corpora.cli import app as corpora_app
from corpora.garbler import Lexicon, Reserved
from corpora.garbler._reach import ObservedPair, way
from corpora.garbler.cli import app
from corpora.garbler.fidelity import measure_reach
from restore._edits import apply_edits
from restore._errors import RestoreError
from restore.cli._edits_file import Veto, read_edits

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "The mayor walked in the park with a friend.\r\nThey didn't see the rain coming.\n"


@pytest.fixture
def clean(tmp_path):
    path = tmp_path / "clean.txt"
    path.write_bytes(TEXT.encode())
    return path


def run(*args, command=app, **kwargs):
    return CliRunner().invoke(command, [str(arg) for arg in args], **kwargs)


def test_written_edits_restore_the_file(clean, tmp_path):
    out, edits = tmp_path / "out.txt", tmp_path / "out.jsonl"
    done = run(clean, "--dialect", "A", "--seed", 7, "-o", out, "--edits", edits)
    assert (done.exit_code, done.output) == (0, "")
    garbled = out.read_bytes().decode()
    assert "nan park" in garbled
    assert "\r\n" in garbled
    back, _ = read_edits(edits, str(out), Veto())
    assert apply_edits(garbled, back) == TEXT


@pytest.mark.parametrize("option", ["-o", "--edits"])
def test_no_file_is_replaced_unasked(clean, option):
    done = run(clean, option, clean)
    assert isinstance(done.exception, RestoreError)
    assert str(done.exception) == f"{clean} exists already: use --force to replace it"
    assert clean.read_bytes().decode() == TEXT
    assert run(clean, "--dialect", "A", option, clean, "--force").exit_code == 0
    assert clean.read_bytes().decode() != TEXT


def test_seed_decides(clean):
    texts = [run(clean, "--dialect", "random", "--seed", seed).stdout for seed in (1, 1, 2, 3)]
    assert texts[0] == texts[1]
    assert len(set(texts)) > 1


def test_standard_input():
    assert "nan" in run("-", "--dialect", "A", input="in the park at the lake").stdout


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (["none.txt"], "no such file"),
        (["{clean}", "--dialect", "Q"], "known are A"),
        (["{clean}", "--config", "none.toml"], "cannot read the configuration"),
        (["{latin}"], "not UTF-8"),
        (["{clean}", "-o", "{folder}"], "is a folder, pipe or device"),
        (["{clean}", "-o", "{folder}/new", "--edits", "{folder}/./new"], "give --edits another"),
    ],
)
def test_bad_input_is_one_line_and_leaves_output(clean, tmp_path, args, complaint):
    latin = tmp_path / "latin.txt"
    latin.write_bytes("café".encode("latin-1"))
    out = tmp_path / "kept.txt"
    out.write_text("earlier")
    args = [arg.format(clean=clean, latin=latin, folder=tmp_path) for arg in args]
    if "-o" not in args:
        args += ["-o", str(out), "--force"]
    done = run(*args)
    assert isinstance(done.exception, RestoreError)
    assert complaint in str(done.exception)
    assert "\n" not in str(done.exception)
    assert out.read_text() == "earlier"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["clean.txt", "kept.txt", "latin.txt"]


def test_edits_never_replace_the_garbled_text(clean, tmp_path):
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "out.txt")
    (tmp_path / "out.txt").write_text("earlier")
    done = run(clean, "-o", tmp_path / "out.txt", "--edits", tmp_path / "link.jsonl", "--force")
    assert isinstance(done.exception, RestoreError)
    assert (tmp_path / "out.txt").read_text() == "earlier"


PAIRS = "garbled\toriginal\tdialect\nnan\tthe\tA\nastatine\tat\tA\nzzz\tharbour\tA\n"


def test_fidelity_report(tmp_path):
    table = tmp_path / "pairs.tsv"
    table.write_text(PAIRS)
    spun = tmp_path / "spun.txt"
    spun.write_text("He stood astatine nan door.")
    done = run("fidelity", "--pairs", table, "--spun", spun, command=corpora_app)
    assert done.exit_code == 0, done.exception
    assert "outside the arbitrary class: 2" in done.output
    assert "produces 50.0% of them by relations alone" in done.output
    assert "not reached: harbour -> zzz (A)" in done.output
    assert "| 40.0% |" in done.output  # two of five words of the spun text


def test_fidelity_needs_pairs(tmp_path):
    for table, complaint in (("no", "needs the columns"), ("garbled\tdialect\n", "original")):
        path = tmp_path / "t.tsv"
        path.write_text(table)
        done = run("fidelity", "--pairs", path, command=corpora_app)
        assert complaint in str(done.exception)
    done = run("fidelity", command=corpora_app, env={"RESTORE_SHARED": ""})
    assert "give --pairs" in str(done.exception)


@pytest.mark.parametrize(
    ("original", "garbled", "expected"),
    [
        ("can", "tin", "synonym"),
        ("in", "successful", "similar"),
        ("have", "person", "hypernym"),
        ("hits", "murder", "synonym"),
        ("tank", "vessel", "hypernym"),
        ("with", "pinch", ""),
    ],
)
def test_ways(original, garbled, expected):
    assert way(Lexicon(reserved=Reserved.ALLOW), original, garbled) == expected


def test_the_reach_counts_endings_and_keys():
    pairs = [ObservedPair("murder", "hits", "E"), ObservedPair("nan", "the", "A")]
    reach = measure_reach(Lexicon(reserved=Reserved.ALLOW), pairs)
    assert (reach.pairs, reach.arbitrary, reach.by_relation) == (1, 1, 1.0)
    assert reach.arbitrary_in_keys == 1.0
    assert reach.offered is None


@pytest.mark.shared
def test_nine_tenths_of_observed_pairs_are_in_reach(shared: Path):
    from corpora.garbler._reach import read_pairs

    pairs = read_pairs(shared / "lexicon" / "observed_substitutions.tsv")
    assert measure_reach(Lexicon(reserved=Reserved.ALLOW), pairs).with_keys >= 0.9
