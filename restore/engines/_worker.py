"""What runs in a worker: it loads the function once, applies it to items, and ends when told."""

from __future__ import annotations

import os
import pickle
import signal
import threading
from functools import lru_cache
from multiprocessing import parent_process
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from restore._errors import RestoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

# Held while the worker does anything but apply the function, such as sending what it made.
_sending = threading.Lock()


def begin(leash: Connection) -> None:
    """Prepare a local worker.

    Args:
        leash: end of a pipe that the parent closes to end the worker.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    _sending.acquire()
    threading.Thread(target=_watch, args=(leash,), daemon=True).start()


def _watch(leash: Connection) -> None:
    """End the worker when its leash is cut, or when the parent is killed and has no time to cut it.

    A parent that lives is waiting for whatever a worker has begun to send, and ends idle workers
    itself; so the worker ends here only while it applies the function.
    """
    parent = parent_process()
    if parent is None:
        return
    wait([leash, parent.sentinel])
    while parent.is_alive() and not _sending.acquire(timeout=0.1):
        pass
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
