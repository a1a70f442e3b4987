"""The benchmark page: one command, whatever is there; what is not is named, never dropped."""

from __future__ import annotations

import json
import re

import pytest
from typer.testing import CliRunner

from evaluation._outside import Function
from evaluation._predict import FAILURES
from evaluation.benchmark import Choice, choose, load_listing, measure_all, render
from evaluation.benchmark._columns import best, column
from evaluation.cli import app
from restore.dictionary._dictionary import SHIPPED
from tests import benchmark_systems

pytest.importorskip("jinja2", reason="Jinja2 is not installed: pip install 'degarble[report]'")

HERE = "python:tests.benchmark_systems"
LISTING = f"""
families = ["wer", "chrf"]
rounds = 20

[[set]]
name = "seen"
title = "spun notes"
path = "seen.jsonl"
lead = "err"

[[set]]
name = "clean"
path = "clean.txt"
lead = "change_rate"

[[set]]
name = "extra"
title = "spun lines of another kind"
path = "extra"
lead = "err"

[[set]]
name = "gone"
path = "not/there.jsonl"
lead = "err"

[[system]]
use = "as-is"
title = "as is"
role = "bound"

[[system]]
use = "dictionary"
role = "mode"

[[system]]
use = "unheard-of"
role = "mode"

[[system]]
use = "{HERE}:mend"

[[system]]
use = "{HERE}:meddle"
sets = ["seen", "clean"]

[[system]]
use = "python:no_such_package:function"
title = "a checker"

[[left_out]]
name = "an old checker"
reason = "it is no longer to be had"
"""


@pytest.fixture
def place(tmp_path):
    """A folder of outside data and a listing: twelve notes, honest lines, and spun ones."""
    rows = []
    for n in range(12):
        right = f"the council met {n} times"
        row = {"id": f"r{n}", "source": right.replace("the ", "nan "), "reference": right}
        rows.append(row | {"dialect": "AB"[n % 2]})
    (tmp_path / "seen.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "clean.txt").write_text("The honest council met.\nIt was an honest day.\n" * 4)
    (tmp_path / "extra").mkdir()
    (tmp_path / "extra" / "source.txt").write_text("the mayor lefft\n")
    (tmp_path / "extra" / "reference.txt").write_text("the mayor left\n")
    (tmp_path / "listing.toml").write_text(LISTING)
    benchmark_systems.CALLS.clear()
    benchmark_systems.STOP_AT.clear()
    return tmp_path


def cli(place, *more):
    arguments = ["benchmark", "--root", place, "--work", place / "work", "--listing",
                 place / "listing.toml", *more]  # fmt: skip
    return CliRunner().invoke(app, [str(one) for one in arguments])


def page_of(place, *more, code=0):
    done = cli(place, "--out", place / "page.md", *more)
    assert done.exit_code == code, done.output
    return (place / "page.md").read_text()


def rows_of(page, heading):
    """The rows of the first table below a heading, by what stands first."""
    lines = page.partition(f"\n{heading}\n")[2].splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("|"))
    found = {}
    for line in lines[first:]:
        if not line.startswith("|"):
            break
        name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        found[name] = cells
    return found


def test_the_page_has_a_row_a_system_and_the_best_in_bold(place):
    page = page_of(place)
    table = rows_of(page, "## Spun news, development part")
    assert list(table) == ["", "---", "*as is*", "dictionary", "mend", "meddle"]
    assert table[""][:2] == ["ERR", "fixed"]
    assert table["mend"][0] == "**1.000 (1.000-1.000)**"
    assert table["meddle"][3].startswith("250.00")
    assert not any("**" in cell for cell in table["*as is*"])
    assert rows_of(page, "### ERR by dialect")[""] == ["seen: A", "seen: B"]


