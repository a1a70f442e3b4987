"""Runs one system for `_footprint.measure`, in a process that holds nothing else.

Standard input is a task as JSON; standard output says when the first text is done, then what was
measured.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluation._systems import make_system

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation._systems import System

FIRST = "The council met on Tuesday."


def main() -> None:
    """Restore a first sentence, say so, then restore the texts until the time is up."""
    task = json.load(sys.stdin)
    system = make_system(task["use"])
    list(system.predict([FIRST]))
    _say({"ready": True})
    found = _timed(system, task["texts"], task["seconds"])
    _say(found | {"size": getattr(system, "size", None), "peak": _peak_bytes()})


def _timed(system: System, texts: Sequence[str], limit: float) -> dict[str, Any]:
    """Time each text but the first, at which caches fill; at least one."""
    times: list[float] = []
    words = 0
    for text, made in zip(texts, system.predict(texts), strict=False):
        times.append(made.seconds)
        words += len(text.split()) if len(times) > 1 else 0
        if len(times) > 1 and sum(times) > limit:
            break
    return {"times": times[1:], "words": words}


def _peak_bytes() -> int:
    """Return the most memory that this process, or the largest of its children, has held.

    On Linux from the process's own status: what getrusage says begins with its parent's memory.
    """
    unit = 1 if sys.platform == "darwin" else 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    status = Path("/proc/self/status")
    if status.is_file():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        own = int(lines["VmHWM"].split()[0]) * 1024
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit)


def _say(data: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(data) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
