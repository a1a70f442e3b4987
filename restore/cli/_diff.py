"""Shows edits inside their lines, in the style of wdiff: ``[-before-]{+after+}``."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from restore._edits import Edit
    from restore.formats import Piece

# Code points of unchanged text shown on either side of an edit.
CONTEXT = 60
# Control characters could drive the terminal; line breaks inside an edit are shown.
_SHOWN = dict.fromkeys((*range(32), *range(127, 160)), "\N{REPLACEMENT CHARACTER}")
_SHOWN |= {9: " ", 10: "\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}", 13: ""}
_CUT = "\N{HORIZONTAL ELLIPSIS}"


def wants_colour() -> bool:
    """Tell whether standard output takes colours (https://no-color.org, FORCE_COLOR)."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def shown(text: str) -> str:
    """Return `text` without control characters, on one line."""
    return text.translate(_SHOWN)


@dataclass(slots=True)
class _Gap:
    """Unchanged text: its beginning, its end, and its length in code points."""

    head: str = ""
    tail: str = ""
    length: int = 0

    def add(self, text: str) -> None:
        room = CONTEXT - len(self.head)
        self.head += text[:room]
        self.tail = (self.tail + text[room:])[-CONTEXT:]
        self.length += len(text)

    def leading(self) -> str:
        cut = _CUT if self.length > CONTEXT else ""
        return cut + (self.head + self.tail)[-CONTEXT:]

    def between(self) -> str:
        return self.head + (_CUT if self.length > 2 * CONTEXT else "") + self.tail

    def trailing(self) -> str:
        return self.head + (_CUT if self.length > CONTEXT else "")


class InlineDiff:
    """Writes the changed lines of one file; feed it the file's pieces in order.

    Args:
        label: what the lines start with.
        write: takes the finished lines.
        has_colour: whether to mark edits with terminal colours as well.
    """

    def __init__(self, label: str, write: Callable[[str], object], has_colour: bool) -> None:
        self._label = label
        self._write = write
        self._has_colour = has_colour
        self._line = 1
        self._broken = 0  # line breaks inside the shown line's edits
        self._offset = 0
        self._parts: list[str] = []  # the line so far, once it holds an edit
        self._gap = _Gap()

    def feed(self, piece: Piece) -> None:
        """Take the next piece."""
        # A parquet piece is a value of its own, with offsets of its own.
        base = 0 if piece.row is not None else self._offset
        at = 0
        for edit in piece.edits:
            self._plain(piece.raw[at : edit.start - base])
            self._change(edit)
            at = edit.end - base
        self._plain(piece.raw[at:])
        self._offset += len(piece.raw)
        if piece.row is not None:
            self._plain("\n")

    def close(self) -> None:
        """Write what is left of the last line."""
        if self._parts:
            text = shown("".join(self._parts) + self._gap.trailing())
            self._write(f"{self._label}:{self._line}: {self._colour(text)}\n")
        self._parts = []
        self._gap = _Gap()
        self._line += self._broken
        self._broken = 0

    def _plain(self, text: str) -> None:
        first, found, rest = text.partition("\n")
        self._gap.add(first)
        if found:
            self.close()
            self._line += 1 + rest.count("\n")
            self._gap.add(rest.rpartition("\n")[2])

    def _change(self, edit: Edit) -> None:
        self._parts.append(self._gap.between() if self._parts else self._gap.leading())
        self._parts.append(f"{_RED}[-{edit.before}-]{_END}" if edit.before else "")
        self._parts.append(f"{_GREEN}{{+{edit.after}+}}{_END}" if edit.after else "")
        self._gap = _Gap()
        self._broken += edit.before.count("\n")

    def _colour(self, text: str) -> str:
        for mark, code in _COLOURS.items():
            text = text.replace(mark, code if self._has_colour else "")
        return text


# Stand-ins from Unicode's non-characters, which no text holds, so that colours survive `shown`.
_RED, _GREEN, _END = "\ufdd0", "\ufdd1", "\ufdd2"
_COLOURS = {_RED: "\x1b[31m", _GREEN: "\x1b[32m", _END: "\x1b[0m"}
