"""The stages of a job, in order; each makes the files that are missing, then its manifest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora._files import read_json
from evaluation import _results
from evaluation._errors import EvaluationError
from evaluation._families import family_of
from evaluation._run import facts_of, speed_of
from evaluation._set_readers import read_set
from evaluation.jobs._pair import aggregate_pair
from evaluation.jobs._plan import Plan
from evaluation.jobs._shards import (
    failures,
    predict_shard,
    row_data,
    score_shard,
    seconds_file,
    system_of,
)
from evaluation.jobs._store import MANIFEST, key_of, prune, read_rows, write_data, write_lines
from restore.engines import map_in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from evaluation._sets import Row, TestSet
    from evaluation._systems import System
    from evaluation.jobs._config import JobConfig, SetEntry, SystemEntry

Progress = Callable[[str, int, int], None]


def prepare(config: JobConfig, folder: Path) -> Plan:
    """Read the test sets, cut them into shards, and make the systems, to see that all is there.

    Raises:
        EvaluationError: a set, system or metric cannot be used, or two systems have one name.
        CorpusError: a file cannot be read.
    """
    if "html" in config.formats:
        from evaluation.reports._page import needed

        needed()
    for name in config.families:
        family_of(name).signature()  # what is not installed is named now, not after hours
    kept = {folder / "prepare" / MANIFEST}
    sets = {}
    for entry in config.set:
        sets[entry.name] = _prepare_set(entry, config, folder)
        kept |= {folder / shard["file"] for shard in sets[entry.name]["shards"]}
    systems = _systems(config)
    pairs = [(name, one) for one in sets for name, (entry, _) in systems.items() if entry.gets(one)]
    if not pairs:
        message = "nothing to score: no system gets any set; see `sets` of [[system]]"
        raise EvaluationError(message)
    write_data(folder / "prepare" / MANIFEST, {"sets": sets})
    prune(folder / "prepare", kept)
    return Plan(config, folder, sets, systems, pairs)


def _prepare_set(entry: SetEntry, config: JobConfig, folder: Path) -> dict[str, Any]:
    test_set = read_set(entry.spec)
    if entry.hash and entry.hash != test_set.hash:
        message = f"set {entry.name!r}: its hash is {test_set.hash}, but {entry.hash} was expected"
        raise EvaluationError(message)
    if config.limit:
        test_set = test_set.first(config.limit)
    shards = [
        _prepare_shard(rows, Path("prepare") / entry.name / f"{number:05}.jsonl", folder)
        for number, rows in enumerate(_cut(test_set, config.shard_documents))
    ]
    return {**facts_of(test_set), "fold": test_set.fold, "shards": shards}


def _cut(test_set: TestSet, size: int) -> Iterator[list[Sequence[Row]]]:
    documents = [rows for _, rows in test_set.documents()]
    for at in range(0, len(documents), size):
        yield documents[at : at + size]


def _prepare_shard(documents: list[Sequence[Row]], file: Path, folder: Path) -> dict[str, Any]:
    data = [row_data(row) for rows in documents for row in rows]
    write_lines(folder / file, data)
    sources = [(row["doc_id"], row["id"], row["source"]) for row in data]
    words = [sum(len(row.source.split()) for row in rows) for rows in documents]
    return {
        "file": file.as_posix(),
        "documents": len(documents),
        "words": words,
        "sources_key": key_of(sources),
        "rows_key": key_of(data),
    }


def _systems(config: JobConfig) -> dict[str, tuple[SystemEntry, str]]:
    found: dict[str, tuple[SystemEntry, str]] = {}
    system_of.cache_clear()  # what an earlier job of this process made may have changed since
    for entry in config.system:
        system: System = system_of(entry.use, entry.name)
        if system.name in found:
            message = f"two systems are called {system.name!r}: give one another `name`"
            raise EvaluationError(message)
        found[system.name] = (entry, system.signature)
    return found


def _fill(
    stage: str, tasks: Sequence[Any], work: Callable[[Any], int], plan: Plan,
    progress: Progress | None,
) -> None:  # fmt: skip
    """Make the files of a stage that are missing; two tasks may want the same one."""
    missing = {task["target"]: task for task in tasks if not Path(task["target"]).exists()}
    total = len({task["target"] for task in tasks})
    done = total - len(missing)
    if progress:
        progress(stage, done, total)
    config = plan.config
    for _ in map_in_order(work, missing.values(), config.engine, config.workers):
        done += 1
        if progress:
            progress(stage, done, total)


def predict(
    plan: Plan, progress: Progress | None = None, *, refresh: bool = False, retry: bool = False
) -> None:
    """Make the predictions that are missing.

    Args:
        plan: what is to be done.
        progress: is told of each shard.
        refresh: make all anew.
        retry: make those anew in which documents failed.
    """
    tasks = [task for pair in plan.pairs for task in plan.shards(pair)]
    for path in {Path(task["target"]) for task in tasks}:
        if refresh or (retry and path.exists() and failures(path)):
            path.unlink(missing_ok=True)
    _fill("predict", tasks, predict_shard, plan, progress)
    manifest: dict[str, Any] = {
        "systems": {name: {"use": entry.use, "signature": signature}
                    for name, (entry, signature) in plan.systems.items()},
        "predictions": {
            f"{name}/{system}": {"files": _names(plan.shards((system, name))),
                                 "failed": plan.failed((system, name))}
            for system, name in plan.pairs
        },
    }  # fmt: skip
    write_data(plan.folder / "predict" / MANIFEST, manifest)


def _names(tasks: Sequence[Any]) -> list[str]:
    return [Path(task["target"]).name for task in tasks]


def score(plan: Plan, progress: Progress | None = None) -> None:
    """Collect the statistics that are missing; no system is run."""
    tasks = {pair: plan.scored(pair) for pair in plan.pairs}
    every = [task for part in tasks.values() for task in part]
    _fill("score", every, score_shard, plan, progress)
    folder = plan.folder / "score"
    files = {f"{name}/{system}": _names(part) for (system, name), part in tasks.items()}
    write_data(folder / MANIFEST, {"families": plan.config.families, "files": files})
    prune(folder, {folder / MANIFEST, *(Path(task["target"]) for task in every)})


def aggregate(plan: Plan, progress: Progress | None = None) -> None:
    """Add statistics up, draw intervals, and put all results into one file."""
    tasks = [plan.aggregated(pair) for pair in plan.pairs]
    _fill("aggregate", tasks, aggregate_pair, plan, progress)
    folder = plan.folder / "aggregate"
    entries = [read_json(Path(task["target"])) for task in tasks]
    write_data(folder / _results.NAME, _results.wrap(entries))
    write_data(folder / _results.SPEED, {f"{name}/{system}": _speed(plan, (system, name))
                                         for system, name in plan.pairs})  # fmt: skip
    write_data(folder / MANIFEST, {"results": _names(tasks)})
    own = {folder / name for name in (MANIFEST, _results.NAME, _results.SPEED)}
    prune(folder, own | {Path(task["target"]) for task in tasks})


def _speed(plan: Plan, pair: tuple[str, str]) -> dict[str, float | None]:
    """Return the speed on the documents that did not fail."""
    words, seconds = 0, []
    for task, shard in zip(plan.shards(pair), plan.sets[pair[1]]["shards"], strict=True):
        failed = failures(Path(task["target"]))
        seconds += read_json(seconds_file(task["target"]))
        words += sum(shard["words"]) if not failed else _words_made(Path(task["target"]), shard)
    return speed_of(words, seconds)


def _words_made(made: Path, shard: Mapping[str, Any]) -> int:

    return sum(
        words
        for words, row in zip(shard["words"], read_rows(made), strict=True)
        if "failed" not in row
    )


def reports_with_speed(plan: Plan) -> list[dict[str, Any]]:
    """Return the reports of all pairs, each with its speed and without statistics."""
    folder = plan.folder / "aggregate"
    return [report for report, _ in _results.load(folder)]
