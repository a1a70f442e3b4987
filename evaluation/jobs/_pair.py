"""What is done with one system on one set: its rows' statistics become a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from evaluation import _results
from evaluation._run import Options, ScoredRow, labels, report_of
from evaluation._statistics import Counts
from evaluation.jobs._shards import row_of
from evaluation.jobs._store import read_rows, write_data

if TYPE_CHECKING:
    from collections.abc import Iterator


class PairTask(TypedDict):
    """What to add up.

    Attributes:
        target: the file to make.
        scored: files of scored rows, in order.
        facts: what is known of the test set.
        system: the system's name and signature.
        failed: document to reason.
        families: metrics beside the core.
        slice_by: labels to slice by; None takes all with few values.
        rounds: resamples for intervals.
        seed: of the resampling.
    """

    target: str
    scored: list[str]
    facts: dict[str, Any]
    system: list[str]
    failed: dict[str, str]
    families: list[str]
    slice_by: list[str] | None
    rounds: int
    seed: int


def aggregate_pair(task: PairTask) -> int:
    """Add a system's statistics on a set up; return how many documents there are."""
    by = task["slice_by"]
    options = Options(
        tuple(task["families"]), None if by is None else tuple(by), task["rounds"], task["seed"]
    )
    name, signature = task["system"]
    rows = (row for path in task["scored"] for row in _rows(Path(path)))
    report, scores = report_of(task["facts"], (name, signature), task["failed"], rows, options)
    write_data(Path(task["target"]), _results.entry(report, scores))
    return len(scores.documents)


def _rows(path: Path) -> Iterator[ScoredRow]:
    for data in read_rows(path):
        relations = {name: (pair[0], pair[1]) for name, pair in data["relations"].items()}
        counts = Counts(data["counts"], relations)
        yield ScoredRow(data["doc_id"], counts, labels(row_of(data)))
