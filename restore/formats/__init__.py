"""File formats: how a file becomes text segments and how restored segments go back into it.

Imported by the command line, and by corpora, evaluation and training for files that appear whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from restore._errors import InputError
from restore.formats._batches import Batch, text_batches
from restore.formats._bytes import (
    UNFINISHED,
    Pending,
    packing,
    read_chunks,
    refuse_taken,
    whole_file,
    write_whole,
)
from restore.formats._encoding import TextSource
from restore.formats._names import FORMAT_NAMES, TABLES, FileKind, is_known, kind_of
from restore.formats._parquet import parquet_batches, parquet_writer
from restore.formats._segments import BATCH, Piece, Restored, Segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = [
    "BATCH",
    "FORMAT_NAMES",
    "TABLES",
    "UNFINISHED",
    "Batch",
    "FileKind",
    "Pending",
    "Piece",
    "Restored",
    "Segment",
    "TextSource",
    "is_known",
    "kind_of",
    "packing",
    "parquet_batches",
    "parquet_writer",
    "read_chunks",
    "refuse_taken",
    "segments",
    "text_batches",
    "whole_file",
    "write_whole",
]


def segments(source: TextSource, name: str, fields: Sequence[str] = ()) -> Iterator[Segment]:
    """Cut a file's text into segments.

    Args:
        source: the file's code points.
        name: its format, one of `FORMAT_NAMES` except parquet.
        fields: which fields hold text, for formats made of records.

    Raises:
        InputError: the text is not of its format, or `fields` is missing.
    """
    if name in TABLES and not fields:
        message = f"a {name} file has several fields: say which holds the text with --field"
        raise InputError(message)
    chunks = iter(source)
    first = next(chunks, "")
    if first.startswith("\ufeff"):
        # The byte-order mark belongs to the file, not to its text.
        yield Segment("\ufeff")
        first = first[1:]
    yield from _by_format(_with_first(first, chunks), source, name, fields)


def _with_first(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest


def _by_format(
    chunks: Iterator[str], source: TextSource, name: str, fields: Sequence[str]
) -> Iterator[Segment]:
    # Imported here so that the names above are cheap for help and completion.
    from restore.formats import _csv, _html, _jsonl, _plain

    match name:
        case "txt":
            return _plain.plain_segments(chunks)
        case "md":
            return _plain.markdown_segments(chunks)
        case "html" | "xml":
            return _html.html_segments(chunks, lambda: source.encoding, name == "xml")
        case "jsonl":
            return _jsonl.jsonl_segments(chunks, fields)
        case "csv" | "tsv":
            return _csv.csv_segments(chunks, fields, "," if name == "csv" else "\t")
    message = f"no text can be read from {name} data this way"
    raise InputError(message)
