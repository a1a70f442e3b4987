"""Which format and which compression a file has, told by its suffixes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from restore._errors import InputError

# Suffix -> format. Files without a suffix count as plain text.
FORMATS = {
    "": "txt",
    ".txt": "txt",
    ".text": "txt",
    ".md": "md",
    ".markdown": "md",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".xml": "xml",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
}
FORMAT_NAMES = tuple(dict.fromkeys(FORMATS.values()))
# Formats made of records: the user says which field holds the text.
TABLES = frozenset({"jsonl", "csv", "tsv", "parquet"})
COMPRESSIONS = {".gz": "gz", ".zst": "zst"}


@dataclass(frozen=True, slots=True)
class FileKind:
    """What a file holds: `name` is one of `FORMAT_NAMES`, `compression` is '', 'gz' or 'zst'."""

    name: str
    compression: str = ""


def kind_of(path: PurePath, name: str | None = None) -> FileKind:
    """Tell a file's kind by its suffixes; `name` overrides the format.

    Raises:
        InputError: the suffix is unknown and `name` is not given.

    >>> kind_of(PurePath("news.jsonl.gz"))
    FileKind(name='jsonl', compression='gz')
    """
    compression = COMPRESSIONS.get(path.suffix.lower(), "")
    suffix = (PurePath(path.stem) if compression else path).suffix.lower()
    name = name or FORMATS.get(suffix)
    if name is None:
        message = f"unknown suffix {suffix!r}: say what it holds with --format ({_names()})"
        raise InputError(message)
    if name == "parquet" and compression:
        message = "a parquet file is compressed inside: unpack the outer compression first"
        raise InputError(message)
    return FileKind(name, compression)


def is_known(path: PurePath) -> bool:
    """Tell whether a folder's file is one that this package reads (by suffix; none is unknown)."""
    bare = PurePath(path.stem) if path.suffix.lower() in COMPRESSIONS else path
    return bool(bare.suffix) and bare.suffix.lower() in FORMATS


def _names() -> str:
    return ", ".join(FORMAT_NAMES)
