"""Parquet: chosen string columns are restored row group by row group; needs pyarrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from restore._edits import apply_edits
from restore._errors import InputError
from restore.formats._segments import Piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from restore.formats._segments import Restored

    RestoreAll = Callable[[list[str]], Iterable[Restored]]

# Texts restored in one go.
ROWS = 256


def rewrite_parquet(
    path: Path, target: Path | None, fields: Sequence[str], restore_all: RestoreAll
) -> Iterator[Piece]:
    """Restore the columns `fields` and write the table to `target` (None: write nothing).

    The schema with its metadata, the row groups and the compression stay.

    Yields:
        One piece a text: offsets in its value, `row` counted from 0 over the file.

    Raises:
        InputError: pyarrow is missing, the file is no parquet, or a column is missing or no text.
    """
    parquet = _library()
    try:
        with parquet.ParquetFile(path) as source:
            _check_columns(source.schema_arrow, fields)
            if target is None:
                yield from _groups(source, None, fields, restore_all)
                return
            codec = _codec(source)
            with parquet.ParquetWriter(target, source.schema_arrow, compression=codec) as sink:
                yield from _groups(source, sink, fields, restore_all)
    except _library_errors() as error:
        message = f"not readable as parquet ({str(error).splitlines()[0]})"
        raise InputError(message) from error


def _library() -> Any:  # noqa: ANN401 - an optional library without types
    try:
        import pyarrow.parquet
    except ModuleNotFoundError as error:
        message = "reading parquet needs pyarrow: pip install 'degarble[parquet]'"
        raise InputError(message) from error
    return pyarrow.parquet


def _library_errors() -> tuple[type[Exception], ...]:
    import pyarrow as pa

    return (pa.ArrowException,)


def _check_columns(schema: Any, fields: Sequence[str]) -> None:  # noqa: ANN401
    import pyarrow as pa

    for name in fields:
        if name not in schema.names:
            message = f"no column {name!r} (has: {', '.join(schema.names[:12])})"
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


def _groups(
    source: Any,  # noqa: ANN401
    sink: Any,  # noqa: ANN401
    fields: Sequence[str],
    restore_all: RestoreAll,
) -> Iterator[Piece]:
    first = 0
    for at in range(source.metadata.num_row_groups):
        table = source.read_row_group(at)
        for name in dict.fromkeys(fields):
            values: list[str | None] = table.column(name).to_pylist()
            for piece in _column(values, name, first, restore_all):
                if piece.row is not None:
                    values[piece.row - first] = piece.new
                yield piece
            table = _replaced(table, name, values)
        if sink is not None:
            sink.write_table(table, row_group_size=max(1, table.num_rows))
        first += table.num_rows


def _replaced(table: Any, name: str, values: list[str | None]) -> Any:  # noqa: ANN401
    import pyarrow as pa

    place = table.schema.get_field_index(name)
    field = table.schema.field(place)
    return table.set_column(place, field, pa.array(values, type=field.type))


def _column(
    values: Sequence[str | None], name: str, first: int, restore_all: RestoreAll
) -> Iterator[Piece]:
    filled = [(row, text) for row, text in enumerate(values) if text and text.strip()]
    for start in range(0, len(filled), ROWS):
        batch = filled[start : start + ROWS]
        results = restore_all([text for _, text in batch])
        for (row, text), result in zip(batch, results, strict=True):
            yield Piece(
                text,
                apply_edits(text, result.edits),
                tuple(result.edits),
                len(text.split()),
                result.garbled_share,
                row=first + row,
                field=name,
            )
