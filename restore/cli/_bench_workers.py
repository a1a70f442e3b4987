"""What a second worker brings: `restore text` itself, timed with one and with two."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from restore._errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

# How long one worker is to take for the smaller of two corpora, about.
SECONDS = 3.0
# How much larger the other one is.
TIMES = 3


class Second(NamedTuple):
    """What two workers do.

    Attributes:
        speed: their words a second.
        ratio: to the speed of one worker.
    """

    speed: float
    ratio: float


def second_worker(mode: str, documents: Sequence[str], speed: float) -> Second | None:
    """Time the command on a JSONL file and on one three times as large, with one and two workers.

    The difference between the two files is what the work takes: start and end cancel out, as they
    do in a large corpus.

    Args:
        mode: the restorer's mode.
        documents: what the files are made of.
        speed: words a second on one core, for the size of the files.

    Returns:
        None where there is a single core, or where the times contradict one another.

    Raises:
        InputError: a run failed.
    """
    if _cores() < 2:
        return None
    words = sum(len(document.split()) for document in documents)
    copies = ceil(SECONDS * speed / words)
    with TemporaryDirectory(prefix="restore-bench-") as folder:
        files = [_corpus(Path(folder), documents, copies * times) for times in (1, TIMES)]
        one, two = (_took(mode, files, workers) for workers in (1, 2))
    if min(one, two) <= 0:
        return None
    return Second(words * copies * (TIMES - 1) / two, one / two)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _corpus(folder: Path, documents: Sequence[str], copies: int) -> Path:
    path = folder / f"{copies}.jsonl"
    lines = "".join(json.dumps({"text": document}) + "\n" for document in documents)
    with path.open("w", encoding="utf-8") as file:
        for _ in range(copies):
            file.write(lines)
    return path


def _took(mode: str, files: Sequence[Path], workers: int) -> float:
    """Return by how many seconds the second file takes longer than the first."""
    times = []
    for path in files:
        out = path.with_suffix(f".{workers}.jsonl")
        start = time.perf_counter()
        run_text(mode, str(path), "-f", "text", "-o", str(out), "--workers", str(workers))
        times.append(time.perf_counter() - start)
        out.unlink()
    return times[1] - times[0]


def run_text(mode: str, *arguments: str, text: str = "") -> None:
    """Run `restore text` in a process of its own.

    Raises:
        InputError: it failed.
    """
    command = [sys.executable, "-m", "restore.cli", "text", "--quiet", "--mode", mode, *arguments]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        message = f"the measured run failed: {done.stderr.decode(errors='replace').strip()}"
        raise InputError(message)