def test_the_overview_has_a_column_a_set_and_says_where_others_are_better(place):
    page = page_of(place)
    table = rows_of(page, "## Overview")
    assert table[""] == ["seen: ERR", "clean: changed / 1,000", "extra: ERR"]
    assert table["meddle"][2] == ""  # it did not get this set
    assert table["dictionary"][1] == "**0.00**"
    assert "- spun lines of another kind, ERR: mend 1.000; the best mode here, dictionary" in page
    assert "- clean, changed" not in page


def test_what_was_not_run_or_measured_is_named(place):
    page = page_of(place)
    for line in (
        "- not run: unheard-of: the installed restorer has no mode 'unheard-of'",
        "- not run: a checker: python:no_such_package:function cannot be loaded",
        "- not run: an old checker: it is no longer to be had",
        "- not measured: gone: not/there.jsonl is not there",
        "- meddle was run on seen, clean only",
    ):
        assert line in page
    assert str(place) not in page


def test_counts_and_signatures_stand_below_each_table(place):
    page = page_of(place)
    assert re.search(r"12 read, 12 scored \(12 documents\), 0 skipped, 0 failed. Signature: "
                     r"`data:seen,jsonl,sha256-\w{12}\|\*`", page)  # fmt: skip
    assert re.search(r"system:\*\|tokens:restore-document,code-\w{12}\|wer:jiwer", page)
    assert "- as is: `as-is`" in page


def test_a_set_that_the_prose_does_not_know_has_its_own_section(place):
    assert rows_of(page_of(place), "## spun lines of another kind")["mend"][0] == "**1.000**"


def test_a_crash_on_one_set_is_recorded_and_the_rest_goes_on(place, monkeypatch):
    monkeypatch.setattr(Function, "failures", FAILURES)  # as of systems that are no user's code
    page = page_of(place, "--system", f"{HERE}:crash", "--system", "as-is", code=3)
    assert "- failed: crash on clean: OSError: the wire was cut" in page
    assert rows_of(page, "## Spun news, development part")["crash"][0].startswith("0.000")
    assert "crash" not in rows_of(page, "## Clean news")


def test_two_systems_of_one_name_are_both_measured(place):
    uses = []
    for folder, word in (("a", "nan"), ("b", "met")):
        script = place / folder / "model"
        script.parent.mkdir()
        script.write_text(f"#!/bin/sh\nexec sed 's/{word}/the/'\n")
        script.chmod(0o755)
        uses.append(f"command:{script}")
    page = page_of(place, "--set", "seen", "--system", uses[0], "--system", uses[1],
                   "--system", uses[1])  # fmt: skip
    rows = rows_of(page, "## Spun news, development part")
    assert [name for name in rows if "model" in name] == ["model", "model-2"]
    assert "1.000" in rows["model"][0]
    assert rows["model-2"][0].startswith("-1.000")


def test_failed_documents_are_counted(place):
    page = page_of(place, "--system", f"{HERE}:refuse_one", code=3)
    assert "- failed: refuse_one on seen: 1 documents, the first 'r3': ValueError: three" in page
    assert "12 read, 11 scored (11 documents), 0 skipped, 1 failed" in page


def test_a_quick_look_says_so(place):
    page = page_of(place, "--limit", 3, "--set", "seen", "--system", f"{HERE}:mend")
    assert (
        "**A quick look, no result**: only the first 3 documents of each set; only chosen" in page
    )
    assert "12 read, 3 scored (3 documents), 9 skipped (9 beyond the limit), 0 failed" in page
    assert len(benchmark_systems.CALLS) == 3
    assert "quick look" not in page_of(place)


def test_a_run_that_was_killed_goes_on(place):
    listing = choose(load_listing(place / "listing.toml"), (), [f"{HERE}:mend"])
    choice = Choice(place, place / "work")
    benchmark_systems.STOP_AT.append("the mayor lefft")
    with pytest.raises(KeyboardInterrupt):
        measure_all(listing, choice, print)
    before = len(benchmark_systems.CALLS)
    benchmark_systems.STOP_AT.clear()
    measured = measure_all(listing, choice, print)
    assert benchmark_systems.CALLS[before:] == ["the mayor lefft"]
    assert "| mend |" in render(measured)
    measure_all(listing, choice, print)
    assert len(benchmark_systems.CALLS) == before + 1


