"""The sample spun article: its reference is rebuilt in memory from the text and table of facts."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from corpora._files import readable
from evaluation._errors import EvaluationError
from evaluation._sets import Row, TestSet, checked
from restore import Edit, apply_edits
from restore._document import Document

if TYPE_CHECKING:
    from pathlib import Path

# How the table counts tokens where the document model counts otherwise: words keep a possessive.
_COUNTED = re.compile(
    r"[^\W\d_]+(?:[-'\N{RIGHT SINGLE QUOTATION MARK}][^\W\d_]+)*|\d+(?:[.,:/]\d+)*|[^\w\s]|_"
)


class Fact(NamedTuple):
    """One altered place: first token, number of tokens, what stands there, what it stood for."""

    first: int
    length: int
    garbled: str
    original: str


def read_facts() -> list[Fact]:
    """Return the rows of the key, in the order of the text."""
    text = (files("evaluation") / "data" / "seed_key.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and line[0].isdigit()]
    return [Fact(int(one[0]), int(one[1]), one[2], one[3]) for one in lines]


def read_seed(name: str, path: Path) -> TestSet:
    """Read the article (a file, or the one text of a folder) with the key that the package has.

    Raises:
        EvaluationError: there is not exactly one text, or it is not the one that the key is for.
        CorpusError: it cannot be read, or is not UTF-8.
    """
    texts = sorted(path.glob("*.txt")) if path.is_dir() else [path]
    if len(texts) != 1 or not texts[0].is_file():
        message = f"{path}: one article was expected, {len(texts)} texts found"
        raise EvaluationError(message)
    with readable(texts[0]):
        source = texts[0].read_bytes().decode("utf-8")
    gold = gold_edits(source, read_facts(), texts[0])
    reference = apply_edits(source, gold)
    about = {"altered": len(gold)}
    row = Row("article", "article", source, reference, about, tuple(gold))
    return checked(name, "seed", path, [row])


def gold_edits(text: str, facts: list[Fact], place: Path) -> list[Edit]:
    """Place the facts in the text.

    Raises:
        EvaluationError: what the facts name does not stand at their places.
    """
    document = Document.parse(text)
    here = [(s, s + len(t)) for s, t in zip(document.starts, document.tokens, strict=True)]
    for spans in (here, [match.span() for match in _COUNTED.finditer(text)]):
        edits = [_edit(text, spans, fact) for fact in facts]
        wrong = sum(edit.before != fact.garbled for edit, fact in zip(edits, facts, strict=True))
        if not wrong:
            return [_with_space(text, edit) for edit in edits]
    message = f"{place}: {wrong} of the key's {len(facts)} words do not stand at their places"
    raise EvaluationError(message)


def _edit(text: str, spans: list[tuple[int, int]], fact: Fact) -> Edit:
    first, last = fact.first, fact.first + fact.length - 1
    if last >= len(spans):
        return Edit(0, 0, "", fact.original)
    start, end = spans[first][0], spans[last][1]
    return Edit(start, end, text[start:end], fact.original)


def _with_space(text: str, edit: Edit) -> Edit:
    """Let a deletion take the space before it along."""
    if edit.after or text[edit.start - 1 : edit.start] != " ":
        return edit
    return Edit(edit.start - 1, edit.end, f" {edit.before}", "", edit.source)
