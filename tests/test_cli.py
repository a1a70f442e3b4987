"""The command line by itself, on a restorer with a handful of known words."""

from __future__ import annotations

import errno
import gzip
import json
import os
import re
import sys
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from restore.cli._app import app
from restore.cli._load import Settings
from tests.cli_fake import FakeRestorer

GARBLED = "Sat connected nan mat.\nHe tin go.\n"
RESTORED = "Sat on the mat.\nHe can go.\n"


@pytest.fixture(autouse=True)
def fake(monkeypatch):
    monkeypatch.setattr(Settings, "load", lambda self: FakeRestorer(self.min_confidence or 0.0))


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(GARBLED)
    return tmp_path


def run(*args, stdin=b"", code=0):
    result = CliRunner().invoke(app, [str(arg) for arg in args], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.output
    return result


def one_line(result):
    assert result.stderr.count("\n") == 1, result.stderr
    assert result.stderr.startswith("restore: ")
    return result.stderr.strip()


def leftovers(folder):
    return list(folder.rglob(".restore-*"))


class TestText:
    def test_standard_input_to_standard_output(self):
        result = run("text", stdin=b"\xef\xbb\xbfHe tin\r\ngo\n\n nan")
        assert result.stdout_bytes == b"\xef\xbb\xbfHe can\r\ngo\n\n the"
        assert result.stderr == ""
        assert run("text", "-", stdin=b"nan").stdout == "the"

    def test_empty_in_empty_out(self, here):
        (here / "empty.txt").touch()
        assert run("text", "empty.txt").stdout_bytes == b""
        assert run("text").stdout_bytes == b""

    def test_format_of_standard_input(self):
        result = run("text", "--format", "jsonl", "-f", "t", stdin=b'{"t": "nan"}\n')
        assert result.stdout == '{"t": "the"}\n'

    def test_one_file_to_one_file(self, here):
        result = run("text", "a.txt", "-o", "out/b.txt")
        assert (here / "out/b.txt").read_text() == RESTORED
        assert result.stdout == ""
        assert result.stderr == "restore: 1 file done, 3 edits\n"
        assert run("text", "a.txt", "-o", "c.txt", "-q").stderr == ""

    def test_an_output_that_exists_is_not_replaced_unasked(self, here):
        (here / "b.txt").write_text("old")
        error = run("text", "a.txt", "-o", "b.txt", "-q", code=1)
        assert one_line(error) == "restore: a.txt: b.txt exists already: use --force to replace it"
        assert (here / "b.txt").read_text() == "old"
        run("text", "a.txt", "-o", "b.txt", "--force")
        assert (here / "b.txt").read_text() == RESTORED

    def test_a_folder_is_mirrored(self, here):
        (here / "in/deep").mkdir(parents=True)
        (here / "in/deep/b.html").write_text("<p>nan")
        (here / "in/c.md").write_text("nan")
        for name in ("picture.png", ".hidden.txt", "table.csv", "README"):
            (here / "in" / name).write_text("nan")
        result = run("text", "in", "a.txt", "-o", "out")
        made = sorted(
            str(path.relative_to(here / "out"))
            for path in (here / "out").rglob("*")
            if path.is_file()
        )
        assert made == ["a.txt", "c.md", "deep/b.html"]
        assert (here / "out/deep/b.html").read_text() == "<p>the"
        assert result.stderr == "restore: 3 files done, 5 edits, 3 passed over\n"

    def test_tables_of_a_folder_are_taken_with_a_field(self, here):
        (here / "in").mkdir()
        (here / "in/t.csv").write_text("t\nnan\n")
        run("text", "in", "-o", "out", "--field", "t")
        assert (here / "out/t.csv").read_text() == "t\nthe\n"

    def test_patterns(self, here):
        (here / "in/x").mkdir(parents=True)
        (here / "in/x/b.txt").write_text("nan")
        run("text", "in/**/*.txt", "-o", "out")
        assert (here / "out/x/b.txt").read_text() == "the"
        error = run("text", "*.nothing", "-o", "out", "-q", code=1)
        assert one_line(error) == "restore: *.nothing: no file matches"

    def test_in_place_keeps_permissions_and_a_backup(self, here):
        path = here / "a.txt"
        path.chmod(0o640)
        run("text", "a.txt", "-i", "--backup", "-q")
        assert path.read_text() == RESTORED
        assert path.stat().st_mode & 0o777 == 0o640
        assert (here / "a.txt.bak").read_text() == GARBLED
        path.write_text("nan")
        error = run("text", "a.txt", "-i", "--backup", "-q", code=1)
        assert "the backup" in one_line(error)
        assert path.read_text() == "nan"
        assert (here / "a.txt.bak").read_text() == GARBLED
        run("text", "a.txt", "-i", "--backup=.orig", "-q")
        assert (here / "a.txt.orig").read_text() == "nan"

    def test_in_place_leaves_files_without_edits_alone(self, here):
        path = here / "clean.txt"
        path.write_text("clean\n")
        os.utime(path, (1, 1))
        run("text", "clean.txt", "-i", "--backup")
        assert path.stat().st_mtime == 1
        assert not (here / "clean.txt.bak").exists()

    def test_in_place_through_a_link(self, here):
        (here / "link.txt").symlink_to(here / "a.txt")
        run("text", "link.txt", "-i")
        assert (here / "link.txt").is_symlink()
        assert (here / "a.txt").read_text() == RESTORED

    def test_a_link_has_an_output_of_its_own(self, here):
        (here / "link.txt").symlink_to(here / "a.txt")
        run("text", "a.txt", "link.txt", "-o", "out")
        assert (here / "out" / "link.txt").read_text() == RESTORED

    def test_what_is_not_edited_keeps_its_bytes_in_any_encoding(self, here):
        data = "nan \u00e9,\n".encode("utf-7") * 3000
        (here / "b.txt").write_bytes(data)
        run("text", "b.txt", "--encoding", "utf-7", "-o", "c.txt")
        assert (here / "c.txt").read_bytes() == data.replace(b"nan", b"the")

    def test_output_through_a_link_keeps_the_link(self, here):
        (here / "there").mkdir()
        (here / "link.txt").symlink_to(here / "there/b.txt")
        run("text", "a.txt", "-o", "link.txt", "-q")
        assert (here / "there/b.txt").read_text() == RESTORED
        (here / "there/b.txt").write_text("earlier")
        run("text", "a.txt", "-o", "link.txt", "-q", "--force")
        assert (here / "link.txt").is_symlink()
        assert (here / "there/b.txt").read_text() == RESTORED
        assert [path.name for path in (here / "there").iterdir()] == ["b.txt"]

    @pytest.mark.parametrize("option", ["-o", "--edits"])
    @pytest.mark.parametrize("force", [[], ["--force"]])
    def test_a_pipe_is_not_replaced(self, here, option, force):
        os.mkfifo(here / "pipe")
        error = run("text", "a.txt", option, "pipe", *force, "-q", code=1)
        assert "pipe is a folder, pipe or device: give the name of a file" in one_line(error)
        assert (here / "pipe").is_fifo()

    @pytest.mark.parametrize("suffix", [".gz", ".zst"])
    def test_compressed_files(self, here, suffix):
        pack, unpack = _codec(suffix)
        (here / f"b.txt{suffix}").write_bytes(pack(GARBLED.encode()) + pack(b"nan\n"))
        assert run("text", f"b.txt{suffix}").stdout == RESTORED + "the\n"
        run("text", f"b.txt{suffix}", "-o", "out/")
        assert unpack((here / f"out/b.txt{suffix}").read_bytes()).decode() == RESTORED + "the\n"
        run("text", f"b.txt{suffix}", "-o", "plain.txt")
        assert (here / "plain.txt").read_text() == RESTORED + "the\n"
        run("text", "a.txt", "-o", f"c.txt{suffix}")
        assert unpack((here / f"c.txt{suffix}").read_bytes()).decode() == RESTORED

    @pytest.mark.parametrize("suffix", [".gz", ".zst"])
    @pytest.mark.parametrize("damage", [lambda d: d[:-3], lambda d: b"no" + d[2:], lambda d: d[:2]])
    def test_damaged_compressed_files(self, here, suffix, damage):
        pack, _ = _codec(suffix)
        (here / f"b.txt{suffix}").write_bytes(damage(pack(GARBLED.encode() * 50)))
        error = run("text", f"b.txt{suffix}", "-o", "out.txt", "-q", code=1)
        assert re.search("damaged|truncated", one_line(error))
        assert not (here / "out.txt").exists()
        assert not leftovers(here)

    def test_parquet(self, here):
        arrow = pytest.importorskip("pyarrow")
        from pyarrow import parquet

        text = ["nan", None, "", "tin nan"]
        meta = {b"made": b"here"}
        schema = arrow.schema([("id", arrow.int64()), ("t", arrow.string())], metadata=meta)
        table = arrow.table({"id": [1, 2, 3, 4], "t": text}, schema=schema)
        parquet.write_table(table, "t.parquet", row_group_size=2, compression="zstd")
        run("text", "t.parquet", "-f", "t", "-o", "u.parquet", "--edits", "e.jsonl")
        found = parquet.ParquetFile("u.parquet")
        assert found.read().to_pydict() == {"id": [1, 2, 3, 4], "t": ["the", None, "", "can the"]}
        assert found.schema_arrow.metadata == meta
        assert found.metadata.num_row_groups == 2
        assert found.metadata.row_group(0).column(0).compression == "ZSTD"
        rows = [json.loads(line) for line in (here / "e.jsonl").read_text().splitlines()]
        assert [(r["row"], r["field"], r["start"]) for r in rows] == [
            (0, "t", 0),
            (3, "t", 0),
            (3, "t", 4),
        ]
        error = run("text", "t.parquet", "-f", "id", "-o", "v.parquet", "-q", code=1)
        assert one_line(error) == "restore: t.parquet: column 'id' holds int64 data, not text"
        assert "with -o" in one_line(run("text", "t.parquet", "-f", "t", code=1))
        (here / "bad.parquet").write_bytes(b"PAR1 and no more")
        assert "not readable as parquet" in one_line(run("check", "bad.parquet", "-f", "t", code=1))
        assert not leftovers(here)

    def test_a_missing_library_is_one_line(self, here, monkeypatch):
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
        (here / "t.parquet").touch()
        error = run("text", "t.parquet", "-f", "t", "-o", "u.parquet", "-q", code=1)
        assert "pip install 'degarble[parquet]'" in one_line(error)

    def test_diff(self, here):
        result = run("text", "a.txt", "--diff")
        assert result.stdout == (
            "a.txt:1: Sat [-connected-]{+on+} [-nan-]{+the+} mat.\na.txt:2: He [-tin-]{+can+} go.\n"
        )
        assert (here / "a.txt").read_text() == GARBLED
        result = run("text", "a.txt", "--diff", "-o", "b.txt", "-q")
        assert "[-tin-]" in result.stdout
        assert (here / "b.txt").read_text() == RESTORED

    def test_diff_cuts_long_lines_and_control_characters(self):
        line = f"{'a ' * 99}\x1b[0m nan {'b ' * 200}tin{' c' * 99}\n"
        result = run("text", "--diff", stdin=f"x\n{line}y\n".encode())
        assert result.stdout.startswith("<stdin>:2: \u2026")
        assert len(result.stdout) < 400
        assert "\x1b" not in result.stdout

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

    def test_an_edits_file_replaces_nothing_unasked(self, here):
        (here / "notes.txt").write_text("mine")
        args = ("text", "a.txt", "-o", "b.txt", "-q", "--edits", "notes.txt")
        assert "notes.txt exists already: use --force" in one_line(run(*args, code=1))
        assert (here / "notes.txt").read_text() == "mine"
        assert not (here / "b.txt").exists()
        run(*args, "--force")
        assert len((here / "notes.txt").read_text().splitlines()) == 3

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


def _codec(suffix):
    if suffix == ".gz":
        return gzip.compress, gzip.decompress

    def unpack(data):
        reader = zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True)
        return reader.read()

    return zstandard.ZstdCompressor().compress, unpack


