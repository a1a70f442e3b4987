"""Readers of files: each yields records of one schema, in the order of the file."""

from __future__ import annotations

import csv
import json
from itertools import count, dropwhile, zip_longest
from typing import TYPE_CHECKING, Any

from corpora._errors import CorpusError
from corpora._files import existing, read_json, read_lines, readable
from corpora._record import Record
from restore.formats._csv import MAX_RECORD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    Row = dict[str, Any]

# Rows of a Parquet file that are in memory at a time.
_PARQUET_BATCH_ROWS = 1000


def read_parallel(source: Path, reference: Path, docs: Path | None = None) -> Iterator[Record]:
    """Read two files of which line n of one belongs to line n of the other.

    Args:
        source: the garbled lines.
        reference: the lines as they should read.
        docs: the document of each line; without it every line is its own document.

    Raises:
        CorpusError: a file is missing or not UTF-8, or the line counts differ; nothing is yielded
            before the counts are known to agree.
    """
    files = [path for path in (source, reference, docs) if path]
    counts = {path.name: sum(1 for _ in read_lines(path)) for path in files}
    if len(set(counts.values())) > 1:
        listed = ", ".join(f"{name} {lines}" for name, lines in counts.items())
        message = f"{source.parent}: line-parallel files of unequal line counts: {listed}"
        raise CorpusError(message)
    for number, lines in enumerate(zip_longest(*map(read_lines, files)), start=1):
        doc_id = lines[2] if docs else str(number)
        yield Record(str(number), doc_id, lines[0], lines[1])


def read_rows(path: Path, columns: Mapping[str, str], kind: str | None = None) -> Iterator[Record]:
    """Read a table of records.

    Args:
        path: a .tsv, .csv, .jsonl, .json or .parquet file; all but Parquet may be gzipped.
        columns: which column is `id`, `doc_id`, `source` and `reference`; `reference` is needed.
            Columns of tables without a header are named "1", "2" and so on. All other columns
            become metadata.
        kind: the format, where the file's name does not tell (`tsv-headed` for a TSV with a
            header).

    Raises:
        CorpusError: a missing file, an unknown format, a missing column, an unreadable row.
    """
    kind = kind or path.name.removesuffix(".gz").rpartition(".")[2].lower()
    if kind not in _ROW_READERS:
        message = f"{path}: no reader for .{kind} files; there are {', '.join(_ROW_READERS)}"
        raise CorpusError(message)
    if "reference" not in columns:
        message = f"{path}: say which column is the reference"
        raise CorpusError(message)
    yield from to_records(path, _ROW_READERS[kind](existing(path)), columns)


def to_records(
    place: Path | str, rows: Iterable[Row], columns: Mapping[str, str]
) -> Iterator[Record]:
    """Make records of rows; `place` is what messages call the table."""
    for number, row in enumerate(rows, start=1):
        for column in columns.values():
            if column not in row:
                message = f"{place}: no column {column!r}; it has {', '.join(map(repr, row))}"
                raise CorpusError(message)
        yield _to_record(place, number, row, columns)


def _to_record(place: Path | str, number: int, row: Row, columns: Mapping[str, str]) -> Record:
    got = {role: row[column] for role, column in columns.items()}
    for role, value in got.items():
        if not isinstance(value, str) and role != "id":
            message = f"{place}, row {number}: {columns[role]!r} holds {value!r}, not a text"
            raise CorpusError(message)
    record_id = str(got.get("id", number))
    metadata = {key: row[key] for key in row if key not in columns.values()}
    doc_id = got.get("doc_id", record_id)
    return Record(record_id, doc_id, got.get("source"), got["reference"], metadata)


def jsonl_rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Yield the objects of a JSON Lines file, gzipped or not, each with its line's number from 1.

    Raises:
        CorpusError: the file is missing, damaged or not UTF-8, or a line is no JSON object.
    """
    for number, line in enumerate(read_lines(path), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            message = f"{path}, line {number}: not JSON ({error})"
            raise CorpusError(message) from error
        yield number, _object(path, number, row)


def _jsonl_rows(path: Path) -> Iterator[Row]:
    return (row for _, row in jsonl_rows(path))


def _json_rows(path: Path) -> Iterator[Row]:
    data = read_json(path)
    if not isinstance(data, list):
        message = f"{path}: a list of objects was expected, not {type(data).__name__}"
        raise CorpusError(message)
    for number, row in enumerate(data, start=1):
        yield _object(path, number, row)


def _object(path: Path, number: int, row: Any) -> Row:  # noqa: ANN401 - JSON is any data
    if not isinstance(row, dict):
        message = f"{path}, record {number}: an object was expected, not {type(row).__name__}"
        raise CorpusError(message)
    return row


def _tsv_rows(path: Path) -> Iterator[Row]:
    # No quoting: a quotation mark in a TSV is a character of the text.
    for line in read_lines(path):
        yield dict(zip(map(str, count(1)), line.split("\t"), strict=False))


def _headed_tsv_rows(path: Path) -> Iterator[Row]:
    # Lines of remarks may stand before the header, and nowhere else.
    lines = dropwhile(lambda numbered: numbered[1].startswith("#"), enumerate(read_lines(path), 1))
    _, names = next(lines, (0, ""))
    header = names.split("\t")
    for number, line in lines:
        yield _zip_row(path, number, header, line.split("\t"))


def _csv_rows(path: Path) -> Iterator[Row]:
    # An article is longer than the cells that Python's reader takes unless told.
    csv.field_size_limit(max(MAX_RECORD, csv.field_size_limit()))
    # The line ends go back on: a quoted field may hold several lines.
    rows = csv.reader(f"{line}\n" for line in read_lines(path))
    try:
        header = next(rows, [])
        for number, cells in enumerate(rows, start=2):
            yield _zip_row(path, number, header, cells)
    except csv.Error as error:
        message = f"{path}, line {rows.line_num}: not CSV ({error})"
        raise CorpusError(message) from error


def _zip_row(path: Path, number: int, header: list[str], cells: list[str]) -> Row:
    if len(cells) != len(header):
        message = f"{path}, row {number}: {len(cells)} cells under {len(header)} column names"
        raise CorpusError(message)
    return dict(zip(header, cells, strict=True))


def _parquet_rows(path: Path) -> Iterator[Row]:
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    with readable(path):
        try:
            with ParquetFile(path) as file:
                for batch in file.iter_batches(batch_size=_PARQUET_BATCH_ROWS):
                    yield from batch.to_pylist()
        except ArrowException as error:
            reason = " ".join(str(error).split())[:120]
            message = f"{path}: not a readable Parquet file ({reason})"
            raise CorpusError(message) from error


_ROW_READERS = {
    "jsonl": _jsonl_rows,
    "json": _json_rows,
    "tsv": _tsv_rows,
    "tsv-headed": _headed_tsv_rows,
    "csv": _csv_rows,
    "parquet": _parquet_rows,
}


def read_folder(folder: Path, pattern: str = "**/*.txt") -> Iterator[Record]:
    """Read a folder of plain texts, one document a file, in the order of their paths.

    Raises:
        CorpusError: the folder is missing or holds no such file, or a file is not UTF-8.
    """
    paths = sorted(path for path in existing(folder).glob(pattern) if path.is_file())
    if not paths:
        message = f"{folder}: no file matches {pattern}"
        raise CorpusError(message)
    for path in paths:
        name = path.relative_to(folder).as_posix()
        yield Record(name, name, None, "\n".join(read_lines(path)).strip("\n"))
