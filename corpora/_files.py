"""Reading files so that every failure is one clear line, and writing JSON."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from corpora._errors import CorpusError
from restore.formats import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator


def existing(path: Path) -> Path:
    """Return `path`, or say that nothing is there.

    Raises:
        CorpusError: the path does not exist.
    """
    if not path.exists():
        message = f"no such file or folder: {path}"
        raise CorpusError(message)
    return path


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn whatever goes wrong while `path` is read into one line that names it."""
    try:
        yield
    except UnicodeDecodeError as error:
        message = f"{path}: not UTF-8 at byte {error.start}: convert the file first"
        raise CorpusError(message) from error
    except (OSError, EOFError, zlib.error) as error:
        reason = " ".join(str(error).split())
        message = f"{path}: cannot be read ({reason}): is the file damaged?"
        raise CorpusError(message) from error


def read_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a UTF-8 text file, gzipped or not, without their line ends.

    Only line feeds (after an optional carriage return) end a line, so that line-parallel files
    stay parallel whatever other separators their lines hold.

    Raises:
        CorpusError: the file is missing, damaged or not UTF-8.
    """
    with readable(existing(path)), _open(path) as lines:
        for line in lines:
            yield line.removesuffix("\n").removesuffix("\r")


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(path), encoding="utf-8-sig", newline="\n")
    return path.open(encoding="utf-8-sig", newline="\n")


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal.

    Raises:
        CorpusError: the file is missing or cannot be read.
    """
    with readable(existing(path)), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def content_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, or of the names and hashes of all files below a folder.

    Raises:
        CorpusError: nothing is there, or a file cannot be read.
    """
    if not existing(path).is_dir():
        return file_sha256(path)
    files = sorted(file for file in path.rglob("*") if file.is_file())
    lines = (f"{file_sha256(file)}  {file.relative_to(path).as_posix()}\n" for file in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def write_json(path: Path, data: object) -> None:
    """Write `data` as indented JSON with sorted keys, whole or not at all.

    Raises:
        InputError: the folder cannot be written.
    """
    text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True)
    write_whole(path, f"{text}\n".encode())


def read_json(path: Path) -> Any:  # noqa: ANN401 - JSON is any data
    """Return the data of a JSON file.

    Raises:
        CorpusError: the file is missing, damaged or not JSON.
    """
    with readable(existing(path)):
        text = path.read_text(encoding="utf-8")
    try:
        return json.loads(text)
    except ValueError as error:
        message = f"{path}: not JSON ({error})"
        raise CorpusError(message) from error


def user_root(root: Path | str | None) -> Path | None:
    """Return the folder of outside data: the argument, else the variable RESTORE_SHARED."""
    given = root or os.environ.get("RESTORE_SHARED")
    return Path(given) if given else None