class TestExplainAndApply:
    def test_table(self, here):
        out = run("explain", "a.txt").stdout
        rows = [line.split() for line in out.splitlines() if "fake" in line]
        assert rows[0] == ["1", "1", "4", "connected", "on", "fake:table", "0.75", "its", "0.20"]
        assert [row[1] for row in rows] == ["1", "1", "2"]
        assert run("explain", stdin=b"clean").stdout == "no edits\n"

    def test_json_replays(self, here):
        (here / "e.jsonl").write_text(run("explain", "a.txt", "--json").stdout)
        assert run("apply", "a.txt", "e.jsonl").stdout == RESTORED
        assert run("apply", "a.txt", "e.jsonl", "--reject", "2").stdout == RESTORED.replace(
            "the", "nan"
        )
        assert run("apply", "a.txt", "e.jsonl", "--min-confidence", "0.8").stdout == GARBLED
        result = run("apply", "a.txt", "e.jsonl", "--reject", "1", "-o", "b.txt")
        assert result.stderr == "restore: 2 edits made, 1 left out\n"
        assert (here / "b.txt").read_text() == "Sat connected the mat.\nHe can go.\n"

    def test_a_rejected_line_is_left_out(self, here):
        run("text", "a.txt", "-o", "b.txt", "--edits", "e.jsonl")
        lines = [json.loads(line) for line in (here / "e.jsonl").read_text().splitlines()]
        lines[0]["reject"] = True
        (here / "e.jsonl").write_text("\n".join(map(json.dumps, reversed(lines))))
        assert run("apply", "a.txt", "e.jsonl").stdout == "Sat connected the mat.\nHe can go.\n"

    def test_replay_of_a_marked_up_compressed_wide_file(self, here):
        page = "\ufeff<p>caf&eacute;s <b>nan</b> &#x1F600; tin</p>" * 3
        (here / "p.html.gz").write_bytes(gzip.compress(page.encode("utf-16-le")))
        run("text", "p.html.gz", "-o", "q.html.gz", "--edits", "e.jsonl")
        run("apply", "p.html.gz", "e.jsonl", "-o", "r.html.gz")
        assert (here / "q.html.gz").read_bytes() == (here / "r.html.gz").read_bytes()

    def test_edits_of_several_files(self, here):
        (here / "b.txt").write_text("nan")
        run("text", "a.txt", "b.txt", "-o", "out", "--edits", "e.jsonl")
        assert run("apply", "b.txt", "e.jsonl").stdout == "the"
        assert run("apply", "a.txt", "e.jsonl").stdout == RESTORED
        (here / "c.txt").write_text("nan")
        assert "none of them c.txt" in one_line(run("apply", "c.txt", "e.jsonl", code=1))

    @pytest.mark.parametrize(
        ("edits", "error"),
        [
            (
                '{"start": 0, "end": 3, "before": "Sat", "after": "x"}\n{"start": 1',
                "line 2: not JSON",
            ),
            ("[]", "line 1: no edit"),
            ('{"start": -1, "end": 3, "before": "", "after": ""}', "line 1: not an edit"),
            (
                '{"start": 0, "end": 3, "before": "Cat", "after": "x"}',
                "expects 'Cat', the text has",
            ),
            ('{"start": 97, "end": 100, "before": "Sat", "after": "x"}', "expects 'Sat'"),
            ('{"start": 0, "end": 3, "before": "Sat", "after": "x"}\n' * 2, "edits overlap"),
            ('{"row": 1}', "parquet files cannot be replayed"),
            ('{"file": ["a.txt"]}', "line 1: the file's name is no text"),
            ('{"start": 0, "end": 3, "before": "Sat", "after": "\\ud800"}', "cannot be written in"),
            ("\xff", "not UTF-8"),
        ],
    )
    def test_bad_edits(self, here, edits, error):
        (here / "e.jsonl").write_bytes(edits.encode("latin-1"))
        found = one_line(run("apply", "a.txt", "e.jsonl", "-o", "b.txt", code=1))
        assert error in found
        assert not (here / "b.txt").exists()
        assert not leftovers(here)

    def test_nothing_is_shown_of_a_file_whose_last_edit_does_not_match(self, here):
        run("text", "a.txt", "-o", "b.txt", "--edits", "e.jsonl")
        (here / "a.txt").write_text(GARBLED.replace("tin", "ton"))
        result = run("apply", "a.txt", "e.jsonl", code=1)
        assert "were the edits made for another file?" in one_line(result)
        assert result.stdout == ""

    def test_numbers_that_no_edit_has(self, here):
        (here / "e.jsonl").touch()
        assert "no edit has number 1" in one_line(
            run("apply", "a.txt", "e.jsonl", "--reject", "1", code=1)
        )
        assert "cannot be read" in one_line(run("apply", "a.txt", "gone.jsonl", code=1))


