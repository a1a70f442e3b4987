"""Which files a command works on: arguments become files, folders are walked, globs expanded."""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from restore._errors import InputError
from restore.formats import TABLES, FileKind, is_known, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_MAGIC = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Source:
    """One input.

    Attributes:
        path: the file; None is standard input.
        relative: its place below the argument that named it, kept below an output folder.
        kind: what it holds.
    """

    path: Path | None
    relative: PurePath
    kind: FileKind

    @property
    def label(self) -> str:
        """How messages name it."""
        return "<stdin>" if self.path is None else str(self.path)

    @property
    def size(self) -> int:
        """Bytes on disk; 0 where that is unknown."""
        try:
            return 0 if self.path is None else self.path.stat().st_size
        except OSError:
            return 0


@dataclass(slots=True)
class Inputs:
    """What the arguments came to: files to work on, and how many were passed over."""

    sources: list[Source]
    skipped: int = 0
    is_many: bool = False  # an argument was a folder or a pattern, or there were several


def gather(
    arguments: Sequence[str],
    name: str | None,
    fields: Sequence[str],
    fail: Callable[[str, str], None],
) -> Inputs:
    """Turn arguments into sources.

    Args:
        arguments: files, folders, patterns, or '-'; none means standard input.
        name: a format that overrides the suffixes.
        fields: the fields that hold text; without any, a folder's tables are passed over.
        fail: told (label, message) of arguments that cannot be used.
    """
    inputs = Inputs([], is_many=len(arguments) > 1)
    seen: set[str] = set()
    for argument in arguments or ("-",):
        try:
            found = _expand(argument, inputs, name, fields)
            for source in found:
                key = source.label if source.path is None else os.path.realpath(source.path)
                if key not in seen:
                    seen.add(key)
                    inputs.sources.append(source)
        except InputError as error:
            fail(argument, str(error))
    return inputs


def _expand(
    argument: str, inputs: Inputs, name: str | None, fields: Sequence[str]
) -> Iterator[Source]:
    if argument == "-":
        return iter([Source(None, PurePath("stdin"), FileKind(name or "txt"))])
    path = Path(argument)
    if _is_folder(path):
        inputs.is_many = True
        return _walk(path, path, inputs, name, fields)
    if _MAGIC & set(argument) and not os.path.lexists(argument):
        inputs.is_many = True
        return _matches(argument, inputs, name, fields)
    return iter([Source(path, PurePath(path.name), kind_of(path, name))])


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError) as error:  # a name too long, or with a zero byte
        message = f"not a usable file name ({error})"
        raise InputError(message) from error


def _matches(
    pattern: str, inputs: Inputs, name: str | None, fields: Sequence[str]
) -> Iterator[Source]:
    parts = PurePath(pattern).parts
    fixed = next(at for at, part in enumerate(parts) if _MAGIC & set(part))
    root = Path(*parts[:fixed])
    paths = [Path(found) for found in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207 - absolute patterns too
    files = [path for path in paths if path.is_file()]
    if not files:
        message = "no file matches"
        raise InputError(message)
    for path in files:
        if name is None and not is_known(path):
            inputs.skipped += 1
        else:
            yield Source(path, path.relative_to(root), kind_of(path, name))
    del fields


def _walk(
    root: Path, folder: Path, inputs: Inputs, name: str | None, fields: Sequence[str]
) -> Iterator[Source]:
    """Yield a folder's files in order of their names; hidden ones are passed over."""
    try:
        entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        message = f"{folder}: {error.strerror or error}"
        raise InputError(message) from error
    for entry in entries:
        if entry.is_dir():
            # Links to folders could lead round in a circle.
            if not entry.is_symlink():
                yield from _walk(root, entry, inputs, name, fields)
        elif _is_wanted(entry, name, fields):
            yield Source(entry, entry.relative_to(root), kind_of(entry, name))
        else:
            inputs.skipped += 1


def _is_wanted(path: Path, name: str | None, fields: Sequence[str]) -> bool:
    if not path.is_file() or not (name or is_known(path)):
        return False
    return bool(fields) or kind_of(path, name).name not in TABLES
