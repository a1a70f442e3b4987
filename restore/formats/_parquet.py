"""Parquet: chosen string columns are restored row group by row group; needs pyarrow."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from restore._edits import apply_edits
from restore._errors import InputError
from restore.formats._batches import Batch
from restore.formats._segments import BATCH, BETWEEN, Piece, within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from restore.formats._segments import Restored

Column = list[str | None]


@dataclass(slots=True)
class Head(Batch):
    """The beginning of a file: what its columns are, and how it is compressed."""

    schema: Any = None
    codec: str = ""


@dataclass(slots=True)
class Cells(Batch):
    """Some rows; the cells of each are read together, as headline and text of one story.

    Attributes:
        columns: the values of this row group; what is restored takes its place there.
        rows: where the texts stand in them.
        first: the row group's first row, counted from 0 over the file.
    """

    columns: dict[str, Column] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    first: int = 0

    def pieces(self, results: Iterable[Restored]) -> Iterator[Piece]:
        """Yield one piece a cell, with offsets in its value."""
        for row, result in zip(self.rows, results, strict=True):
            at = 0
            for name, text in _texts(self.columns, row):
                end = at + len(text)
                edits = tuple(within(result.edits, at, end))
                new = self.columns[name][row] = apply_edits(text, edits)
                words, share = len(text.split()), result.garbled_share
                yield Piece(text, new, edits, words, share, row=self.first + row, field=name)
                at = end + len(BETWEEN)


@dataclass(slots=True)
class RowGroup(Batch):
    """The end of a row group, all of whose cells came before: its table, and the new columns."""

    table: Any = None
    columns: dict[str, Column] = field(default_factory=dict)

    def restored(self) -> Any:  # noqa: ANN401
        """Return the table with the new columns."""
        import pyarrow as pa

        table = self.table
        for name, values in self.columns.items():
            place = table.schema.get_field_index(name)
            column = table.schema.field(place)
            table = table.set_column(place, column, pa.array(values, type=column.type))
        return table


def parquet_batches(path: Path, fields: Sequence[str], size: int = BATCH) -> Iterator[Batch]:
    """Read a file: its head, then for each row group the cells of `fields`, then its end.

    Args:
        path: the file.
        fields: the columns that hold text.
        size: code points at which a batch of cells is full.

    Raises:
        InputError: pyarrow is missing, the file is no parquet, or a column is missing or no text.
    """
    parquet = _library()
    with _readable(), parquet.ParquetFile(path) as source:
        _check_columns(source.schema_arrow, fields)
        yield Head([], schema=source.schema_arrow, codec=_codec(source))
        first = 0
        for at in range(source.metadata.num_row_groups):
            table = source.read_row_group(at)
            columns = {name: table.column(name).to_pylist() for name in dict.fromkeys(fields)}
            yield from _cells(columns, table.num_rows, first, size)
            yield RowGroup([], table.nbytes, table=table, columns=columns)
            first += table.num_rows


def _cells(columns: dict[str, Column], rows: int, first: int, size: int) -> Iterator[Cells]:
    cells = Cells([], columns=columns, first=first)
    for row in range(rows):
        text = BETWEEN.join(text for _, text in _texts(columns, row))
        if text:
            cells.rows.append(row)
            cells.texts.append(text)
            cells.weight += len(text)
        if cells.weight >= size:
            yield cells
            cells = Cells([], columns=columns, first=first)
    if cells.texts:
        yield cells


def _texts(columns: dict[str, Column], row: int) -> list[tuple[str, str]]:
    """Return the cells of a row that hold text, and their columns' names."""
    values = ((name, column[row]) for name, column in columns.items())
    return [(name, value) for name, value in values if value and value.strip()]


@contextmanager
def parquet_writer(target: Path) -> Iterator[Callable[[Batch], None]]:
    """Write a file from its batches, once their pieces are made; yields what takes a batch.

    The schema with its metadata, the row groups and the compression stay.
    """
    parquet = _library()
    with ExitStack() as stack:
        sinks: list[Any] = []

        def take(batch: Batch) -> None:
            if isinstance(batch, Head):
                sink = parquet.ParquetWriter(target, batch.schema, compression=batch.codec)
                sinks.append(stack.enter_context(sink))
            elif isinstance(batch, RowGroup):
                table = batch.restored()
                sinks[-1].write_table(table, row_group_size=max(1, table.num_rows))

        yield take


def _library() -> Any:  # noqa: ANN401 - an optional library without types
    try:
        import pyarrow.parquet
    except ModuleNotFoundError as error:
        message = "reading parquet needs pyarrow: pip install 'degarble[parquet]'"
        raise InputError(message) from error
    return pyarrow.parquet


@contextmanager
def _readable() -> Iterator[None]:
    """Turn the library's errors into one line; damaged pages are an OSError."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError) as error:
        message = f"not readable as parquet ({str(error).splitlines()[0]})"
        raise InputError(message) from error


def _check_columns(schema: Any, fields: Sequence[str]) -> None:  # noqa: ANN401
    import pyarrow as pa

    for name in fields:
        if name not in schema.names:
            message = f"no column {name!r} (has: {', '.join(schema.names[:12])})"
            raise InputError(message)
        if schema.get_field_index(name) < 0:
            message = f"several columns are called {name!r}: rename one"
            raise InputError(message)
        kind = schema.field(name).type
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
            message = f"column {name!r} holds {kind} data, not text"
            raise InputError(message)


def _codec(source: Any) -> str:  # noqa: ANN401
    if source.metadata.num_row_groups == 0 or source.metadata.num_columns == 0:
        return "snappy"
    name = str(source.metadata.row_group(0).column(0).compression).lower()
    return "none" if name == "uncompressed" else name