class TestCheck:
    def test_shares_and_exit_codes(self, here):
        (here / "b.txt").write_text("All is well.\n")
        result = run("check", "a.txt", "b.txt")
        assert result.stdout == "0.4286\ta.txt\n0.0000\tb.txt\n"
        run("check", "a.txt", "b.txt", "--fail-above", "0.5")
        run("check", "a.txt", "b.txt", "--fail-above", "0.4", code=3)
        run("check", "a.txt", "gone.txt", "--fail-above", "0.4", code=1)

    def test_json(self, here):
        found = json.loads(run("check", "a.txt", "--json").stdout)
        assert found == {"file": "a.txt", "garbled_share": 0.4286, "words": 7, "edits": 3}

    @pytest.mark.parametrize("command", [["check"], ["text", "--diff"]])
    def test_a_name_that_is_no_utf8(self, here, command):
        name = os.fsdecode(b"caf\xe9.txt")
        try:
            (here / name).write_text(GARBLED)
        except OSError as error:
            pytest.skip(f"the file system refuses such names: {error}")
        assert "caf\\udce9.txt" in run(*command, name).stdout


class TestTop:
    def test_version(self):
        assert run("--version").stdout.startswith("restore ")

    def test_plugins_are_listed_without_being_imported(self, monkeypatch):
        _plug(monkeypatch, "broken", "no_such_module_here:app")
        assert re.search(r"broken +From no_such_module_here\.", run("--help").stdout)
        assert one_line(run("broken", "x", code=1)) == (
            "restore: no_such_module_here is not part of this installation"
        )

    def test_plugins_run(self, monkeypatch):
        _plug(monkeypatch, "mine", "tests.test_cli:plugin")
        assert run("mine", "--loud").stdout == "HELLO\n"

    def test_a_missing_extra_is_one_line(self, monkeypatch):
        _plug(monkeypatch, "mine", "tests.test_cli:needy")
        monkeypatch.setitem(sys.modules, "torch", None)
        assert (
            one_line(run("mine", code=1))
            == "restore: this needs torch: pip install 'degarble[train]'"
        )

    def test_a_plugin_without_its_object(self, monkeypatch):
        _plug(monkeypatch, "mine", "tests.test_cli:nothing")
        assert "the command 'mine' is broken" in one_line(run("mine", code=1))

    def test_unknown_commands(self):
        assert "No such command" in run("fly", code=2).stderr


def _plug(monkeypatch, name, value):
    from importlib.metadata import EntryPoint

    from restore.cli import _plugins

    entry = EntryPoint(name, value, "restore.commands")
    monkeypatch.setattr(_plugins, "_found", lambda group: {name: entry})


def _make_plugin(work):
    import typer

    plugin = typer.Typer()
    plugin.command()(work)
    return plugin


def _hello(loud: bool = False) -> None:
    sys.stdout.write("HELLO\n" if loud else "hello\n")


def _needs_torch() -> None:
    import torch  # noqa: F401


plugin = _make_plugin(_hello)
needy = _make_plugin(_needs_torch)


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
