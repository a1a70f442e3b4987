"""The engine `local`: processes of this machine."""

from __future__ import annotations

import pickle
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from restore._errors import EngineError
from restore.engines._order import AHEAD
from restore.engines._threads import one_thread
from restore.engines._worker import begin, work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

DIED = (
    "a worker died even with nothing beside it: is the memory full? A script that starts workers "
    "keeps its own work below `if __name__ == '__main__':`"
)


class Processes:
    """Local workers; when one dies, what was on its way is done again, item by item."""

    def __init__(self, function: Callable[[Any], Any], workers: int) -> None:
        self.most = AHEAD * workers
        self._function = pickle.dumps(function)
        self._workers = workers
        self._pool = _Pool(workers)

    def submit(self, item: Any) -> Future[Any]:  # noqa: ANN401
        """Begin with an item."""
        try:
            return self._pool.submit(self._function, item)
        except BrokenProcessPool:
            self._pool.close()
            self._pool = _Pool(self._workers)
            return self._pool.submit(self._function, item)

    def result(self, item: Any, future: Future[Any]) -> Any:  # noqa: ANN401
        """Return what was made of an item; try it again by itself where a worker died.

        Raises:
            EngineError: a worker died again.
        """
        try:
            return future.result()
        except BrokenProcessPool:
            # Any item on its way may be the one that no worker survives.
            with closing(_Pool(1)) as alone:
                return alone.result(self._function, item)

    def close(self) -> None:
        """End the processes."""
        self._pool.close()


class _Pool:
    """A pool of fresh processes (forks of a process with threads may hang), held on a leash."""

    def __init__(self, workers: int) -> None:
        context = get_context("spawn")
        self._end, self._leash = context.Pipe(duplex=False)
        self._executor = ProcessPoolExecutor(
            workers, mp_context=context, initializer=begin, initargs=(self._end,)
        )

    def submit(self, function: bytes, item: Any) -> Future[Any]:  # noqa: ANN401
        with one_thread(), _uninterrupted():  # this is where processes start
            return self._executor.submit(work, function, item)

    def result(self, function: bytes, item: Any) -> Any:  # noqa: ANN401
        try:
            return self.submit(function, item).result()
        except BrokenProcessPool as error:
            raise EngineError(DIED) from error

    def close(self) -> None:
        self._leash.close()  # ends the workers that are busy
        self._executor.shutdown(cancel_futures=True)
        self._end.close()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let processes that start now inherit that Ctrl-C is blocked; this one hears of it after."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
