"""The command line as a process: start-up time, signals, pipes, terminals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

FAKE = [sys.executable, str(Path(__file__).parent / "cli_fake.py")]
REAL = [sys.executable, "-m", "restore.cli"]


def start(*args, command=FAKE, **kwargs):
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE) | kwargs
    return subprocess.Popen([*command, *map(str, args)], **pipes)


def wait_for(condition):
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "nothing happened for ten seconds"
        time.sleep(0.01)


def test_help_is_quick(tmp_path):
    """Help takes little more than its argument parser, on a core of any speed, busy or not.

    As installed: pip compiles what it installs, so the modules are compiled before, once. Where
    help takes 0.17 s of a core, importing typer takes 0.07 s.
    """
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime)\n"
    )
    compiled = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    compiled["PYTHONPYCACHEPREFIX"] = str(tmp_path)

    def seconds(*command):
        run = [sys.executable, "-c", code, *command]
        done = subprocess.run(run, check=True, capture_output=True, env=compiled)
        return float(done.stdout)

    typer = [sys.executable, "-c", "import typer.main"]
    pairs = [(seconds(*REAL, "--help"), seconds(*typer)) for _ in range(6)]
    # The two of a pair ran one after the other: the machine is as busy for both.
    assert min(ours / theirs for ours, theirs in pairs[1:]) < 3


def test_help_imports_nothing_heavy():
    code = "import sys; sys.argv = ['restore', '--help']\nfrom restore.cli import main\n"
    code += "try: main()\nexcept SystemExit: pass\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    heavy = {"numpy", "ftfy", "pyarrow", "rich", "torch", "corpora", "training", "evaluation"}
    assert "restore.cli" in done.stderr
    assert not heavy & set(done.stderr.split())


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_end_cleanly(tmp_path, number, code):
    process = start("text", "-", "-o", tmp_path / "out.txt")
    wait_for(lambda: list(tmp_path.glob(".restore-*")))
    process.send_signal(number)
    out, err = process.communicate(timeout=10)
    assert process.returncode == code
    assert (out, err) == (b"", b"")
    assert list(tmp_path.iterdir()) == []


def test_a_closed_pipe_ends_cleanly(tmp_path):
    (tmp_path / "big.txt").write_text("nan mat on the floor.\n" * 200_000)
    process = start("text", tmp_path / "big.txt")
    assert process.stdout.read(20).startswith(b"the mat")
    process.stdout.close()
    err = process.stderr.read()
    assert process.wait(timeout=20) == 141
    assert err == b""


def test_a_closed_pipe_of_a_short_output(tmp_path):
    read, write = os.pipe()
    os.close(read)
    process = start("check", "-", stdout=write)
    os.close(write)
    _, err = process.communicate(b"nan", timeout=10)
    assert process.returncode == 141
    assert err == b""


def test_a_full_disk_is_one_line():
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with full.open("wb") as sink:
        process = start("text", stdout=sink)
        _, err = process.communicate(b"nan", timeout=10)
    assert process.returncode == 1
    assert err.decode().startswith("restore: output: No space left")
    assert err.count(b"\n") == 1


def test_progress_is_for_terminals_only(tmp_path):
    (tmp_path / "a.txt").write_text("nan\n" * 1000)
    out = tmp_path / "out.txt"
    process = start("text", tmp_path / "a.txt", "-o", out)
    _, err = process.communicate(timeout=10)
    assert err == b"restore: 1 file done, 1000 edits\n"
    pty = pytest.importorskip("pty")
    leader, follower = pty.openpty()
    process = start("text", tmp_path / "a.txt", "-o", out, "--force", stderr=follower)
    os.close(follower)
    shown = _read_all(leader)
    assert process.wait(timeout=10) == 0
    assert b"\x1b[" in shown
    assert b"1000 edits" in shown


def _read_all(descriptor):
    data = b""
    try:
        while part := os.read(descriptor, 4096):
            data += part
    except OSError:  # the terminal is gone once its last user is
        pass
    os.close(descriptor)
    return data


def test_memory_is_bounded(tmp_path):
    """A file of 40 MB passes through in little more memory than a file of 4 MB."""
    measure = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    peaks = []
    for size in (4, 40):
        path = tmp_path / f"{size}.jsonl"
        article = "nan mat " + "lay on the floor of the hall, " * 270
        path.write_text(f'{{"t": "{article}"}}\n' * (size << 20 >> 13))
        command = [sys.executable, "-c", measure, *FAKE, "text", str(path), "-f", "t"]
        done = subprocess.run(command, check=True, capture_output=True)
        peaks.append(int(done.stdout) / 1024)
    assert peaks[1] < peaks[0] + 20


def test_completion_is_offered():
    done = subprocess.run(
        [*REAL, "--show-completion", "bash"],
        check=False,
        capture_output=True,
        env={**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"},
    )
    assert b"complete" in done.stdout
