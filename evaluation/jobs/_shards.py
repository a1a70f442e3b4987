"""What is done with one shard, in whichever process: predict its documents, score its rows.

Tasks are plain data that name files, so that they go to other processes and machines as they are.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from evaluation._predict import Output, predict
from evaluation._run import count_output
from evaluation._sets import Row, TestSet
from evaluation._systems import System, make_system
from evaluation.jobs._store import read_rows, write_data, write_lines
from restore import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evaluation._predict import Run


class PredictTask(TypedDict):
    """What to let a system restore.

    Attributes:
        target: the file to make; where it exists, nothing is to be done.
        rows: the file of the shard's rows.
        set: name of the test set.
        kind: its kind.
        use: how the system is made.
        system: what reports call it; its own name if empty.
    """

    target: str
    rows: str
    set: str
    kind: str
    use: str
    system: str


class ScoreTask(TypedDict):
    """What to collect statistics of.

    Attributes:
        target: the file to make.
        rows: the file of the shard's rows.
        made: the file of its predictions.
        set: name of the test set.
        kind: its kind.
        fold: letters' case does not matter for an exact match.
        families: metrics beside the core.
    """

    target: str
    rows: str
    made: str
    set: str
    kind: str
    fold: bool
    families: list[str]


@lru_cache(maxsize=4)
def system_of(use: str, name: str = "") -> System:
    """Make a system once a process, under the name that reports give it."""
    system = make_system(use)
    if name:
        system.name = name
    return system


def row_data(row: Row) -> dict[str, Any]:
    """Return a row as plain data."""
    return {
        "id": row.id,
        "doc_id": row.doc_id,
        "source": row.source,
        "reference": row.reference,
        "metadata": row.metadata,
        "gold": [edit.to_dict() for edit in row.gold],
        "accept": list(row.accept),
    }


def row_of(data: dict[str, Any]) -> Row:
    """Rebuild a row from `row_data`."""
    gold = tuple(Edit.from_dict(edit) for edit in data["gold"])
    return Row(
        data["id"], data["doc_id"], data["source"], data["reference"], data["metadata"], gold,
        tuple(data["accept"]),
    )  # fmt: skip


def seconds_file(target: str) -> Path:
    """Return where the times of a shard's predictions stand: apart, since they always differ."""
    return Path(target).with_suffix(".seconds.json")


def predict_shard(task: PredictTask) -> int:
    """Let a system restore a shard's documents; return how many of them failed."""
    rows = tuple(row_of(data) for data in read_rows(Path(task["rows"])))
    shard = TestSet(task["set"], task["kind"], rows)
    run = predict(system_of(task["use"], task["system"]), shard)
    # The times first: when the predictions are there, the shard is whole.
    write_data(seconds_file(task["target"]), run.seconds)
    write_lines(Path(task["target"]), _predictions(shard, run))
    return len(run.failed)


def _predictions(shard: TestSet, run: Run) -> Iterator[dict[str, Any]]:
    made = {out.row.id: out for out in run.outputs}
    for name, rows in shard.documents():
        if name in run.failed:
            yield {"doc_id": name, "failed": run.failed[name]}
            continue
        parts = [made[row.id] for row in rows]
        edits = [_edit_data(out.edits) for out in parts]
        yield {"doc_id": name, "texts": [out.text for out in parts], "edits": edits}


def _edit_data(edits: Sequence[Edit] | None) -> list[dict[str, Any]] | None:
    return None if edits is None else [edit.to_dict() for edit in edits]


def failures(path: Path) -> dict[str, str]:
    """Return the documents of a file of predictions that failed, and why."""
    return {row["doc_id"]: row["failed"] for row in read_rows(path) if "failed" in row}


def score_shard(task: ScoreTask) -> int:
    """Collect the statistics of a shard's rows; return how many rows were scored."""
    rows = tuple(row_of(data) for data in read_rows(Path(task["rows"])))
    outputs = list(_outputs(TestSet(task["set"], task["kind"], rows), Path(task["made"])))
    families = task["families"]
    write_lines(Path(task["target"]), (_scored(out, task["fold"], families) for out in outputs))
    return len(outputs)


def _outputs(shard: TestSet, made: Path) -> Iterator[Output]:
    for (_, rows), found in zip(shard.documents(), read_rows(made), strict=True):
        if "failed" in found:
            continue
        for row, text, edits in zip(rows, found["texts"], found["edits"], strict=True):
            named = None if edits is None else tuple(Edit.from_dict(edit) for edit in edits)
            yield Output(row, text, named)


def _scored(out: Output, fold: bool, families: Sequence[str]) -> dict[str, Any]:
    counts = count_output(out, fold, families)
    return {
        **row_data(out.row),
        "hypothesis": out.text,
        "edits": _edit_data(out.edits),
        "counts": {name: value for name, value in counts.values.items() if value},
        "relations": counts.relations,
    }
