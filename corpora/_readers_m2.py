"""Reader of M2 files, the format of grammatical-error-correction data (Dahlmeier & Ng, 2012)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpora._errors import CorpusError
from corpora._files import read_lines
from corpora._record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Types that stand for "nothing to correct here".
_NO_EDIT = frozenset({"noop", "UNK", "Um"})

_Correction = tuple[int, int, list[str]]


def read_m2(path: Path) -> Iterator[Record]:
    """Read an M2 file: one record a sentence, tokens joined by blanks.

    The reference is the first annotator's; the others' stand in `metadata["references"]`.

    Raises:
        CorpusError: a missing file, or a line that is neither a sentence nor an annotation.
    """
    number = 0
    block: list[str] = []
    for line in read_lines(path):
        if line.strip():
            block.append(line)
        elif block:
            number += 1
            yield _sentence(path, number, block)
            block = []
    if block:
        yield _sentence(path, number + 1, block)


def _sentence(path: Path, number: int, block: list[str]) -> Record:
    marker, _, text = block[0].partition(" ")
    if marker != "S":
        message = f"{path}, sentence {number}: a line 'S ...' was expected, not {block[0][:60]!r}"
        raise CorpusError(message)
    tokens = text.split()
    by_annotator: dict[str, list[_Correction]] = {}
    for line in block[1:]:
        annotator, correction = _annotation(path, number, line)
        by_annotator.setdefault(annotator, []).extend(correction)
    references = [
        _corrected(path, number, tokens, by_annotator[name]) for name in sorted(by_annotator)
    ] or [text]
    metadata = {"references": references[1:]} if len(references) > 1 else {}
    return Record(str(number), str(number), " ".join(tokens), references[0], metadata)


def _annotation(path: Path, number: int, line: str) -> tuple[str, list[_Correction]]:
    fields = line.removeprefix("A ").split("|||")
    try:
        start, end = map(int, fields[0].split())
        kind, replacement, annotator = fields[1], fields[2], fields[5]
    except (ValueError, IndexError) as error:
        message = f"{path}, sentence {number}: not an annotation: {line[:60]!r}"
        raise CorpusError(message) from error
    if kind in _NO_EDIT:
        return annotator, []
    return annotator, [(start, end, [] if replacement == "-NONE-" else replacement.split())]


def _corrected(path: Path, number: int, tokens: list[str], corrections: list[_Correction]) -> str:
    result: list[str] = []
    at = 0
    for start, end, replacement in sorted(corrections, key=lambda edit: edit[:2]):
        if not at <= start <= end <= len(tokens):
            message = (
                f"{path}, sentence {number}: correction {start}-{end} overlaps or lies outside"
            )
            raise CorpusError(message)
        result += tokens[at:start] + replacement
        at = end
    return " ".join(result + tokens[at:])
