"""A job's folder: files that appear whole or not at all, and a lock against a second job in it."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from corpora._errors import CorpusError
from corpora._files import read_json, readable
from evaluation._errors import EvaluationError
from restore.formats import UNFINISHED, write_whole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

MANIFEST = "manifest.json"
RUN = "run.json"
LOCK = ".lock"


def key_of(*parts: object) -> str:
    """Return the first 20 hex digits of the SHA-256 of plain data.

    >>> key_of("a", [1]) == key_of("a", (1,))
    True
    """
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all; half a surrogate pair in it stays as it is.

    Raises:
        InputError: the folder cannot be written.
    """
    write_whole(path, text.encode("utf-8", "surrogatepass"))


def write_data(path: Path, data: object) -> None:
    """Write indented JSON with sorted keys: the same data give the same bytes."""
    write_text(path, json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write a JSON object a line."""
    write_text(path, "".join(json.dumps(row, ensure_ascii=True) + "\n" for row in rows))


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSONL file that a job wrote.

    Raises:
        EvaluationError: it is damaged.
        CorpusError: it cannot be read.
    """
    with readable(path), path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield json.loads(line)
            except ValueError as error:
                message = f"{path}, line {number}: damaged; delete the file and run the job again"
                raise EvaluationError(message) from error


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read a stage's manifest."""
    found: dict[str, Any] = read_json(folder / MANIFEST)
    return found


def prune(folder: Path, kept: Collection[Path]) -> None:
    """Delete files below a stage's folder that are not of the job as it is now configured."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and path not in kept:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Hold a folder for one job, and clear away what a killed one left half written.

    Raises:
        EvaluationError: it holds other things, cannot be made, or another job runs in it.
    """
    _check_ours(folder)
    with locked(folder):
        for part in folder.rglob(UNFINISHED):
            part.unlink(missing_ok=True)
        yield


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder, making it where it is missing, against whoever else would hold it.

    Raises:
        EvaluationError: it cannot be made, or is held.
    """
    import fcntl

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("a")
    except OSError as error:
        message = f"{folder}: cannot be written ({error.strerror or error})"
        raise EvaluationError(message) from error
    with lock:
        try:  # the system frees it even when the job is killed
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            message = f"{folder}: another job runs in this folder: wait for it, or choose another"
            raise EvaluationError(message) from error
        yield


def _check_ours(folder: Path) -> None:
    """See that a folder may be pruned: it holds a job, or nothing at all.

    A name such as ``report`` is everyone's: only what `run.json` says tells a job's folder.
    """
    if folder.exists() and not folder.is_dir():
        message = f"{folder} is no folder: choose another --out"
        raise EvaluationError(message)
    if folder.exists() and any(map(_is_foreign, folder.iterdir())) and not _holds_job(folder):
        message = f"{folder} is not empty and holds no job: choose another --out"
        raise EvaluationError(message)


def _is_foreign(path: Path) -> bool:
    """Say whether something is more than a job leaves that was killed before its first file."""
    return path.name != LOCK and not fnmatchcase(path.name, UNFINISHED)


def _holds_job(folder: Path) -> bool:
    try:
        run = read_json(folder / RUN)
    except CorpusError:  # none, or one that no job wrote
        return False
    return isinstance(run, dict) and {"schema", "package", "config", "argv"} <= run.keys()
