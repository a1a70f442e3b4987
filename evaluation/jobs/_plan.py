"""What a job has to do: which files, each named by a key of all that determines it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora._files import file_sha256
from evaluation._families import family_of
from evaluation._oracle import Oracle
from evaluation._systems import package_hash
from evaluation.jobs._pair import PairTask
from evaluation.jobs._shards import PredictTask, ScoreTask, failures, system_of
from evaluation.jobs._store import key_of

if TYPE_CHECKING:
    from evaluation.jobs._config import JobConfig, SystemEntry

# Change these when the files of a stage change their form.
_FORMS = {"predict": 1, "score": 2, "aggregate": 1}

Pair = tuple[str, str]  # a system and a set


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done.

    Attributes:
        config: what the job is told.
        folder: its folder.
        sets: name to facts, with ``fold`` and ``shards`` (file of rows, keys, documents, words).
        systems: name to its entry and signature.
        pairs: each system and set that are scored together, in order of the sets.
    """

    config: JobConfig
    folder: Path
    sets: dict[str, dict[str, Any]]
    systems: dict[str, tuple[SystemEntry, str]]
    pairs: list[Pair]

    def shards(self, pair: Pair) -> list[PredictTask]:
        """Return the tasks of predicting a system's outputs on a set."""
        system, name = pair
        entry, signature = self.systems[system]
        # An oracle sees the references: they determine its output too.
        seen = "rows_key" if _is_oracle(entry) else "sources_key"
        folder = Path(self.config.cache) if self.config.cache else self.folder / "predict"
        tasks = []
        for shard in self.sets[name]["shards"]:
            key = key_of("predict", _FORMS["predict"], signature, shard[seen])
            tasks.append(
                PredictTask(
                    target=str(folder / f"{key}.jsonl"),
                    rows=str(self.folder / shard["file"]),
                    set=name,
                    kind=self.sets[name]["kind"],
                    use=entry.use,
                    system=entry.name,
                )
            )
        return tasks

    def scored(self, pair: Pair) -> list[ScoreTask]:
        """Return the tasks of scoring them, once they are there."""
        return [self._scored(pair, number, made) for number, made in enumerate(self.shards(pair))]

    def _scored(self, pair: Pair, number: int, made: PredictTask) -> ScoreTask:
        system, name = pair
        facts, families = self.sets[name], list(self.config.families)
        # The predictions by content: made anew, they may differ.
        content = file_sha256(Path(made["target"]))
        rows = facts["shards"][number]["rows_key"]
        made_by = [family_of(one).signature() for one in families]
        parts = (content, rows, facts["fold"], families, made_by, _scorer())
        key = key_of("score", _FORMS["score"], *parts)[:12]
        return ScoreTask(
            target=str(self.folder / "score" / name / system / f"{number:05}.{key}.jsonl"),
            rows=made["rows"],
            made=made["target"],
            set=name,
            kind=made["kind"],
            fold=facts["fold"],
            families=families,
        )

    def aggregated(self, pair: Pair) -> PairTask:
        """Return the task of adding a system's scores on a set up."""
        system, name = pair
        options = self.config.options
        scored = [task["target"] for task in self.scored(pair)]
        task = PairTask(
            target="",
            scored=scored,
            facts={k: v for k, v in self.sets[name].items() if k not in {"shards", "fold"}},
            system=[system, self.systems[system][1]],
            failed=self.failed(pair),
            families=list(options.families),
            slice_by=None if options.slice_by is None else list(options.slice_by),
            rounds=options.rounds,
            seed=options.seed,
        )
        named = dict(task) | {"scored": [Path(path).name for path in scored]}
        key = key_of("aggregate", _FORMS["aggregate"], named, _scorer())[:12]
        task["target"] = str(self.folder / "aggregate" / name / f"{system}.{key}.json")
        return task

    def failed(self, pair: Pair) -> dict[str, str]:
        """Return the documents at which a system failed, and why."""
        return {
            name: reason
            for task in self.shards(pair)
            for name, reason in failures(Path(task["target"])).items()
        }


def _is_oracle(entry: SystemEntry) -> bool:
    return isinstance(system_of(entry.use, entry.name), Oracle)


@cache
def _scorer() -> list[str]:
    """Return what determines statistics beside the texts: the code and the libraries."""
    from importlib.metadata import version

    libraries = [f"{name}-{version(name)}" for name in ("jiwer", "rapidfuzz", "sacrebleu")]
    return [package_hash("evaluation", ".py"), package_hash("restore", ".py"), *libraries]
