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
        return "<stdin>" if self.path is None else printable(self.path)

    @property
    def size(self) -> int:
        """Bytes on disk; 0 where that is unknown."""
        try:
            return 0 if self.path is None else self.path.stat().st_size
        except OSError:
            return 0


def printable(path: Path) -> str:
    r"""Return a file's name as it can be printed, bytes that are no UTF-8 escaped.

    >>> printable(Path("caf\udce9.txt"))
    'caf\\udce9.txt'
    """
    return str(path).encode("utf-8", "backslashreplace").decode()


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
    *,
    in_place: bool = False,
) -> Inputs:
    """Turn arguments into sources.

    Args:
        arguments: files, folders, patterns, or '-'; none means standard input.
        name: a format that overrides the suffixes.
        fields: the fields that hold text; without any, a folder's tables are passed over.
        fail: told (label, message) of arguments that cannot be used.
        in_place: a file and the links to it are one source; they are several where each has an
            output of its own.
    """
    placed = os.path.realpath if in_place else os.path.abspath
    search = _Search(Inputs([], is_many=len(arguments) > 1), name, fields, fail)
    seen: set[str] = set()
    for argument in arguments or ("-",):
        for source in search.expand(argument):
            key = source.label if source.path is None else placed(source.path)
            if key not in seen:
                seen.add(key)
                search.inputs.sources.append(source)
    return search.inputs


@dataclass(frozen=True, slots=True)
class _Search:
    """Finds files; what cannot be used is told to `fail`, and the search goes on."""

    inputs: Inputs
    name: str | None
    fields: Sequence[str]
    fail: Callable[[str, str], None]

    def expand(self, argument: str) -> Iterator[Source]:
        """Yield the sources that an argument stands for."""
        path = Path(argument)
        try:
            is_folder = argument != "-" and path.is_dir()
        except (OSError, ValueError) as error:  # a name too long, or with a zero byte
            self.fail(argument, f"not a usable file name ({error})")
            return
        if argument == "-":
            yield Source(None, PurePath("stdin"), FileKind(self.name or "txt"))
        elif is_folder:
            self.inputs.is_many = True
            yield from self._walk(path, path)
        elif _MAGIC & set(argument) and not os.path.lexists(argument):
            self.inputs.is_many = True
            yield from self._matches(argument)
        else:
            yield from self._source(path, PurePath(path.name))

    def _source(self, path: Path, relative: PurePath) -> Iterator[Source]:
        try:
            yield Source(path, relative, kind_of(path, self.name))
        except InputError as error:
            self.fail(str(path), str(error))

    def _matches(self, pattern: str) -> Iterator[Source]:
        parts = PurePath(pattern).parts
        fixed = next(at for at, part in enumerate(parts) if _MAGIC & set(part))
        root = Path(*parts[:fixed])
        paths = [Path(found) for found in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207 - absolute patterns too
        files = [path for path in paths if path.is_file()]
        if not files:
            self.fail(pattern, "no file matches")
        for path in files:
            if self.name is None and not is_known(path):
                self.inputs.skipped += 1
            else:
                yield from self._source(path, path.relative_to(root))

    def _walk(self, root: Path, folder: Path) -> Iterator[Source]:
        """Yield a folder's files in order of their names; hidden ones are passed over."""
        try:
            entries = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
        except OSError as error:
            self.fail(str(folder), error.strerror or str(error))
            return
        for entry in entries:
            if entry.is_dir():
                # Links to folders could lead round in a circle.
                if not entry.is_symlink():
                    yield from self._walk(root, entry)
            elif not entry.is_file() or not (self.name or is_known(entry)):
                self.inputs.skipped += 1
            else:
                yield from self._listed(entry, entry.relative_to(root))

    def _listed(self, path: Path, relative: PurePath) -> Iterator[Source]:
        """Yield a folder's file, unless it is a table and nobody said which fields hold text."""
        for source in self._source(path, relative):
            if self.fields or source.kind.name not in TABLES:
                yield source
            else:
                self.inputs.skipped += 1
