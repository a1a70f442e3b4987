"""The engine `ray`: the cluster that RAY_ADDRESS names, or one that is started on this machine."""

from __future__ import annotations

import logging
import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from restore._errors import EngineError
from restore.engines._order import AHEAD
from restore.engines._threads import one_thread
from restore.engines._worker import work_remotely

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future


def library() -> Any:  # noqa: ANN401 - Ray has no types
    """Return the module `ray`.

    Raises:
        EngineError: it is not installed.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it would report over the network
    try:
        import ray
    except ImportError as error:
        message = 'the engine ray is not installed: pip install "degarble[ray]"'
        raise EngineError(message) from error
    return ray


class Cluster:
    """Workers of Ray: tasks, which Ray starts again elsewhere when their worker or node is lost."""

    def __init__(self, function: Callable[[Any], Any], workers: int) -> None:
        self._ray = library()
        is_joined = self._ray.is_initialized() or "RAY_ADDRESS" in os.environ
        # Tasks of a cluster that has more cores would all run; one started here has `workers`.
        self.most = workers if is_joined else AHEAD * workers
        self._is_ours = not self._ray.is_initialized()
        if self._is_ours:
            _start(self._ray, None if is_joined else workers)
        self._function = self._ray.put(self._ray.cloudpickle.dumps(function))
        self._task = self._ray.remote(work_remotely)

    def submit(self, item: Any) -> Future[Any]:  # noqa: ANN401
        """Begin with an item."""
        future: Future[Any] = self._task.remote(self._function, item).future()
        return future

    def result(self, item: Any, future: Future[Any]) -> Any:  # noqa: ANN401
        """Return what was made of an item.

        Raises:
            EngineError: its workers were lost again and again.
            RestoreError: what the function refused.
        """
        del item
        errors = self._ray.exceptions
        try:
            made, refused = future.result()
        except errors.RayTaskError:  # a fault of the function, with its traceback
            raise
        except errors.RayError as error:
            first = str(error).partition("\n")[0]
            message = f"a worker of Ray died ({first}): use fewer workers"
            raise EngineError(message) from error
        if refused is not None:
            raise refused
        return made

    def close(self) -> None:
        """Leave the cluster; one that was started here ends."""
        if self._is_ours:
            self._ray.shutdown()


def _start(ray: Any, cores: int | None) -> None:  # noqa: ANN401
    try:
        with one_thread(), _own_signals():
            ray.init(
                num_cpus=cores,
                include_dashboard=False,
                log_to_driver=False,
                logging_level=logging.ERROR,
            )
    except (ConnectionError, OSError, RuntimeError, ValueError) as error:
        first = str(error).partition("\n")[0]
        message = f"Ray cannot be reached or started ({first}): see RAY_ADDRESS"
        raise EngineError(message) from error


@contextmanager
def _own_signals() -> Iterator[None]:
    """Keep what this program does at SIGTERM: Ray puts a handler of its own there."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
