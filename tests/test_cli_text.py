"""`restore text`, on a restorer with a handful of known words."""

from __future__ import annotations

import json
import os

import pytest

from tests.cli_runs import GARBLED, RESTORED, codec, leftovers, one_line, run

pytestmark = pytest.mark.usefixtures("fake")


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
        pack, unpack = codec(suffix)
        (here / f"b.txt{suffix}").write_bytes(pack(GARBLED.encode()) + pack(b"nan\n"))
        assert run("text", f"b.txt{suffix}").stdout == RESTORED + "the\n"
        run("text", f"b.txt{suffix}", "-o", "out/")
        assert unpack((here / f"out/b.txt{suffix}").read_bytes()).decode() == RESTORED + "the\n"
        run("text", f"b.txt{suffix}", "-o", "plain.txt")
        assert (here / "plain.txt").read_text() == RESTORED + "the\n"
        run("text", "a.txt", "-o", f"c.txt{suffix}")
        assert unpack((here / f"c.txt{suffix}").read_bytes()).decode() == RESTORED

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
        table = arrow.table({"a": ["nan vote", None], "b": ["tin nan", "nan"]})
        parquet.write_table(table, "two.parquet")
        run("text", "two.parquet", "-f", "a", "-f", "b", "-o", "w.parquet", "--edits", "f.jsonl")
        restored = {"a": ["the vote", None], "b": ["can the", "the"]}
        assert parquet.read_table("w.parquet").to_pydict() == restored
        rows = [json.loads(line) for line in (here / "f.jsonl").read_text().splitlines()]
        assert [(r["row"], r["field"], r["start"]) for r in rows] == [
            (0, "a", 0),
            (0, "b", 0),
            (0, "b", 4),
            (1, "b", 0),
        ]
        error = run("text", "t.parquet", "-f", "id", "-o", "v.parquet", "-q", code=1)
        assert one_line(error) == "restore: t.parquet: column 'id' holds int64 data, not text"
        assert "with -o" in one_line(run("text", "t.parquet", "-f", "t", code=1))
        (here / "bad.parquet").write_bytes(b"PAR1 and no more")
        assert "not readable as parquet" in one_line(run("check", "bad.parquet", "-f", "t", code=1))
        assert not leftovers(here)

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

    def test_an_edits_file_replaces_nothing_unasked(self, here):
        (here / "notes.txt").write_text("mine")
        args = ("text", "a.txt", "-o", "b.txt", "-q", "--edits", "notes.txt")
        assert "notes.txt exists already: use --force" in one_line(run(*args, code=1))
        assert (here / "notes.txt").read_text() == "mine"
        assert not (here / "b.txt").exists()
        run(*args, "--force")
        assert len((here / "notes.txt").read_text().splitlines()) == 3