def test_speed_stands_in_the_overview_too(place):
    text = LISTING.replace("rounds = 20", 'rounds = 0\nfootprint = 0.1\nspeed_set = "seen"')
    (place / "listing.toml").write_text(text)
    page = page_of(place, "--system", f"{HERE}:mend", "--system", "dictionary", "--set", "seen")
    assert rows_of(page, "## Overview")[""] == ["seen: ERR", "speed, ratio to fast", "models"]
    read = (SHIPPED, SHIPPED.with_name("capitals.txt"), SHIPPED.with_name("letters.tsv"))
    size = f"{sum(path.stat().st_size for path in read) / 1e6:.1f} MB"
    assert rows_of(page, "## Overview")["dictionary"][-1].strip("*") == size
    assert "words/s, two cores" in page


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("famlies = []", "unknown key 'famlies': did you mean 'families'?"),
        ("[[set]]\nname='x'\npth='y'", "unknown key 'set.0.pth': did you mean 'path'?"),
        ("[[set]]\nname='x'\npath='y'\nlead='errr'", "no metric 'errr'; there are: err"),
        ("[[left_out]]\nreson='x'", "unknown key 'left_out.0.reson': did you mean 'reason'?"),
        ("[[system]]\nuse='x'\n[[system]]\nuse='x'\n[[set]]\nname='a'\npath='y'\nlead='err'",
         "'x' is listed twice"),
        ("= 1", "not TOML"),
    ],
)  # fmt: skip
def test_a_wrong_listing_gives_one_line(place, text, message):
    (place / "listing.toml").write_text(text)
    done = cli(place)
    assert (done.exit_code, len(done.output.strip().splitlines())) == (2, 1)
    assert message in done.output


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--set", "sen"), "the benchmark has no set 'sen'; there are: seen, clean, extra, gone"),
        (("--set", "gone"), "nothing to score: none of the sets is there"),
        (("--system", "no-such"), "nothing to score: none of the systems can be run"),
    ],
)
def test_a_choice_of_nothing_is_refused(place, more, message):
    done = cli(place, *more)
    assert done.exit_code == 2
    assert message in done.output.strip().splitlines()[-1]


def test_a_second_run_in_the_same_folder_is_refused(place):
    from evaluation.jobs._store import locked

    with locked(place / "work"):
        done = cli(place)
    assert done.exit_code == 2
    assert "another job runs in this folder: wait for it, or choose another" in done.output


def test_the_packages_own_listing_is_whole():
    listing = load_listing()
    names = {one.name for one in listing.set}
    assert {"seen", "unseen", "noise", "clean", "adversarial", "seed"} <= names
    assert listing.speed_set in names
    for one in listing.system:
        assert any(one.gets(name) for name in names), one.use
        assert {name for name in one.sets if name != "*"} <= names


def test_without_outside_data_our_own_sentences_are_measured(tmp_path, monkeypatch):
    monkeypatch.delenv("RESTORE_SHARED", raising=False)
    done = CliRunner().invoke(app, ["benchmark", "--work", str(tmp_path), "--system", "dictionary",
                                    "--set", "seen", "--set", "wmt22", "--set", "adversarial",
                                    "--limit", "2"])  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "- not measured: wmt22: no folder of outside data: give --root FOLDER" in done.output
    assert "- not measured: seen: " in done.output
    assert "## Honest sentences full of spinners' words" in done.output


def test_a_table_that_is_alone_or_has_no_direction_has_no_best():
    assert best({"a": (1.0, "1")}, "+") == set()
    assert best({"a": (1.0, "1"), "b": (2.0, "2")}, "0") == set()
    assert best({"a": (None, "-"), "b": (2.0, "2"), "c": (1.0, "1")}, "-") == {"c"}
    assert column("untouched", "clean").sign == "+"
    assert column("untouched", "phrases").sign == "0"
