"""Sources on their way through workers: read ahead, restored where there is room, put in order."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from restore._edits import Edit
from restore._errors import EngineError, RestoreError
from restore.engines import map_in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from restore._restoration import Restoration
    from restore.cli._run import Reader
    from restore.cli._sources import Source
    from restore.formats import Batch, Piece, Restored

# Code points that a worker is given at a time. Enough for milliseconds of work even in dictionary
# mode, where sending them takes a fraction of one; few enough for the last ones to be shared out.
# Batches are no larger with one worker, so that a file that fails late fails at the same place.
UNIT = 1 << 15
# What a step weighs beside its texts, so that many empty files do not make one endless unit.
STEP = 1 << 8


class Found(NamedTuple):
    """What a worker says about one text."""

    edits: tuple[Edit, ...]
    garbled_share: float

    def __reduce__(self) -> tuple[Any, ...]:
        # As plain rows, which are packed four times as fast as edits.
        rows = [
            (e.start, e.end, e.before, e.after, e.source, e.confidence, e.alternatives)
            for e in self.edits
        ]
        return _found, (rows, self.garbled_share)


def _found(rows: list[tuple[Any, ...]], share: float) -> Found:
    return Found(tuple(Edit(*row) for row in rows), share)


class _Restorer(Protocol):
    def restore_many(self, texts: Iterable[str], batch_size: int = 32) -> Iterator[Restoration]: ...


class RestoreBatches:
    """Restores batches of texts, in any process; a text at which it fails spoils its batch only."""

    def __init__(self, restorer: _Restorer) -> None:
        self._restorer = restorer

    def __call__(self, batches: list[list[str]]) -> list[list[Found] | RestoreError]:
        """Return each batch's results, or why there are none."""
        return [self._batch(texts) for texts in batches]

    def _batch(self, texts: list[str]) -> list[Found] | RestoreError:
        made = self._restorer.restore_many(texts, batch_size=max(1, len(texts)))
        try:
            return [Found(one.edits, one.garbled_share) for one in made]
        except RestoreError as error:
            return error


@dataclass(frozen=True, slots=True)
class _Step:
    """A batch of a source; or its end, with the error that it ended in."""

    source: Source
    batch: Batch | None = None
    error: RestoreError | None = None

    @property
    def texts(self) -> list[str]:
        return [] if self.batch is None else self.batch.texts

    @property
    def weight(self) -> int:
        return STEP + (0 if self.batch is None else self.batch.weight)


class Flow:
    """Restores sources; ask for them in order, and close it.

    With one local worker a source is read no further than it is asked for; with more, what is read
    ahead is bounded by the number of workers.

    Args:
        reader: reads the sources.
        restorer: restores texts; with workers, it can be pickled.
        sources: in the order in which they will be asked for.
        place: where texts are restored: an engine, and the number of its workers.
        admit: refuses a source before it is read.
    """

    def __init__(
        self,
        reader: Reader,
        restorer: _Restorer,
        sources: Sequence[Source],
        place: tuple[str, int] = ("local", 1),
        admit: Callable[[Source], None] | None = None,
    ) -> None:
        self._reader = reader
        self._admit = admit
        self._order = {source: number for number, source in enumerate(sources)}
        self._reached = 0  # the source that was asked for last: those before it are done with
        unit = 0 if place == ("local", 1) else UNIT
        self._function = RestoreBatches(restorer)
        self._place = place
        self._restored = self._through(unit)

    def batches(self, source: Source) -> Iterator[tuple[Batch, Sequence[Restored]]]:
        """Yield a source's batches with the results of their texts.

        Raises:
            InputError: it cannot be read, or is not of its kind.
            RestoreError: a text cannot be restored.
            EngineError: there are no workers any more.
        """
        self._reached = self._order[source]
        for step, found in self._restored:
            if step.source is not source:  # it was given up, with some of it on its way
                continue
            error = step.error or (found if isinstance(found, RestoreError) else None)
            if error is not None:
                raise error
            if step.batch is None or isinstance(found, RestoreError):
                return
            yield step.batch, found
        message = "the workers are gone: run the command again"
        raise EngineError(message)

    def pieces(self, source: Source) -> Iterator[Piece]:
        """Yield a source's pieces; raises what `batches` raises."""
        for batch, found in self.batches(source):
            yield from batch.pieces(found)

    def close(self) -> None:
        """End the workers."""
        self._restored.close()

    def _through(
        self, unit: int
    ) -> Generator[tuple[_Step, list[Found] | RestoreError], None, None]:
        waiting: deque[list[_Step]] = deque()

        def texts() -> Iterator[list[list[str]]]:
            for steps in _units(self._steps(), unit):
                waiting.append(steps)
                yield [step.texts for step in steps]

        try:
            for made in self._map(texts()):
                yield from zip(waiting.popleft(), made, strict=True)
        except RestoreError as error:  # whatever fails at a source is a step's error
            raise EngineError(str(error)) from error

    def _map(self, units: Iterable[list[list[str]]]) -> Iterator[list[list[Found] | RestoreError]]:
        return map_in_order(self._function, units, *self._place, self._lost)

    def _lost(
        self, batches: list[list[str]], error: EngineError
    ) -> list[list[Found] | RestoreError]:
        """Find out which batch of a unit no worker survives; the others are not to blame."""
        if len(batches) == 1:
            return [RestoreError(str(error))]
        return [result for (result,) in self._map([batch] for batch in batches)]

    def _steps(self) -> Iterator[_Step]:
        for source, number in self._order.items():
            try:
                if self._admit is not None:
                    self._admit(source)
                for batch in self._reader.batches(source, UNIT):
                    yield _Step(source, batch)
                    if number < self._reached:
                        break
            except RestoreError as error:
                yield _Step(source, error=error)
            else:
                yield _Step(source)


def _units(steps: Iterator[_Step], size: int) -> Iterator[list[_Step]]:
    """Put steps together until they are worth a worker's while."""
    unit: list[_Step] = []
    weight = 0
    for step in steps:
        unit.append(step)
        weight += step.weight
        if weight >= size:
            yield unit
            unit, weight = [], 0
    if unit:
        yield unit
