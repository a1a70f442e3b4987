"""What runs in a worker: it loads the function once, applies it to items, and ends when told."""

from __future__ import annotations

import os
import pickle
import signal
import threading
from functools import lru_cache
from math import inf
from multiprocessing import parent_process
from multiprocessing.connection import wait
from time import monotonic
from typing import TYPE_CHECKING, Any

from restore._errors import RestoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from types import FrameType

# Held while the worker does anything but apply the function, such as sending what it made.
_sending = threading.Lock()
# Seconds that a worker at SIGTERM may go on sending.
PATIENCE = 3.0


def begin(leash: Connection) -> None:
    """Prepare a local worker.

    Args:
        leash: end of a pipe that the parent closes to end the worker.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    signal.signal(signal.SIGTERM, _leave_soon)
    _sending.acquire()
    threading.Thread(target=_watch, args=(leash,), daemon=True).start()


def _watch(leash: Connection) -> None:
    """End the worker when its leash is cut, or when the parent is killed and has no time to cut it.

    Idle workers are ended by the parent, in the usual way.
    """
    parent = parent_process()
    wait([leash] if parent is None else [leash, parent.sentinel])
    _leave(inf)


def _leave_soon(number: int, frame: FrameType | None) -> None:
    del number, frame
    threading.Thread(target=_leave, args=(PATIENCE,), daemon=True).start()


def _leave(patience: float) -> None:
    """End the worker, but not in the middle of a result: its parent would wait for the rest."""
    parent = parent_process()
    end = monotonic() + patience
    while parent is not None and parent.is_alive() and monotonic() < end:
        if _sending.acquire(timeout=0.1):
            break
    os._exit(1)


def work(function: bytes, item: Any) -> Any:  # noqa: ANN401
    """Apply a pickled function to an item, in a local worker."""
    _sending.release()
    try:
        return _loaded(function)(item)
    finally:
        _sending.acquire()


def work_remotely(function: bytes, item: Any) -> tuple[Any, RestoreError | None]:  # noqa: ANN401
    """Apply a pickled function to an item, in a worker of Ray.

    Returns:
        What it made, and its refusal as data: raised, it would come back in Ray's own tracebacks.
    """
    try:
        return _loaded(function)(item), None
    except RestoreError as error:
        return None, error


@lru_cache(maxsize=1)
def _loaded(function: bytes) -> Callable[[Any], Any]:
    loaded: Callable[[Any], Any] = pickle.loads(function)  # noqa: S301 - from the parent process
    return loaded
