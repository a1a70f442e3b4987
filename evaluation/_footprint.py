"""What a system costs: speed on one and two cores, start, memory, bytes of its models.

Each figure comes from fresh processes that hold one system, kept on a core each. A machine is never
equally busy, so a system's speed is taken beside that of another one, in the same minute: the ratio
travels further than either speed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

import numpy as np

from evaluation._errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WORDS = 12_000  # of the texts at most
YARDSTICK = "fast"  # what systems are timed beside
STARTS = 3  # of which the fastest counts: the others waited for the disk
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")
_CHILD = (sys.executable, "-m", "evaluation._footprint_child")

Footprint = dict[str, Any]


def measure(use: str, texts: Sequence[str], seconds: float, beside: str = "") -> Footprint:
    """Measure a system.

    Args:
        use: how it is made, as `make_system` takes it.
        texts: documents, at least three; see `sample`.
        seconds: how long it is timed on each of one and two cores, about.
        beside: another system that is timed in the same minute; the speed's ratio to it is told.

    Returns:
        ``words_per_second``, ``words_per_second_two`` (two processes on a core each; None where
        there is one core), ``p50_seconds`` and ``p95_seconds`` a document, ``start_seconds`` (from
        starting Python to the end of a first sentence), ``peak_bytes`` (of its largest process),
        ``model_bytes`` (None if unknown), ``beside`` and ``ratio``.

    Raises:
        EvaluationError: the system cannot be made, or fails.
    """
    cores = _cores()
    starts = [_Child(use, texts[:0], 0, cores[-1]).result()["start"] for _ in range(STARTS)]
    one = _Child(use, texts, seconds, cores[-1]).result()
    other = one if beside in {"", use} else _Child(beside, texts, seconds, cores[-1]).result()
    speed, yardstick = _speed(one), _speed(other)
    return {
        "words": one["words"],
        "words_per_second": speed and round(speed),
        "words_per_second_two": _on_two(use, texts, seconds, cores),
        "p50_seconds": _quantile(one["times"], 0.5),
        "p95_seconds": _quantile(one["times"], 0.95),
        "start_seconds": round(min([*starts, one["start"]]), 3),
        "peak_bytes": one["peak"],
        "model_bytes": one["size"],
        "beside": beside or use,
        "ratio": round(speed / yardstick, 4) if speed and yardstick else None,
    }


def sample(texts: Sequence[str], words: int = WORDS) -> list[str]:
    """Return the first texts, until they hold so many words; a short one is said several times.

    >>> sample(["a b", "c d", "e f"], 4)
    ['a b', 'c d', 'a b', 'c d']
    """
    kept: list[str] = []
    for text in texts:
        kept.append(text)
        words -= len(text.split())
        if words <= 0:
            break
    return kept * max(1, -(-4 // len(kept))) if kept else kept


def _cores() -> list[int | None]:
    """Return the cores that this process may use; nothing to choose from where none can be told."""
    if not hasattr(os, "sched_setaffinity"):
        return [None]
    return [*sorted(os.sched_getaffinity(0))]


def _on_two(
    use: str, texts: Sequence[str], seconds: float, cores: Sequence[int | None]
) -> int | None:
    """Return the words a second of two processes at once, each with half of the texts."""
    if len(cores) < 2:
        return None
    both = [_Child(use, texts[n::2], seconds, cores[n - 2]) for n in (0, 1)]
    speeds = [speed for one in both if (speed := _speed(one.result()))]
    return round(sum(speeds)) if len(speeds) == len(both) else None


def _speed(found: Footprint) -> float | None:
    total = sum(found["times"])
    return found["words"] / total if total else None


def _quantile(times: Sequence[float], share: float) -> float | None:
    return round(float(np.quantile(times, share)), 6) if times else None


class _Child:
    """A process that runs one system; it works while its result is waited for."""

    def __init__(self, use: str, texts: Sequence[str], seconds: float, core: int | None) -> None:
        self._use = use
        task = json.dumps({"use": use, "texts": list(texts), "seconds": seconds})
        # A file, not a pipe: a talkative system would fill a pipe and wait.
        self._said = TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._begin = time.perf_counter()
        with _kept_on(core):  # children stay where their parent was
            self._process = subprocess.Popen(  # noqa: S603 - this program's own child
                _CHILD, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said,
                env=os.environ | dict.fromkeys(_THREADS, "1"), text=True, encoding="utf-8",
            )  # fmt: skip
        assert self._process.stdin is not None
        with suppress(BrokenPipeError), self._process.stdin as given:  # then it says why, below
            given.write(task)

    def result(self) -> Footprint:
        """Wait for the process; what it measured, and when its first text was done."""
        assert self._process.stdout is not None
        with self._process.stdout as out, self._said as said:
            ready = out.readline()
            start = time.perf_counter() - self._begin
            last = out.readline()
            code = self._process.wait()
            said.seek(0)
            reason = said.read().strip().splitlines()[-1:] or [f"exit code {code}"]
        if code or not (ready and last):
            message = f"{self._use}: could not be measured: {reason[0]:.300}"
            raise EvaluationError(message)
        found: Footprint = json.loads(last)
        return found | {"start": start}


@contextmanager
def _kept_on(core: int | None) -> Iterator[None]:
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
