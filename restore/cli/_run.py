"""Reads sources in batches, and counts what became of them; shared by all commands on files."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from restore._errors import EngineError, InputError, RestoreError
from restore.cli._failures import say
from restore.formats import (
    TextSource,
    parquet_batches,
    read_chunks,
    segments,
    text_batches,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from restore.cli._sources import Source
    from restore.formats import Batch


@dataclass(slots=True)
class Tally:
    """What happened so far."""

    files: int = 0
    edits: int = 0
    left_out: int = 0
    failed: int = 0
    skipped: int = 0

    def fail(self, label: str, message: str) -> None:
        """Count and report a file that could not be done."""
        self.failed += 1
        say(f"{label}: {message}")

    def summary(self) -> str:
        """Say it in one line."""
        parts = [f"{self.files} file{'' if self.files == 1 else 's'} done, {self.edits} edits"]
        if self.left_out:
            parts.append(f"{self.left_out} edits left out (markup or encoding in the way)")
        parts += [f"{self.failed} failed"] if self.failed else []
        parts += [f"{self.skipped} passed over"] if self.skipped else []
        return ", ".join(parts)


@dataclass(slots=True)
class Reader:
    """Reads sources with one set of options.

    Attributes:
        fields: the fields that hold text.
        encoding: of the input; None decides by the byte-order mark.
        seen: told how many bytes were read, for the progress bar.
    """

    fields: Sequence[str] = ()
    encoding: str | None = None
    seen: Callable[[int], None] | None = field(default=None)

    @contextmanager
    def text(self, source: Source) -> Iterator[TextSource]:
        """Open a source as text; iterate once.

        Raises:
            InputError: it cannot be opened, or `encoding` is none.
        """
        with _opened(source) as stream:
            chunks = read_chunks(stream, source.kind.compression, self.seen)
            yield TextSource(chunks, self.encoding)

    def batches(self, source: Source, size: int) -> Iterator[Batch]:
        """Read a source of any kind in batches of about `size` code points.

        Raises:
            InputError: it cannot be read, or is not of its kind.
        """
        if source.kind.name == "parquet":
            yield from self._rows(source, size)
            return
        with self.text(source) as text:
            cut = segments(text, source.kind.name, self.fields)
            yield from text_batches(cut, lambda: text.encoding, size)

    def _rows(self, source: Source, size: int) -> Iterator[Batch]:
        if source.path is None:
            message = "parquet cannot come from standard input: name a file"
            raise InputError(message)
        if not self.fields:
            message = "a parquet file has several fields: say which holds the text with --field"
            raise InputError(message)
        with _opened(source):
            pass
        yield from parquet_batches(source.path, self.fields, size)
        if self.seen is not None:
            self.seen(source.size)


@contextmanager
def _opened(source: Source) -> Iterator[IO[bytes]]:
    if source.path is None:
        yield sys.stdin.buffer
        return
    try:
        stream = source.path.open("rb")
    except (OSError, ValueError) as error:
        message = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        raise InputError(message) from error
    with stream:
        yield stream


def each(sources: Iterable[Source], tally: Tally, work: Callable[[Source], None]) -> None:
    """Do `work` on every source; one that fails is reported, and the others go on.

    Raises:
        EngineError: there is nothing left to work with.
    """
    for source in sources:
        try:
            work(source)
        except EngineError:
            raise
        except RestoreError as error:
            tally.fail(source.label, str(error))
        else:
            tally.files += 1
