"""Applies a function to items on an engine, and hands over what it makes in the items' order."""

from __future__ import annotations

from collections import deque
from concurrent.futures import FIRST_COMPLETED, wait
from contextlib import closing
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from restore._errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

ENGINES = ("local", "ray")
# Items a worker that are not finished: one at work, and one so that it need not wait for the next.
AHEAD = 2
# Items a worker that are held, finished ones included: this bounds the memory.
HELD = 4

Item = TypeVar("Item")
Made = TypeVar("Made")


class Workers(Protocol):
    """Processes that apply one function to items.

    Attributes:
        most: how many items may be unfinished at a time.
    """

    most: int

    def submit(self, item: Any) -> Future[Any]:  # noqa: ANN401
        """Begin with an item."""
        ...

    def result(self, item: Any, future: Future[Any]) -> Any:  # noqa: ANN401
        """Return what was made of an item, or raise what the function raised.

        Raises:
            EngineError: the item's worker died.
        """
        ...

    def close(self) -> None:
        """End the processes, whatever they are at."""
        ...


def map_in_order(
    function: Callable[[Item], Made],
    items: Iterable[Item],
    engine: str = "local",
    workers: int = 1,
    lost: Callable[[Item, EngineError], Made] | None = None,
) -> Iterator[Made]:
    """Apply a function to items, and yield what it makes of them, in the order of the items.

    Args:
        function: can be pickled, and is importable where the workers run; each worker loads it
            once.
        items: can be pickled; read as they are needed, at most `HELD` a worker at a time.
        engine: ``local`` or ``ray``.
        workers: processes; with one, ``local`` works in this process, one item after another.
        lost: what to yield for an item whose worker died at it; None ends the work.

    Yields:
        What the function returns.

    Raises:
        EngineError: no such engine, it is not installed, or a worker died.
        Exception: what the function raised.

    >>> list(map_in_order(abs, [-3, 1, -2]))
    [3, 1, 2]
    """
    _check(engine, workers)
    if engine == "ray":
        from restore.engines._cluster import Cluster

        return _on(Cluster, function, iter(items), workers, lost)
    return map(function, items) if workers == 1 else _local(function, iter(items), workers, lost)


def require(engine: str) -> None:
    """Say before the work begins that an engine cannot be used.

    Raises:
        EngineError: no such engine, or it is not installed.
    """
    _check(engine, workers=1)
    if engine == "ray":
        from restore.engines._cluster import library

        library()


def _check(engine: str, workers: int) -> None:
    if engine not in ENGINES:
        message = f"no engine {engine!r}; there are: {', '.join(ENGINES)}"
        raise EngineError(message)
    if workers < 1:
        message = f"workers is at least 1, not {workers!r}"
        raise EngineError(message)


def _local(
    function: Callable[[Item], Made],
    items: Iterator[Item],
    workers: int,
    lost: Callable[[Item, EngineError], Made] | None,
) -> Iterator[Made]:
    from restore.engines._processes import Processes

    first = list(islice(items, 2))
    if len(first) < 2:  # a single item is done here sooner than a process starts
        yield from map(function, first)
    else:
        yield from _on(Processes, function, chain(first, items), workers, lost)


def _on(
    start: Callable[[Any, int], Workers],
    function: Callable[[Item], Made],
    items: Iterator[Item],
    workers: int,
    lost: Callable[[Item, EngineError], Made] | None,
) -> Iterator[Made]:
    for first in items:  # no items need no engine
        with closing(start(function, workers)) as run:
            for item, future in _finished(run, chain([first], items), HELD * workers):
                try:
                    made = run.result(item, future)
                except EngineError as error:
                    if lost is None:
                        raise
                    made = lost(item, error)
                yield made


def _finished(run: Workers, items: Iterator[Item], held: int) -> Iterator[tuple[Item, Future[Any]]]:
    """Keep the workers busy; yield items in order, each once it is finished."""
    waiting: deque[tuple[Item, Future[Any]]] = deque()
    while True:
        busy = _unfinished(waiting)
        room = max(0, min(run.most - len(busy), held - len(waiting)))
        waiting.extend((item, run.submit(item)) for item in islice(items, room))
        if not waiting:
            return
        if waiting[0][1].done():
            yield waiting.popleft()
        else:
            wait(_unfinished(waiting), return_when=FIRST_COMPLETED)


def _unfinished(waiting: Iterable[tuple[Any, Future[Any]]]) -> list[Future[Any]]:
    return [future for _, future in waiting if not future.done()]
