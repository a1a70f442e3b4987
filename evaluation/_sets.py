"""Test sets: rows to score, where they came from, and what of the files was left out and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from evaluation._errors import EvaluationError
from evaluation._score import data_hash

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence
    from pathlib import Path

    from restore import Edit


@dataclass(frozen=True, slots=True)
class Row:
    """One text of a test set.

    Attributes:
        id: unique within the set.
        doc_id: rows of one document follow one another and are restored together.
        source: the text that systems get.
        reference: the text as it should be.
        metadata: what slices can be cut by.
        gold: the edits that undo the garbling; their `source` names the relation.
        accept: other texts that count as an exact match.
    """

    id: str
    doc_id: str
    source: str
    reference: str
    metadata: dict[str, Any] = field(default_factory=dict)
    gold: tuple[Edit, ...] = ()
    accept: tuple[str, ...] = ()


@dataclass(frozen=True)
class TestSet:
    """A test set as it was read.

    Attributes:
        name: what reports call it.
        kind: which reader read it; says which metrics lead (`HEADLINES`).
        rows: what is scored, in the order of the files.
        skipped: reason to number of rows left out.
        fold: letters' case does not matter for an exact match.
    """

    __test__ = False  # not a pytest class

    name: str
    kind: str
    rows: tuple[Row, ...]
    skipped: dict[str, int] = field(default_factory=dict)
    fold: bool = False

    @property
    def read(self) -> int:
        """Rows that the files hold, skipped ones included."""
        return len(self.rows) + sum(self.skipped.values())

    @cached_property
    def hash(self) -> str:
        """First 12 hex digits of the SHA-256 of all rows that are scored."""
        return data_hash((r.id, r.doc_id, r.source, r.reference, r.accept) for r in self.rows)

    def first(self, documents: int) -> TestSet:
        """Return the set's first documents, for a quick look; the other rows count as skipped."""
        kept = [row for _, rows in islice(self.documents(), documents) for row in rows]
        beyond = len(self.rows) - len(kept)
        if not beyond:
            return self
        skipped = {**self.skipped, "beyond the limit": beyond}
        return TestSet(self.name, self.kind, tuple(kept), skipped, self.fold)

    def documents(self) -> Iterator[tuple[str, Sequence[Row]]]:
        """Yield each document's id and rows."""
        first = 0
        for n in range(1, len(self.rows) + 1):
            if n == len(self.rows) or self.rows[n].doc_id != self.rows[first].doc_id:
                yield self.rows[first].doc_id, self.rows[first:n]
                first = n


# The metrics that lead the table of each kind of set.
HEADLINES: dict[str, tuple[str, ...]] = {
    "parallel": ("err", "err_word", "fix_rate", "wrong_fix_rate", "break_rate", "edit_f05", "chrf"),
    "jsonl": ("err", "err_word", "fix_rate", "wrong_fix_rate", "break_rate", "edit_f05", "chrf"),
    "seed": ("err", "err_word", "fix_rate", "wrong_fix_rate", "break_rate", "exact_lines"),
    "clean": ("change_rate", "untouched", "preserved"),
    "adversarial": ("untouched", "change_rate"),
    "mojibake": ("exact", "untouched"),
    "words": ("exact", "untouched"),
    "phrases": ("exact", "untouched"),
}
# What stands in each table, too, where it was asked for.
OPTIONAL_HEADLINES = ("errant_f05", "similarity", "fluency", "lm_fluency")


def headlines(kind: str, there: Container[str]) -> list[str]:
    """Return the metrics that lead the table of a kind of set, of those that are there."""
    return [name for name in (*HEADLINES[kind], *OPTIONAL_HEADLINES) if name in there]


def checked(name: str, kind: str, place: Path, rows: list[Row], *, fold: bool = False) -> TestSet:
    """Make a test set of rows; blank pairs are skipped and counted, anything odd is refused.

    Raises:
        EvaluationError: an id is missing or used twice, a reference is empty where its source is
            not, a document's rows do not follow one another, or nothing is left to score.
    """
    kept = [row for row in rows if row.source.strip() or row.reference.strip()]
    _check_ids(place, kept)
    _check_documents(place, kept)
    for row in kept:
        if not row.reference.strip():
            message = f"{place}: row {row.id!r} has a source but an empty reference"
            raise EvaluationError(message)
    if not kept:
        message = f"{place}: nothing to score ({len(rows)} rows read)"
        raise EvaluationError(message)
    blank = len(rows) - len(kept)
    return TestSet(name, kind, tuple(kept), {"blank": blank} if blank else {}, fold)


def _check_ids(place: Path, rows: list[Row]) -> None:
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        if not row.id:
            message = f"{place}: row {number} has no id"
            raise EvaluationError(message)
        if row.id in seen:
            message = f"{place}: the id {row.id!r} is used twice"
            raise EvaluationError(message)
        seen.add(row.id)


def _check_documents(place: Path, rows: list[Row]) -> None:
    closed: set[str] = set()
    before: str | None = None
    for row in rows:
        if row.doc_id != before:
            if row.doc_id in closed:
                message = f"{place}: the rows of document {row.doc_id!r} do not follow one another"
                raise EvaluationError(message)
            closed.add(row.doc_id)
            before = row.doc_id
