"""Parallel text of one's own: what was altered, found by aligning tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpora._readers import jsonl_rows
from corpora.garbler import Garbled
from restore._document import Document
from restore._edits import Edit, checked_string
from restore._errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def read_pairs(paths: list[Path]) -> list[tuple[str, Garbled]]:
    """Read JSON Lines with the keys `source`, `reference` and perhaps `id`.

    Returns:
        Id and garbled text with the edits that undo it, a pair a line.

    Raises:
        CorpusError: a file cannot be read, or a line is no JSON object.
        InputError: a line is not such a record.
    """
    return [_pair(path, number, row) for path in paths for number, row in jsonl_rows(path)]


def _pair(path: Path, number: int, record: dict[str, Any]) -> tuple[str, Garbled]:
    try:
        source, reference = record["source"], record["reference"]
        checked_string(source), checked_string(reference)
    except (KeyError, TypeError) as error:
        message = f"{path}, line {number}: not a record with source and reference ({error!r})"
        raise InputError(message) from error
    name = str(record.get("id", f"{path.stem}:{number}"))
    return name, Garbled(source, list(edits_between(source, reference)))


def edits_between(source: str, reference: str) -> Iterator[Edit]:
    """Yield the edits that turn the tokens of `source` into those of `reference`.

    >>> [(e.before, e.after) for e in edits_between("nan old man", "the old man")]
    [('nan', 'the')]
    """
    from rapidfuzz.distance import Levenshtein

    a, b = Document.parse(source), Document.parse(reference)
    for code in Levenshtein.opcodes(list(a.tokens), list(b.tokens)):
        if code.tag == "replace":
            for i, j in zip(
                range(code.src_start, code.src_end),
                range(code.dest_start, code.dest_end),
                strict=True,
            ):
                yield _edit(a, i, i + 1, b.tokens[j])
        elif code.tag == "delete":
            yield _edit(a, code.src_start, code.src_end, "")
        elif code.tag == "insert":
            at = a.starts[code.src_start] if code.src_start < len(a.tokens) else len(source)
            stretch = reference[b.starts[code.dest_start] : b.end(code.dest_end - 1)]
            yield Edit(at, at, "", f"{stretch} ", "pair")


def _edit(document: Document, first: int, end: int, after: str) -> Edit:
    start, stop = document.starts[first], document.end(end - 1)
    return Edit(start, stop, document.text[start:stop], after, "pair")
