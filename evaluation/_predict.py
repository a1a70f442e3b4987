"""Runs a system over the documents of a test set, and hands its output back row by row."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from evaluation._errors import EvaluationError
from evaluation._oracle import Oracle
from restore import Edit, RestoreError, apply_edits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evaluation._sets import Row, TestSet
    from evaluation._systems import Prediction, System

# What a system may raise at a document that it cannot handle; the document then counts as failed.
# One that may raise more says so in `failures`.
FAILURES = (RestoreError, ValueError, TypeError, LookupError, ArithmeticError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Output:
    """What a system made of one row.

    Attributes:
        row: the row.
        text: the restored text.
        edits: its edits on the row's source; None where the system names none.
    """

    row: Row
    text: str
    edits: tuple[Edit, ...] | None


@dataclass(frozen=True, slots=True)
class Run:
    """What a system made of a test set.

    Attributes:
        outputs: rows in order, failed documents left out.
        failed: document id to the reason.
        seconds: time of each document that did not fail.
    """

    outputs: list[Output]
    failed: dict[str, str]
    seconds: list[float]


def predict(system: System, test_set: TestSet) -> Run:
    """Restore all documents of a set: each document's rows joined by line feeds.

    A document at which the system fails is recorded, the rest goes on.

    Raises:
        EvaluationError: the system gives fewer texts or lines than it was given, or names edits
            that do not make its text.
    """
    documents = list(test_set.documents())
    texts = ["\n".join(row.source for row in rows) for _, rows in documents]
    if isinstance(system, Oracle):
        system.bind(texts, ["\n".join(row.reference for row in rows) for _, rows in documents])
    run = Run([], {}, [])
    made = _each(system, texts)
    for (name, rows), text in zip(documents, texts, strict=True):
        prediction = next(made)
        if isinstance(prediction, str):
            run.failed[name] = prediction
            continue
        where = f"{system.name} on {test_set.name}, document {name!r}"
        run.outputs.extend(split(where, rows, text, prediction))
        run.seconds.append(prediction.seconds)
    return run


def _each(system: System, texts: Sequence[str]) -> Iterator[Prediction | str]:
    """Yield a prediction, or the reason why there is none, for each text."""
    failures = getattr(system, "failures", FAILURES)
    at = 0
    while at < len(texts):
        stream = system.predict(texts[at:])
        try:
            for prediction in stream:
                yield prediction
                at += 1
        except EvaluationError:  # the system as a whole does not work
            raise
        except failures as error:
            yield f"{type(error).__name__}: {error}".removesuffix(": ")
            at += 1
        else:
            break
    if at < len(texts):
        message = f"{system.name}: {len(texts)} documents given, {at} returned"
        raise EvaluationError(message)


def split(where: str, rows: Sequence[Row], text: str, made: Prediction) -> list[Output]:
    """Cut a document's restored text at its rows' ends.

    Edits say where the ends went; without them, lines are counted.

    Raises:
        EvaluationError: the edits do not make the text, or the number of lines changed.
    """
    if made.edits is not None:
        if apply_edits(text, made.edits) != made.text:
            message = f"{where}: its edits do not turn the source into its text"
            raise EvaluationError(message)
        return _split_by_edits(rows, made.edits)
    if len(rows) == 1:
        return [Output(rows[0], made.text, None)]
    lines = made.text.split("\n")
    sizes = [row.source.count("\n") + 1 for row in rows]
    if len(lines) != sum(sizes):
        message = f"{where}: {sum(sizes)} lines given, {len(lines)} returned"
        raise EvaluationError(message)
    ends = list(accumulate(sizes))
    return [
        Output(row, "\n".join(lines[end - size : end]), None)
        for row, size, end in zip(rows, sizes, ends, strict=True)
    ]


def _split_by_edits(rows: Sequence[Row], edits: Sequence[Edit]) -> list[Output]:
    starts = [0, *accumulate(len(row.source) + 1 for row in rows)]
    parts: list[list[Edit]] = [[] for _ in rows]
    for edit in edits:
        first = min(bisect_right(starts, edit.start) - 1, len(rows) - 1)
        parts[first].append(_cut(edit, starts[first], len(rows[first].source), edit.after))
        # What an edit takes from later rows is gone there; its text stays in the first.
        for n in range(first + 1, len(rows)):
            if edit.end > starts[n]:
                parts[n].append(_cut(edit, starts[n], len(rows[n].source), ""))
    return [
        Output(row, apply_edits(row.source, part), tuple(part))
        for row, part in zip(rows, parts, strict=True)
    ]


def _cut(edit: Edit, offset: int, length: int, after: str) -> Edit:
    """Return the part of an edit that lies in a row, with offsets of the row."""
    start = min(max(edit.start - offset, 0), length)
    end = min(edit.end - offset, length)
    skip = start + offset - edit.start
    before = edit.before[skip : skip + end - start]
    return Edit(start, end, before, after, edit.source, edit.confidence, edit.alternatives)
