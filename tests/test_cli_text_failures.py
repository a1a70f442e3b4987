"""`restore text` and what goes wrong: one line each, and nothing half done."""

from __future__ import annotations

import errno
import json
import re
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from restore.cli._app import app
from restore.cli._load import Settings
from tests.cli_fake import FakeRestorer
from tests.cli_runs import GARBLED, RESTORED, codec, leftovers, one_line, run

pytestmark = pytest.mark.usefixtures("fake")


class TestFailures:
    @pytest.mark.parametrize("suffix", [".gz", ".zst"])
    @pytest.mark.parametrize("damage", [lambda d: d[:-3], lambda d: b"no" + d[2:], lambda d: d[:2]])
    def test_damaged_compressed_files(self, here, suffix, damage):
        pack, _ = codec(suffix)
        (here / f"b.txt{suffix}").write_bytes(damage(pack(GARBLED.encode() * 50)))
        error = run("text", f"b.txt{suffix}", "-o", "out.txt", "-q", code=1)
        assert re.search("damaged|truncated", one_line(error))
        assert not (here / "out.txt").exists()
        assert not leftovers(here)

    def test_a_missing_library_is_one_line(self, here, monkeypatch):
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
        (here / "t.parquet").touch()
        error = run("text", "t.parquet", "-f", "t", "-o", "u.parquet", "-q", code=1)
        assert "pip install 'degarble[parquet]'" in one_line(error)

    def test_one_failing_file_does_not_stop_the_others(self, here):
        (here / "bad.txt").write_bytes(b"nan \xff")
        (here / "zero.txt").write_bytes(b"nan\0")
        (here / "odd.json").write_text("{}")
        (here / "folder.txt").mkdir()
        result = run(
            "text", "bad.txt", "zero.txt", "gone.txt", "odd.json", "a.txt", "-o", "out",
            "--edits", "e.jsonl", code=1,
        )  # fmt: skip
        assert result.stderr.splitlines() == [
            (
                "restore: odd.json: unknown suffix '.json': say what it holds with --format "
                "(txt, md, html, xml, jsonl, csv, tsv, parquet)"
            ),
            (
                "restore: bad.txt: byte 4 (0xff) is not utf-8: name the encoding with --encoding, "
                "for instance --encoding cp1252"
            ),
            "restore: zero.txt: binary data (a zero byte), not text: left alone",
            "restore: gone.txt: cannot be read: No such file or directory",
            "restore: 1 file done, 3 edits, 4 failed",
        ]
        assert [path.name for path in (here / "out").iterdir()] == ["a.txt"]
        names = {json.loads(line)["file"] for line in (here / "e.jsonl").read_text().splitlines()}
        assert names == {"a.txt"}

    def test_edits_of_a_file_that_fails_late_are_taken_back(self, here):
        rows = '{"t": "nan"}\n' * 30_000
        (here / "late.jsonl").write_text(rows + "broken\n")
        result = run(
            "text", "late.jsonl", "-f", "t", "-o", "out/", "--edits", "e.jsonl", "-q", code=1
        )
        assert "line 30001: not a JSON object" in one_line(result)
        assert (here / "e.jsonl").read_text() == ""
        assert not (here / "out/late.jsonl").exists()

    @pytest.mark.parametrize("pattern", [".", "*"])
    def test_a_file_that_cannot_be_used_does_not_hide_those_behind_it(self, here, pattern):
        (here / "b.parquet.gz").write_bytes(b"x")
        (here / "c.txt").write_text(GARBLED)
        args = ("text", pattern, "-o", "out", "--field", "t", "-q")
        assert "b.parquet.gz: " in one_line(run(*args, code=1))
        assert {path.name for path in (here / "out").iterdir()} == {"a.txt", "c.txt"}

    def test_a_folder_that_cannot_be_read_does_not_hide_those_behind_it(self, here, monkeypatch):
        for name in "bc":
            (here / name).mkdir()
            (here / name / "x.txt").write_text(GARBLED)
        entries = Path.iterdir
        monkeypatch.setattr(Path, "iterdir", lambda self: _refused(self, "b") or entries(self))
        assert "b: Permission denied" in one_line(run("text", ".", "-o", "out", "-q", code=1))
        assert (here / "out/c/x.txt").read_text() == RESTORED
        assert not (here / "out/b").exists()

    @pytest.mark.parametrize(
        ("args", "error"),
        [
            (["a.txt", "b.txt"], "2 files: give an output folder"),
            (["a.txt", "--edits", "a.txt"], "a.txt is an input or a result"),
            (["a.txt", "-o", "b.txt", "--edits", "./b.txt"], "is an input or a result"),
            (["a.txt", "-o", "a.txt"], "a.txt is an input: use --in-place"),
            (["a.txt", "-o", "."], "a.txt is an input: use --in-place"),
            (["a.txt", "sub/a.txt", "-o", "out"], "would both become"),
            (["a.txt", "-i", "-o", "out"], "exclude each other"),
            (["-", "-i"], "standard input cannot be restored in place"),
            (["-", "-o", "sub"], "standard input needs a file name"),
            (["a.txt", "--backup"], "--backup goes with --in-place"),
            (["a.txt", "-i", "--backup=/x"], "is no suffix"),
            (["--mode", "better"], "'better' is not one of"),
            (["--min-confidence", "2"], "Invalid value for '--min-confidence'"),
            (["--no-repair", "nonesuch"], "unknown repair 'nonesuch'"),
            (["--nonesuch"], "No such option"),
        ],
    )
    def test_usage_errors(self, here, args, error, monkeypatch):
        monkeypatch.setattr(Settings, "load", _checks_repairs)
        (here / "sub").mkdir()
        (here / "sub/a.txt").write_text(GARBLED)
        result = run("text", *args, code=2)
        assert error in " ".join(result.stderr.split())
        assert (here / "a.txt").read_text() == GARBLED

    def test_an_encoding_that_does_not_exist(self, here):
        error = run("text", "a.txt", "--encoding", "klingon", code=1)
        assert "unknown encoding 'klingon'" in one_line(error)

    def test_a_folder_that_takes_no_files(self, here):
        (here / "file").touch()
        assert "cannot" in one_line(run("text", "a.txt", "-o", "file/b.txt", "-q", code=1))


def _refused(path, name):
    if path.name == name:
        raise PermissionError(errno.EACCES, "Permission denied")


def _checks_repairs(self):
    from restore.cli._load import _repairs

    _repairs(self.repairs, self.no_repair)
    return FakeRestorer()


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    data=st.binary(max_size=200)
    | st.text(max_size=100).map(lambda t: t.encode("utf-8", "replace")),
    name=st.sampled_from(["x.txt", "x.md", "x.html", "x.jsonl", "x.csv", "x.txt.gz", "x.tsv.zst"]),
)
def test_any_bytes_give_a_whole_file_or_one_line(fake, tmp_path, data, name):
    path, out = tmp_path / name, tmp_path / "out" / name
    path.write_bytes(data)
    out.unlink(missing_ok=True)
    result = CliRunner().invoke(app, ["text", str(path), "-o", str(out), "-f", "t", "-q"])
    assert result.exit_code in (0, 1), result.output
    assert isinstance(result.exception, SystemExit | None)
    assert out.exists() == (result.exit_code == 0)
    assert not leftovers(tmp_path)
    if result.exit_code:
        one_line(result)
