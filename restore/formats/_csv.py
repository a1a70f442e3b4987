"""CSV and TSV: only the chosen cells change; quoting, spacing and line ends stay as they are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from restore._edits import Edit, apply_edits, placed
from restore._errors import InputError
from restore.formats._plain import lines
from restore.formats._segments import Segment, together, unescape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_DOUBLED = re.compile('""')
# A record longer than this is taken for an unclosed quotation mark.
MAX_RECORD = 1 << 26


def csv_segments(chunks: Iterable[str], fields: Sequence[str], delimiter: str) -> Iterator[Segment]:
    """Yield the records of a table whose first row names its columns; cells of `fields` carry text.

    Those of a row are read together, as headline and text of one story. Quoting follows RFC 4180:
    a cell that starts with a quotation mark runs to the next single one.

    Raises:
        InputError: no such column, a row that is too short, or a quotation mark never closed.
    """
    columns: list[int] | None = None
    for record in _records(chunks, delimiter):
        if columns is None:
            columns = _columns(record, fields)
            yield Segment(record.text)
        elif not record.text.strip():
            yield Segment(record.text)
        else:
            yield from _cut(record, columns, delimiter)


@dataclass(slots=True)
class _Record:
    """One row: its first line's number, its text, and where its cells lie."""

    line: int
    delimiter: str
    parts: list[str] = field(default_factory=list)
    cells: list[tuple[int, int]] = field(default_factory=list)
    length: int = 0
    start: int = 0
    is_quoted: bool = False

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def feed(self, line: str) -> bool:
        """Take the next line; tell whether the record is complete."""
        at = self._open(line, 0) if not self.parts else 0
        self.parts.append(line)
        while True:
            if self.is_quoted:
                at = _closing(line, at)
                if at < 0:
                    self.length += len(line)
                    return False
                self.is_quoted = False
            stop = line.find(self.delimiter, at)
            if stop < 0:
                self.cells.append((self.start, self.length + len(line.rstrip("\r\n"))))
                return True
            self.cells.append((self.start, self.length + stop))
            self.start = self.length + stop + 1
            at = self._open(line, stop + 1)

    def _open(self, line: str, at: int) -> int:
        self.is_quoted = line.startswith('"', at)
        return at + 1 if self.is_quoted else at


def _closing(line: str, at: int) -> int:
    """Return the offset after the quotation mark that closes the cell, or -1."""
    while (at := line.find('"', at)) >= 0:
        if not line.startswith('"', at + 1):
            return at + 1
        at += 2
    return -1


def _records(chunks: Iterable[str], delimiter: str) -> Iterator[_Record]:
    record: _Record | None = None
    for number, line in enumerate(lines(chunks), 1):
        record = record or _Record(number, delimiter)
        if record.feed(line):
            yield record
            record = None
        elif record.length > MAX_RECORD:
            break
    if record is not None:
        message = f"line {record.line}: a quotation mark is never closed"
        raise InputError(message)


def _columns(header: _Record, fields: Sequence[str]) -> list[int]:
    text = header.text
    names = [_plain(text[start:end]) for start, end in header.cells]
    if "\r" in text.rstrip("\r\n"):
        message = "lines end in bare carriage returns: convert them to line feeds first"
        raise InputError(message)
    for name in fields:
        if name not in names:
            message = f"no column {name!r} (has: {', '.join(names[:12])})"
            raise InputError(message)
    return sorted({at for at, name in enumerate(names) if name in fields})


def _plain(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if _is_quoted(cell) else cell


def _is_quoted(cell: str) -> bool:
    return len(cell) > 1 and cell[0] == '"' and _closing(cell, 1) == len(cell)


def _cut(record: _Record, columns: list[int], delimiter: str) -> Iterator[Segment]:
    *cells, rest = _cells(record, columns, delimiter)
    yield from together(cells)
    yield rest


def _cells(record: _Record, columns: list[int], delimiter: str) -> Iterator[Segment]:
    """Yield a row's cells that carry text, what stands before each, and behind the last."""
    text = record.text
    at = 0
    for column in columns:
        if column >= len(record.cells):
            have = f"{len(record.cells)} cell{'s' if len(record.cells) > 1 else ''}"
            message = f"line {record.line}: only {have}, column {column + 1} missing"
            raise InputError(message)
        start, end = record.cells[column]
        quoted = _is_quoted(text[start:end])
        start, end = (start + 1, end - 1) if quoted else (start, end)
        yield Segment(text[at:start])
        yield _quoted_cell(text[start:end]) if quoted else _bare_cell(text[start:end], delimiter)
        at = end
    yield Segment(text[at:])


def _quoted_cell(raw: str) -> Segment:
    if '"' not in raw:
        return Segment(raw, raw if raw.strip() else None, settle=_double)
    text, starts, ends = unescape(raw, _DOUBLED, lambda pair: pair[0])
    return Segment(raw, text if text.strip() else None, starts, ends, settle=_double)


def _double(raw: str, edits: list[Edit]) -> list[Edit]:
    """Double the quotation marks of what is written into a quoted cell."""
    del raw
    return [placed(edit, edit.start, edit.end, edit.before, edit.after.replace('"', '""'))
            for edit in edits]  # fmt: skip


def _bare_cell(raw: str, delimiter: str) -> Segment:
    # A cell that starts with a quotation mark but is not properly quoted has no clear meaning.
    if not raw.strip() or raw.startswith('"'):
        return Segment(raw)
    special = (delimiter, '"', "\r", "\n")

    def settle(raw: str, edits: list[Edit]) -> list[Edit]:
        if not any(mark in edit.after for edit in edits for mark in special):
            return edits
        return [_quote_whole(raw, edits)]

    return Segment(raw, raw, settle=settle)


def _quote_whole(raw: str, edits: list[Edit]) -> Edit:
    """Join a cell's edits to one that also puts the cell in quotation marks."""
    new = apply_edits(raw, edits).replace('"', '""')
    sources = "+".join(dict.fromkeys(edit.source for edit in edits))
    return Edit(0, len(raw), raw, f'"{new}"', sources, min(edit.confidence for edit in edits))
