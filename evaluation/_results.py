"""Result files: the reports of a run with the statistics of each document, as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from corpora._files import read_json, write_bytes, write_json
from evaluation._errors import EvaluationError
from evaluation._scores import Scores
from evaluation._tally import columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from evaluation._run import Result

FORMAT = "restore-evaluation"
VERSION = 1


def to_json(results: Iterable[Result]) -> dict[str, Any]:
    """Return the results as data that `from_json` takes; the same results give the same bytes."""
    entries = [one.report | {"documents": _pack(one.scores)} for one in results]
    return {"format": FORMAT, "version": VERSION, "results": entries}


def save(folder: Path, results: Iterable[Result]) -> Path:
    """Write ``results.json`` and each system's texts, ``texts/SET.SYSTEM.jsonl``, into a folder.

    Raises:
        CorpusError: the folder cannot be written.
    """
    kept = list(results)
    for one in kept:
        name = f"{one.report['set']}.{one.report['system']}.jsonl".replace("/", "_")
        write_bytes(folder / "texts" / name, _texts(one).encode())
    write_json(folder / "results.json", to_json(kept))
    return folder / "results.json"


def _texts(result: Result) -> str:
    lines = []
    for out in result.run.outputs:
        row: dict[str, Any] = {
            "id": out.row.id,
            "source": out.row.source,
            "reference": out.row.reference,
            "hypothesis": out.text,
        }
        if out.edits is not None:
            row["edits"] = [edit.to_dict() for edit in out.edits]
        lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    return "".join(lines)


def load(path: Path) -> list[tuple[dict[str, Any], Scores]]:
    """Read a result file (or the folder that holds it) back.

    Raises:
        CorpusError: the file is missing or not JSON.
        EvaluationError: it is not a result file, or one of another version.
    """
    file = path / "results.json" if path.is_dir() else path
    data = read_json(file)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        message = f"{file}: not a result file: write one with `restore evaluate run --out`"
        raise EvaluationError(message)
    if data.get("version") != VERSION:
        message = f"{file}: version {data.get('version')}, but this program reads {VERSION}"
        raise EvaluationError(message)
    try:
        return [(entry, _unpack(entry["documents"])) for entry in data["results"]]
    except (KeyError, TypeError, ValueError) as error:
        message = f"{file}: damaged ({error!r}): run it again"
        raise EvaluationError(message) from error


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
