"""JSON lines: only the chosen string values change, the rest of a line stays byte for byte."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from restore._errors import InputError
from restore.formats._plain import lines
from restore.formats._segments import Segment, together, unescape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\."
)
_SPACE = re.compile(r"[ \t\r\n]*")
# Numbers stay strings: their value does not matter, and Python refuses very long whole numbers.
_string = json.decoder.scanstring  # type: ignore[attr-defined]
_scan = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str).scan_once  # type: ignore[attr-defined]


def jsonl_segments(chunks: Iterable[str], fields: Sequence[str]) -> Iterator[Segment]:
    """Yield the lines; the values of `fields` (dots reach into objects) carry text.

    A value is a string, a list of strings, or null (left alone). All of a line are read together,
    as headline and text of one story.

    Raises:
        InputError: a line is no JSON object or lacks a field; the message has the line's number.
    """
    for number, line in enumerate(lines(chunks), 1):
        if not line.strip():
            yield Segment(line)
            continue
        try:
            spans = sorted({span for field in fields for span in _spans(line, field)})
        except _LineError as error:
            message = f"line {number}: {error}"
            raise InputError(message) from error
        yield from _cut(line, spans)


class _LineError(ValueError):
    """What is wrong with a line."""


def _spans(line: str, field: str) -> list[tuple[int, int]]:
    """Find the strings of `field`: offsets inside their quotation marks."""
    found: list[tuple[int, int]] = []
    try:
        end = _object(line, _skip(line, 0), field, found)
    except (json.JSONDecodeError, StopIteration) as error:
        message = f"not JSON ({getattr(error, 'msg', 'a value is missing')})"
        raise _LineError(message) from error
    except RecursionError as error:
        message = "JSON nested too deeply"
        raise _LineError(message) from error
    if _skip(line, end) != len(line):
        message = "not JSON (more follows after the object)"
        raise _LineError(message)
    return found


def _skip(line: str, at: int) -> int:
    match = _SPACE.match(line, at)
    return match.end() if match else at


def _object(line: str, at: int, field: str, found: list[tuple[int, int]]) -> int:
    """Walk an object's members; return the offset after it."""
    _expect(line, at, "{")
    names: list[str] = []
    at = _skip(line, at + 1)
    while line[at : at + 1] != "}":
        _expect(line, at, '"')
        name, at = _string(line, at + 1, True)
        at = _skip(line, at)
        _expect(line, at, ":")
        at = _member(line, _skip(line, at + 1), name, field, found)
        names.append(name)
        at = _comma(line, _skip(line, at))
    _check_has(field, names)
    return at + 1


def _comma(line: str, at: int) -> int:
    """Pass over the comma between members; return the offset of the next quote or brace."""
    if line[at : at + 1] == "}":
        return at
    _expect(line, at, ",")
    at = _skip(line, at + 1)
    _expect(line, at, '"')
    return at


def _check_has(field: str, names: list[str]) -> None:
    if field in names or field.split(".", maxsplit=1)[0] in names:
        return
    message = f"no field {field!r} (has: {', '.join(names[:8]) or 'none'})"
    raise _LineError(message)


def _member(line: str, at: int, name: str, field: str, found: list[tuple[int, int]]) -> int:
    if name == field:
        return _value(line, at, field, found)
    inner = field.removeprefix(name + ".")
    if inner != field and line[at : at + 1] == "{":
        return _object(line, at, inner, found)
    value, end = _scan(line, at)
    if inner != field and value is not None:
        message = f"field {name!r} holds no object, so there is no {field!r}"
        raise _LineError(message)
    return int(end)


def _value(line: str, at: int, field: str, found: list[tuple[int, int]]) -> int:
    value: Any
    value, end = _scan(line, at)
    if isinstance(value, str) and line[at] == '"':
        found.append((at + 1, end - 1))
    elif isinstance(value, list) and all(isinstance(item, str) for item in value):
        _list_items(line, _skip(line, at + 1), found, field)
    elif value is not None:
        what = {
            dict: "an object",
            list: "a list of something else than text",
            bool: "a truth value",
        }
        message = f"field {field!r} holds {what.get(type(value), 'a number')}, not text"
        raise _LineError(message)
    return int(end)


def _list_items(line: str, at: int, found: list[tuple[int, int]], field: str) -> None:
    while line[at] != "]":
        if line[at] != '"':
            message = f"field {field!r} holds a list of something else than text"
            raise _LineError(message)
        _, end = _string(line, at + 1, True)
        found.append((at + 1, end - 1))
        at = _skip(line, end)
        if line[at] == ",":
            at = _skip(line, at + 1)


def _expect(line: str, at: int, mark: str) -> None:
    if line[at : at + 1] != mark:
        there = repr(line[at]) if at < len(line) else "the end"
        message = f"not a JSON object ({mark!r} expected at character {at + 1}, not {there})"
        raise _LineError(message)


def _cut(line: str, spans: list[tuple[int, int]]) -> Iterator[Segment]:
    end = spans[-1][1] if spans else 0
    yield from together(_strings(line, spans))
    yield Segment(line[end:])


def _strings(line: str, spans: list[tuple[int, int]]) -> Iterator[Segment]:
    """Yield a record's strings, and what stands before each."""
    at = 0
    for start, end in spans:
        yield Segment(line[at:start])
        yield _string_segment(line[start:end], line.isascii())
        at = end


def _string_segment(raw: str, ascii_only: bool) -> Segment:
    def write(before: str, after: str) -> str:
        del before
        # Lone surrogates, which only an escape can hold, must stay escapes.
        plain = not ascii_only and not any("\ud800" <= mark <= "\udfff" for mark in after)
        return json.dumps(after, ensure_ascii=not plain)[1:-1]

    if "\\" not in raw:
        return Segment(raw, raw if raw.strip() else None, write=write)
    text, starts, ends = unescape(raw, _ESCAPE, lambda escape: str(json.loads(f'"{escape}"')))
    return Segment(raw, text if text.strip() else None, starts, ends, write)
