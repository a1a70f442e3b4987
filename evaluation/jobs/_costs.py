"""The stage that measures what systems cost, where a job asks: speed, start, memory, bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpora._files import read_json
from evaluation._errors import EvaluationError
from evaluation._footprint import YARDSTICK, Footprint, measure, sample
from evaluation._oracle import Oracle
from evaluation.jobs._shards import system_of
from evaluation.jobs._store import key_of, prune, read_rows, write_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from evaluation.jobs._plan import Plan


def footprints(plan: Plan, *, refresh: bool = False) -> dict[str, Footprint]:
    """Measure the systems on the first set's texts, or read what an earlier run measured.

    Args:
        plan: the job; nothing is measured unless its `footprint` is above 0.
        refresh: measure all anew.

    Returns:
        System to figures; to ``{"failed": reason}`` where it could not be measured. An oracle,
        which needs references, is left out.
    """
    folder = plan.folder / "footprint"
    seconds = plan.config.footprint
    texts = sample([*_texts(plan)]) if seconds else []
    found, kept = {}, set()
    for name, (entry, signature) in plan.systems.items() if seconds else ():
        if isinstance(system_of(entry.use, entry.name), Oracle):
            continue
        path = footprint_file(folder, name, signature, texts, seconds)
        if refresh:
            path.unlink(missing_ok=True)
        found[name] = footprint(path, entry.use, texts, seconds)
        kept.add(path)
    prune(folder, kept)
    return found


def footprint_file(
    folder: Path, name: str, signature: str, texts: Sequence[str], seconds: float
) -> Path:
    """Return where a system's figures are kept: they depend on the yardstick's code too."""
    beside = system_of(YARDSTICK).signature
    key = key_of("footprint", signature, beside, texts, seconds)[:12]
    return folder / f"{name}.{key}.json"


def footprint(path: Path, use: str, texts: Sequence[str], seconds: float) -> Footprint:
    """Return the figures that a file holds; measure them and write it where it is missing."""
    if path.exists():
        known: Footprint = read_json(path)
        return known
    try:
        found = measure(use, texts, seconds, YARDSTICK)
    except EvaluationError as error:
        return {"failed": str(error)}  # not kept: the next run tries again
    write_data(path, found)
    return found


def _texts(plan: Plan) -> Iterator[str]:
    """Yield the documents of the first set as systems get them."""
    for shard in next(iter(plan.sets.values()))["shards"]:
        document, lines = None, list[str]()
        for row in read_rows(plan.folder / shard["file"]):
            if row["doc_id"] != document and lines:
                yield "\n".join(lines)
                lines = []
            document = row["doc_id"]
            lines.append(row["source"])
        yield "\n".join(lines)
