"""`restore check`: how garbled a file is."""

from __future__ import annotations

import json
import os

import pytest

from tests.cli_runs import GARBLED, run

pytestmark = pytest.mark.usefixtures("fake")


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
