"""Times what a test compares, for absolute times move from machine to machine."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def least_time(action: Callable[[], object]) -> float:
    """Return the seconds of processor time that an action takes at its best."""
    times = []
    for _ in range(7):
        begin = time.process_time()
        action()
        times.append(time.process_time() - begin)
    return min(times)
