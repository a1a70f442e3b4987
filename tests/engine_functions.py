"""Functions that tests of engines send to workers."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from restore import RestoreError


def square(number: int) -> int:
    """Work for a moment, longer at even numbers, so that results are ready out of order."""
    time.sleep(0.02 * (number % 2 == 0))
    return number * number


def refuse(number: int) -> int:
    """Refuse one number."""
    if number == 3:
        message = "three is too much"
        raise RestoreError(message)
    return number


def die_once(place: str) -> str:
    """Kill the worker, unless it was killed here before."""
    path = Path(place)
    if path.name.startswith("bad") and not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return path.name


def die(name: str) -> str:
    """Kill the worker at one name, always."""
    if name == "bad":
        os.kill(os.getpid(), signal.SIGKILL)
    return name


def fill(size: int) -> bytes:
    """Make something large."""
    return bytes(size)


def sleep(seconds: float) -> float:
    """Work for long."""
    time.sleep(seconds)
    return seconds


def threads(_: int) -> str | None:
    """Tell on how many threads a worker's libraries would compute."""
    return os.environ.get("OPENBLAS_NUM_THREADS")


def where(_: int) -> str | None:
    """Tell on which node of a cluster this runs, after a moment."""
    import ray

    time.sleep(0.05)
    return str(ray.get_runtime_context().get_node_id())
