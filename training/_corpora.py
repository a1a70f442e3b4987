"""Reads clean news: Parquet files of one's own, or those that `restore corpora build` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from restore import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyarrow.parquet import ParquetFile

_BATCH_ROWS = 512
# What a file may call a column, best first: parts of a document go by the document's name.
_IDS, _TEXTS = ("doc_id", "id"), ("text", "reference")


class Article(NamedTuple):
    """One text.

    Attributes:
        id: of the document.
        title: empty where the file has none.
        text: maybe empty.
    """

    id: str
    title: str
    text: str


def corpus_files(folder: Path) -> list[Path]:
    """Return the Parquet files of a folder, in order of their names.

    Raises:
        InputError: there is none.
    """
    files = sorted(folder.glob("*.parquet"))
    if not files:
        message = f"no *.parquet file in {folder}: give the folder of the corpora"
        raise InputError(message)
    return files


def columns_of(path: Path) -> tuple[str, str]:
    """Return what a file calls the documents' ids and their texts.

    Raises:
        InputError: it cannot be read, or has no such columns.
    """
    return _columns(path, _opened(path).schema_arrow.names)


def _opened(path: Path) -> ParquetFile:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        return ParquetFile(path)
    except (OSError, pa.ArrowException) as error:
        message = f"{path}: no Parquet file that can be read ({error})"
        raise InputError(message) from error


def _columns(path: Path, names: list[str]) -> tuple[str, str]:
    found = [next((n for n in wanted if n in names), None) for wanted in (_IDS, _TEXTS)]
    if found[0] is None or found[1] is None:
        message = f"{path}: needs the columns 'id' and 'text', has {', '.join(names) or 'none'}"
        raise InputError(message)
    return found[0], found[1]


def articles(path: Path) -> Iterator[Article]:
    """Yield the texts of a file.

    Raises:
        InputError: see `columns_of`.
    """
    file = _opened(path)
    names = file.schema_arrow.names
    name, text = _columns(path, names)
    columns = [name, text, *(["title"] if "title" in names else [])]
    for batch in file.iter_batches(_BATCH_ROWS, columns=columns):
        for row in batch.to_pylist():
            yield Article(str(row[name]), row.get("title") or "", row[text] or "")
