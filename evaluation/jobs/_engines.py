"""Where shards are worked on: in this process, in local processes, or on a Ray cluster.

An engine only decides where. Which shards there are, and what becomes of each, is the caller's, so
that results are the same to the byte for every engine and number of workers.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from typing import TYPE_CHECKING, Any, TypeVar

from evaluation._errors import EvaluationError
from restore import RestoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

Shard = TypeVar("Shard")
Made = TypeVar("Made")


def map_shards(
    function: Callable[[Shard], Made],
    shards: Sequence[Shard],
    engine: str = "local",
    workers: int = 1,
) -> Iterator[Made]:
    """Apply a function to shards, and yield what it makes of them, in the order of the shards.

    Args:
        function: a function of a module, importable where the workers run.
        shards: plain data (as JSON has it) that say what to work on, such as paths of files.
        engine: ``local`` or ``ray``.
        workers: processes; with one, ``local`` works in this process.

    Yields:
        What the function returns, plain data too.

    Raises:
        EvaluationError: no such engine, Ray is not installed, or a worker died.
        RestoreError: what the function raised, with its text.
    """
    if engine not in ENGINES:
        message = f"no engine {engine!r}; there are: {', '.join(ENGINES)}"
        raise EvaluationError(message)
    if shards:
        yield from ENGINES[engine](function, shards, workers)


def _local(function: Callable[[Any], Any], shards: Sequence[Any], workers: int) -> Iterator[Any]:
    if workers == 1 or len(shards) == 1:
        yield from map(function, shards)
        return
    # Fresh processes: forks of a process with threads may hang.
    pool = ProcessPoolExecutor(
        min(workers, len(shards)), mp_context=get_context("spawn"), initializer=_die_with_parent
    )
    try:
        yield from pool.map(function, shards)
    except BrokenProcessPool as error:
        message = "a worker died (out of memory?): run the job again, it goes on where it stopped"
        raise EvaluationError(message) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _die_with_parent() -> None:
    """Let a worker end when the job is killed, which leaves it no time to tell its workers."""
    parent = parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _ray(function: Callable[[Any], Any], shards: Sequence[Any], workers: int) -> Iterator[Any]:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it would report over the network
    try:
        import ray.data
    except ImportError as error:
        message = "the engine ray is not installed: pip install 'degarble[ray]'"
        raise EvaluationError(message) from error
    ours = not ray.is_initialized()
    if ours:  # joins the cluster that RAY_ADDRESS names; else starts one here
        cores = None if os.environ.get("RAY_ADDRESS") else workers
        ray.init(
            num_cpus=cores,
            include_dashboard=False,
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    try:
        yield from _ray_rows(ray.data, function, shards, workers)
    finally:
        if ours:
            ray.shutdown()


def _ray_rows(
    data: Any,  # noqa: ANN401 - Ray has no types
    function: Callable[[Any], Any],
    shards: Sequence[Any],
    workers: int,
) -> Iterator[Any]:
    """Run the shards as a Ray Data set, one a block; put what comes back into order."""
    context = data.DataContext.get_current()
    context.enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    rows = [{"number": number, "shard": json.dumps(shard)} for number, shard in enumerate(shards)]
    made = data.from_items(rows, override_num_blocks=len(rows)).map(
        _Guarded(function), compute=data.TaskPoolStrategy(size=min(workers, len(rows)))
    )
    waiting: dict[int, Any] = {}
    following = 0
    for row in made.iter_rows():
        waiting[int(row["number"])] = row
        while following in waiting:
            yield _unwrapped(waiting.pop(following))
            following += 1


class _Guarded:
    """Makes of a refusal plain data, so that its one line comes through Ray's own tracebacks."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def __call__(self, row: Mapping[str, Any]) -> dict[str, Any]:
        try:
            made = self.function(json.loads(row["shard"]))
        except RestoreError as error:
            return {"number": row["number"], "made": "null", "refused": str(error)}
        return {"number": row["number"], "made": json.dumps(made), "refused": ""}


def _unwrapped(row: Mapping[str, Any]) -> Any:  # noqa: ANN401
    if row["refused"]:
        raise EvaluationError(row["refused"])
    return json.loads(row["made"])


ENGINES: dict[str, Callable[[Callable[[Any], Any], Sequence[Any], int], Iterator[Any]]] = {
    "local": _local,
    "ray": _ray,
}
