"""Mends text that was decoded with the wrong encoding, as ftfy does, in small edits."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from restore._edits import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

# Signs that never make text look broken by themselves: a line without others is passed over.
INNOCENT = "\xa0\u2013\u2014\u2018\u2019\u201c\u201d\u2026"
_SUSPECT = re.compile(rf"[^\x00-\x7f{INNOCENT}]")
_SOURCE = "repair:mojibake"
_CONFIDENCE = 0.97
_LONGEST_LINE = 1 << 16
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
# Alignment of words is quadratic at worst: a longer stretch becomes one edit.
_LONGEST_ALIGNED = 400
_WORDS = re.compile(r"[A-Za-z0-9]+|[^\x00-\x7f]+|\s+|.", re.DOTALL)


def mojibake(text: str) -> list[Edit]:
    """Propose to undo a wrong decoding: ``cafÃ©`` to ``café``.

    Method: ftfy 6 (Speer, doi:10.5281/zenodo.2591652), line by line, as its `fix_text` does.

    False positives: ftfy changes a line only if it has a sequence that is far likelier as
    mojibake than as text, and if the reverse decoding succeeds; its authors measured less than
    one per million posts. What is known to go wrong: a line that talks about mojibake, and some
    product names that end in an accented capital and a sign.
    """
    if text.isascii():
        return []
    return [edit for start, line in _suspect_lines(text) for edit in _mend(line, start)]


def _suspect_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines, with their offsets, that hold a sign which mojibake could be made of."""
    at = 0
    while suspect := _SUSPECT.search(text, at):
        start = text.rfind("\n", at, suspect.start()) + 1 or at
        end = text.find("\n", suspect.end())
        end = len(text) if end < 0 else end + 1
        for part in range(start, end, _LONGEST_LINE):
            yield part, text[part : min(part + _LONGEST_LINE, end)]
        at = end


def _mend(line: str, offset: int) -> list[Edit]:
    from ftfy import fix_encoding_and_explain  # slow to import, and plain text does without it
    from ftfy.badness import is_bad

    if not is_bad(line):
        return []
    fixed, plan = fix_encoding_and_explain(line)
    if fixed == line:
        return []
    pairs = _by_plan(line, fixed, plan or []) or _by_alignment(line, fixed)
    return [
        Edit(offset + start, offset + end, line[start:end], after, _SOURCE, _CONFIDENCE)
        for start, end, after in pairs
    ]


def _by_plan(line: str, fixed: str, plan: list[Any]) -> list[tuple[int, int, str]]:
    """Apply the plan to each stretch of foreign signs alone; nothing if that gives another text."""
    from ftfy import apply_plan

    found: list[tuple[int, int, str]] = []
    pieces: list[str] = []
    at = 0
    for match in _FOREIGN.finditer(line):
        try:
            after = apply_plan(match.group(), plan)
        except UnicodeError:
            return []
        pieces += (line[at : match.start()], after)
        at = match.end()
        if after != match.group():
            found.append((match.start(), match.end(), after))
    return found if "".join(pieces) + line[at:] == fixed else []


def _by_alignment(line: str, fixed: str) -> list[tuple[int, int, str]]:
    """Align words and signs of the two lines."""
    head = _common_prefix(line, fixed)
    tail = _common_prefix(line[head:][::-1], fixed[head:][::-1])
    end = len(line) - tail
    left = _WORDS.findall(line[head:end])
    right = _WORDS.findall(fixed[head : len(fixed) - tail])
    if max(len(left), len(right)) > _LONGEST_ALIGNED:
        return [(head, end, fixed[head : len(fixed) - tail])]
    places = [head]
    for word in left:
        places.append(places[-1] + len(word))
    return [
        (places[i], places[j], "".join(right[k:m]))
        for tag, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
        if tag != "equal"
    ]


def _common_prefix(left: str, right: str) -> int:
    for index, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return index
    return min(len(left), len(right))
