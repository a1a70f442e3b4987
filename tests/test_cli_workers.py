"""`restore text --workers`: the same bytes and the same messages as with one, whatever happens."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from restore import Restorer
from restore.cli import _flow
from restore.cli._app import app
from restore.cli._load import Settings
from tests.cli_fake import FakeRestorer
from tests.test_engines import alive, children, wait_for

STORY = "Sat connected nan mat, in row {}.\nHe tin go to the café.\n\n"


@pytest.fixture(autouse=True)
def fake(monkeypatch):
    monkeypatch.setattr(Settings, "load", lambda self: FakeRestorer(self.min_confidence or 0.0))
    monkeypatch.setattr(_flow, "UNIT", 600)  # so that little text makes many units


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*args, code=0):
    result = CliRunner().invoke(app, ["text", *map(str, args)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.output
    return result


def tree(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def both(*args, code=0, more=("--workers", "2")):
    """Run with one worker and with more; return what both wrote and said."""
    found = []
    for name, options in (("one", ()), ("more", more)):
        said = run(*args, "-o", f"{name}/", "--edits", f"{name}.jsonl", *options, code=code)
        edits = Path(f"{name}.jsonl").read_bytes()
        found.append((tree(Path(name)), edits, said.stderr.replace(f"{name}/", ""), said.stdout))
    assert found[0] == found[1]
    return found[0]


def write_folder(folder):
    (folder / "deep").mkdir(parents=True)
    for n in range(30):
        (folder / f"{n:02}.txt").write_text(STORY.format(n) * (n % 4))
    (folder / "deep/long.md").write_text("".join(STORY.format(n) for n in range(300)))
    (folder / "deep/page.html").write_text("<p>nan <b>tin</b></p>\n" * 200)
    (folder / "wide.txt.gz").write_bytes(gzip.compress(STORY.format(1).encode("utf-16"), mtime=0))


def rows(count=200):
    return [
        {"id": n, "t": STORY.format(n) if n % 7 else "", "u": ["nan", "x"]} for n in range(count)
    ]


def test_a_folder(here):
    write_folder(here / "in")
    written, edits, said, _ = both("in")
    assert len(written) == 33
    assert said.startswith("restore: 33 files done")
    assert edits.count(b"\n") > 1000


@pytest.mark.parametrize("workers", [2, 3])
def test_one_file_of_json_lines(here, workers):
    Path("t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows()))
    written, _, said, _ = both("t.jsonl", "-f", "t", "-f", "u", more=("--workers", workers))
    assert json.loads(written["t.jsonl"].splitlines()[1])["t"].startswith(
        "Sat on the mat, in row 1."
    )
    assert said == "restore: 1 file done, 713 edits\n"


def test_one_table(here):
    Path("t.csv").write_text("id,t\n" + "".join(f'{n},"nan, tin"\n' for n in range(400)))
    written, *_ = both("t.csv", "-f", "t")
    assert written["t.csv"].decode().splitlines()[400] == '399,"the, can"'


def test_one_parquet_file(here):
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    data = rows()
    table = arrow.table({name: [row[name] for row in data] for name in ("id", "t")})
    parquet.write_table(table, "t.parquet", row_group_size=70, compression="zstd")
    both("t.parquet", "-f", "t")
    found = parquet.ParquetFile("more/t.parquet")
    assert found.metadata.num_row_groups == 3
    texts = found.read().column("t").to_pylist()
    assert texts == [FakeRestorer().restore(row["t"]).text for row in data]


def test_what_is_shown_comes_in_order(here):
    write_folder(here / "in")
    one, more = (run("in", "--diff", "--workers", n) for n in (1, 2))
    assert one.stdout == more.stdout
    one, more = (run("in/deep/long.md", "--workers", n) for n in (1, 2))
    assert one.stdout == more.stdout
    assert "row 299" in one.stdout


def test_in_place(here):
    for name in ("one", "more"):
        write_folder(here / name)
    before = (here / "more/00.txt").stat()
    run("one", "-i", "--backup", "-q")
    run("more", "-i", "--backup", "-q", "--workers", "2")
    assert tree(here / "one") == tree(here / "more")
    after = (here / "more/00.txt").stat()
    assert (after.st_mtime, after.st_ino) == (before.st_mtime, before.st_ino)


def test_files_that_fail_are_named_and_the_others_done(here):
    write_folder(here / "in")
    (here / "in/05.txt").write_text(STORY.format(5) * 30 + "unrestorable\n")
    (here / "in/06.txt").write_bytes(b"nan " * 1000 + b"\xff")
    (here / "in/deep/page.html").write_bytes(b"nan\0")
    Path("one").mkdir()
    Path("more").mkdir()
    for name in ("one", "more"):
        (Path(name) / "08.txt").write_text("taken")
    written, edits, said, _ = both("in", "gone.txt", code=1)
    assert [line.split(": ")[1:3] for line in said.splitlines()[:-1]] == [
        ["in/05.txt", "a text that fails"],
        ["in/06.txt", "byte 4000 (0xff) is not utf-8"],
        ["in/08.txt", "08.txt exists already"],
        ["in/deep/page.html", "binary data (a zero byte), not text"],
        ["gone.txt", "cannot be read"],
    ]
    assert len(written) == 30
    assert written["08.txt"] == b"taken"
    assert b"in/05.txt" not in edits


def test_a_file_that_fails_late_fails_at_the_same_place(here):
    Path("t.jsonl").write_text('{"t": "nan tin"}\n' * 300 + "broken\n")
    said = [run("t.jsonl", "-f", "t", "--workers", n, code=1) for n in (1, 2)]
    assert said[0].stdout == said[1].stdout != ""
    _, edits, line, _ = both("t.jsonl", "-f", "t", code=1)
    assert edits == b""
    assert line.endswith("restore: 0 files done, 0 edits, 1 failed\n")


def test_a_file_that_kills_its_worker_is_named_and_the_others_done(here):
    write_folder(here / "in")
    (here / "in/05.txt").write_text("nan poison\n")
    (here / "in/deep/long.md").write_text(STORY.format(1) * 400 + "poison\n")
    result = run("in", "-o", "out", "--workers", "2", code=1)
    assert [line.partition(": is")[0] for line in result.stderr.splitlines()] == [
        "restore: in/05.txt: a worker died even with nothing beside it",
        "restore: in/deep/long.md: a worker died even with nothing beside it",
        "restore: 31 files done, 529 edits, 2 failed",
    ]
    run("in", "-o", "right", code=0)
    assert tree(here / "out").items() < tree(here / "right").items()


def test_options_reach_the_workers(here, monkeypatch):
    monkeypatch.undo()
    monkeypatch.chdir(here)
    monkeypatch.setattr(_flow, "UNIT", 600)
    Path("mine.tsv").write_text("zorn\tthe\n")
    Path("a.txt").write_text(
        "In zorn town nan council met astatine noon, he said, and we left. ÃŸ\n\n" * 100
    )
    Path("b.txt").write_text("He sat connected nan chair, beryllium or not.\n\n" * 20)
    options = ("--mode", "fast", "-d", "mine.tsv", "--protect", "nan", "--min-confidence", "0.6")
    written, *_ = both("a.txt", "b.txt", *options, "--no-repair", "mojibake")
    assert written["a.txt"].startswith(
        "In the town nan council met at noon, he said, and we left. ÃŸ".encode()
    )


def test_the_api_keeps_the_order_and_reads_lazily():
    restorer = Restorer.load(mode="dictionary", protect=["nan"])
    texts = [f"He sat astatine nan table {n}." for n in range(9)]
    expected = list(restorer.restore_many(texts))
    assert expected[0].text == "He sat at nan table 0."
    assert list(restorer.restore_many(texts, batch_size=2, workers=2)) == expected
    endless = iter(lambda: texts[0], None)
    made = restorer.restore_many(endless, batch_size=2, workers=2)
    assert next(made) == expected[0]


def test_usage(here, monkeypatch):
    Path("a.txt").write_text("nan")
    assert "--workers" in run("a.txt", "--workers", "0", code=2).stderr
    assert "'spark' is not one of" in run("a.txt", "--engine", "spark", code=2).stderr
    monkeypatch.setitem(sys.modules, "ray", None)
    said = run("a.txt", "-o", "out/", "--engine", "ray", code=1).stderr
    assert said == 'restore: the engine ray is not installed: pip install "degarble[ray]"\n'
    assert not Path("out").exists()


def test_ray_gives_the_same_bytes(here):
    pytest.importorskip("ray", reason="Ray is not installed: pip install 'degarble[ray]'")
    write_folder(here / "in")
    Path("in/deep/long.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows()))
    (here / "in/05.txt").write_text("unrestorable\n")
    both("in", "-f", "t", code=1, more=("--engine", "ray", "--workers", "2"))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="this system has no /proc")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ctrl_c_leaves_nothing_behind(here, number, code):
    Path("in").mkdir()
    for n in range(4):  # each is a unit of its own
        Path(f"in/{n}.txt").write_text(("slumber\n" if n == 2 else "nan mat\n") * 6000)
    command = [sys.executable, Path(__file__).parent / "cli_fake.py", "text", "in", "-o", "out"]
    process = subprocess.Popen(
        [*command, "--workers", "2", "--edits", "e.jsonl"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    wait_for(lambda: Path("out/0.txt").exists() and list(here.rglob(".restore-*")))
    workers = children(process.pid)
    os.killpg(process.pid, number)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (code, b"", b"")
    wait_for(lambda: not alive(workers))
    assert not list(here.rglob(".restore-*"))
    assert not Path("e.jsonl").exists()
    assert tree(here / "out") == {"0.txt": b"the mat\n" * 6000}


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="this system has no /proc")
def test_commands_compute_on_one_thread():
    code = (
        "import os\n"
        "from restore.cli._load import Settings\n"
        "Settings('dictionary').load()\n"
        "print(len(os.listdir('/proc/self/task')), 'OPENBLAS_NUM_THREADS' in os.environ)\n"
    )
    given = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    done = subprocess.run([sys.executable, "-c", code], env=given, capture_output=True, check=True)
    assert done.stdout == b"1 False\n"
