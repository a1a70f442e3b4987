"""Result files: the reports of a run with the statistics of each document, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corpora._files import read_json
from evaluation._errors import EvaluationError
from evaluation._scores import Scores
from evaluation._tally import columns_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FORMAT = "restore-evaluation"
VERSION = 1
NAME = "results.json"
SPEED = "speed.json"  # beside it: times differ from run to run, results do not
NO_SPEED = {"words": 0, "words_per_second": None}


def entry(report: Mapping[str, Any], scores: Scores) -> dict[str, Any]:
    """Return a system's result on a set as plain data; its speed stays out, since it varies."""
    kept = {key: value for key, value in report.items() if key != "speed"}
    return kept | {"documents": _pack(scores)}


def wrap(entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the content of a result file; the same results give the same bytes."""
    return {"format": FORMAT, "version": VERSION, "results": entries}


def load(path: Path) -> list[tuple[dict[str, Any], Scores]]:
    """Read a result file, or that of a job's folder, back; with the speeds that stand beside it.

    Raises:
        CorpusError: the file is missing or not JSON.
        EvaluationError: it is not a result file, or one of another version.
    """
    file = _file(path)
    data = read_json(file)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        message = f"{file}: not a result file: write one with `restore evaluate run`"
        raise EvaluationError(message)
    if data.get("version") != VERSION:
        message = f"{file}: version {data.get('version')}, but this program reads {VERSION}"
        raise EvaluationError(message)
    speed = file.with_name(SPEED)
    speeds = read_json(speed) if speed.exists() else {}
    try:
        return [(_with_speed(one, speeds), _unpack(one["documents"])) for one in data["results"]]
    except (KeyError, TypeError, ValueError) as error:
        message = f"{file}: damaged ({error!r}): run it again"
        raise EvaluationError(message) from error


def _file(path: Path) -> Path:
    if not path.is_dir():
        return path
    return path / "aggregate" / NAME if (path / "aggregate").is_dir() else path / NAME


def _with_speed(one: dict[str, Any], speeds: Mapping[str, Any]) -> dict[str, Any]:
    report = {key: value for key, value in one.items() if key != "documents"}
    return report | {"speed": speeds.get(f"{one['set']}/{one['system']}", NO_SPEED)}


def _pack(scores: Scores) -> dict[str, Any]:
    """Keep the columns that are not all zero."""
    columns = {
        name: [round(value, 9) for value in scores.table[:, n].tolist()]
        for n, name in enumerate(scores.columns)
        if scores.table[:, n].any()
    }
    return {"ids": scores.documents, "families": scores.families, "columns": columns}


def _unpack(data: dict[str, Any]) -> Scores:
    families = tuple(data["families"])
    names = columns_of(families)
    table = np.zeros((len(data["ids"]), len(names)))
    for name, values in data["columns"].items():
        table[:, names.index(name)] = values
    return Scores(names, tuple(data["ids"]), table, {}, families)
