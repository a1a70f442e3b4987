"""`restore explain` and `restore apply`: edits as rows, and replayed."""

from __future__ import annotations

import gzip
import json

import pytest

from tests.cli_runs import GARBLED, RESTORED, leftovers, one_line, run

pytestmark = pytest.mark.usefixtures("fake")


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
