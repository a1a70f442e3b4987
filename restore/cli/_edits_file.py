"""Edits as JSON lines: written by `restore text --edits`, read by `restore apply`."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from restore._edits import Edit, in_order
from restore._errors import EditError, InputError, RestoreError
from restore.formats import whole_file

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from restore.formats import Piece


class EditsWriter:
    """Appends pieces' edits to an open file, and takes a failed file's edits out again."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._mark = 0

    def begin(self) -> None:
        """Remember where the next file's edits start."""
        self._mark = self._stream.tell()

    def add(self, label: str, piece: Piece) -> None:
        """Write a piece's edits, one a line."""
        for edit in piece.edits:
            self._stream.write(json.dumps(as_data(label, piece, edit)) + "\n")

    def take_back(self) -> None:
        """Drop what was written since `begin`."""
        self._stream.seek(self._mark)
        self._stream.truncate()


def as_data(label: str, piece: Piece, edit: Edit) -> dict[str, Any]:
    """Return an edit with its file, and for parquet its row and field, as plain data."""
    data: dict[str, Any] = {"file": label}
    if piece.row is not None:
        data |= {"row": piece.row, "field": piece.field}
    return data | edit.to_dict()


@contextmanager
def edits_writer(path: Path | None) -> Iterator[EditsWriter | None]:
    """Open an edits file that appears when the run ends; None writes none."""
    if path is None:
        yield None
        return
    with whole_file(path) as pending, pending.path.open("w", encoding="utf-8") as stream:
        yield EditsWriter(stream)


@dataclass(frozen=True, slots=True)
class Veto:
    """Which edits are left out: by number (from 1, as lines stand in the file) or confidence."""

    numbers: Collection[int] = ()
    min_confidence: float = 0.0

    def covers(self, number: int, edit: Edit, data: dict[str, Any]) -> bool:
        """Tell whether an edit is left out; so is a line that says ``"reject": true``."""
        is_low = edit.confidence < self.min_confidence
        return number in self.numbers or is_low or data.get("reject") is True


def read_edits(path: Path, label: str, veto: Veto) -> tuple[list[Edit], int]:
    """Read the edits of one file, in order.

    Args:
        path: JSON lines.
        label: the file they were made for; where the lines name only one file, its name does not
            matter (it may have been moved).
        veto: which to leave out.

    Returns:
        The edits to make, and how many were left out.

    Raises:
        EditError: a line is malformed, edits overlap, or the lines name other files only.
        InputError: the file cannot be read.
    """
    rows = list(_rows(path))
    names = {data.get("file", label) for _, data, _ in rows}
    if len(names) > 1 and label not in names:
        message = f"{path} has edits of {len(names)} files, none of them {label}"
        raise EditError(message)
    _check_numbers(path, veto, len(rows))
    kept: list[Edit] = []
    vetoed = 0
    for number, data, edit in rows:
        if len(names) > 1 and data.get("file", label) != label:
            continue
        if veto.covers(number, edit, data):
            vetoed += 1
        else:
            kept.append(edit)
    return in_order(kept), vetoed


def _check_numbers(path: Path, veto: Veto, size: int) -> None:
    for number in veto.numbers:
        if not 1 <= number <= size:
            message = f"no edit has number {number}: {path} has {size}"
            raise EditError(message)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any], Edit]]:
    number = 0
    try:
        with path.open(encoding="utf-8") as stream:
            for line_number, line in enumerate(stream, 1):
                if line.strip():
                    number += 1
                    yield number, *_row(line, f"{path}, line {line_number}")
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror or error}"
        raise InputError(message) from error
    except UnicodeDecodeError as error:
        message = f"{path}: not UTF-8, so not a file of edits"
        raise InputError(message) from error


def _row(line: str, place: str) -> tuple[dict[str, Any], Edit]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        message = f"{place}: not JSON (half-written?): {getattr(error, 'msg', error)}"
        raise EditError(message) from error
    if not isinstance(data, dict) or "row" in data:
        what = "edits of parquet files cannot be replayed" if isinstance(data, dict) else "no edit"
        message = f"{place}: {what}"
        raise EditError(message)
    if not isinstance(data.get("file", ""), str):
        message = f"{place}: the file's name is no text: {data['file']!r}"
        raise EditError(message)
    try:
        return data, Edit.from_dict(data)
    except RestoreError as error:
        message = f"{place}: {error}"
        raise EditError(message) from error
