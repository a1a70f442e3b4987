"""What a job is told: a TOML file, checked key by key before anything is read or run."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from corpora._strict import Strict, checked, read_toml
from evaluation._errors import EvaluationError
from evaluation._families import check_families
from evaluation._resample import ROUNDS, SEED
from evaluation._run import DEFAULT_FAMILIES, Options
from evaluation._set_readers import is_there
from evaluation.jobs._gates import Gate, check_measured, check_tests
from evaluation.jobs._loggers import LOGGERS

# `restore evaluate init` writes this; a test holds it to the defaults below.
DEFAULT = """\
# A job of `restore evaluate`: run it with `restore evaluate run FILE`.
# Relative paths start at this file's folder; sets are also looked for below `root`.

out = "evaluation-run"     # folder of the job; a job that was killed goes on where it stopped
root = ""                  # where else sets are looked for; else the variable RESTORE_SHARED
cache = ""                 # folder of predictions that jobs share; else they stay in `out`

families = ["wer", "cer", "bleu", "chrf"]  # metrics beside the core; also: ter (slow), fluency,
                           # errant:MODEL, similarity:FOLDER, lm:FILE (their models are optional)
# slice_by = ["condition"] # metadata to slice by; all with few values if left out
rounds = 1000              # resamples for intervals and tests; 0: no intervals
seed = 12345               # of the resampling
limit = 0                  # documents of each set, for a quick look; 0: all
footprint = 0              # seconds that each system's speed is measured for, on one core and on
                           # two, with its start, memory and bytes; 0: not measured

engine = "local"           # local processes, or ray
workers = 1
shard_documents = 100      # a killed job loses at most so many documents a worker

baseline = ""              # folder of an earlier job: differences with p-values
fail_on = []               # gates, as "break_rate>1 of fast on clean*": exit code 1; against
                           # the baseline, "err worse at 0.05": significantly, p below 0.05
loggers = []               # tensorboard, mlflow, wandb, trackio
formats = ["markdown", "json", "html"]
examples = 20              # rows that a page shows of each system and set, the worst first

[[set]]
name = "mine"
path = "news.jsonl"        # id, source, reference a line; see docs/evaluation.md for other kinds
kind = ""                  # where the path does not tell
hash = ""                  # refuse other data than that of this hash (it stands in signatures)

[[system]]
use = "as-is"              # dictionary, fast, oracle, seq2seq:FOLDER, command:PROGRAM, ...
name = ""                  # what reports call it; by default its own name
sets = ["*"]               # which sets it gets, by name

[[system]]
use = "fast"
"""

_NAME = re.compile(r"[\w.@+][\w.@+-]*")


class SetEntry(Strict):
    """A test set: its name, path, kind where the path does not tell, and perhaps its hash."""

    name: str
    path: str
    kind: str = ""
    hash: str = ""

    @field_validator("name")
    @classmethod
    def _is_name(cls, name: str) -> str:
        return plain_name(name)

    @property
    def spec(self) -> str:
        """The set as the command line names it."""
        return f"{self.name}:{self.kind}={self.path}" if self.kind else f"{self.name}={self.path}"


class SystemEntry(Strict):
    """A system: how it is made, what reports call it, and which sets it gets."""

    use: str = Field(min_length=1)
    name: str = ""
    sets: tuple[str, ...] = ("*",)

    @field_validator("name")
    @classmethod
    def _is_name(cls, name: str) -> str:
        return plain_name(name) if name else name

    def gets(self, name: str) -> bool:
        """Say whether the system is run on the set of that name."""
        return any(fnmatchcase(name, pattern) for pattern in self.sets)


class JobConfig(Strict):
    """All that a job is told; `DEFAULT` says what each value is for."""

    out: str = "evaluation-run"
    root: str = ""
    cache: str = ""
    families: tuple[str, ...] = DEFAULT_FAMILIES
    slice_by: tuple[str, ...] | None = None
    rounds: Annotated[int, Field(ge=0)] = ROUNDS
    seed: Annotated[int, Field(ge=0)] = SEED
    limit: Annotated[int, Field(ge=0)] = 0
    footprint: Annotated[float, Field(ge=0)] = 0
    engine: Literal["local", "ray"] = "local"
    workers: Annotated[int, Field(ge=1)] = 1
    shard_documents: Annotated[int, Field(ge=1)] = 100
    baseline: str = ""
    fail_on: tuple[str, ...] = ()
    loggers: tuple[str, ...] = ()
    formats: tuple[Literal["markdown", "json", "html"], ...] = ("markdown", "json", "html")
    examples: Annotated[int, Field(ge=0)] = 20
    set: tuple[SetEntry, ...] = ()
    system: tuple[SystemEntry, ...] = ()

    @field_validator("families")
    @classmethod
    def _known_families(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        try:
            check_families(names)
        except EvaluationError as error:  # pydantic collects none but its own kind
            raise ValueError(str(error)) from error
        return names

    @field_validator("loggers")
    @classmethod
    def _known_loggers(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _known(names, LOGGERS, "logger")

    @field_validator("fail_on")
    @classmethod
    def _gates(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        for text in texts:
            Gate.parse(text)
        return texts

    @model_validator(mode="after")
    def _something_to_score(self) -> JobConfig:
        for key, given in (("set", "NAME=PATH"), ("system", "NAME")):
            if not getattr(self, key):
                message = f"nothing to score: give --{key} {given}, or [[{key}]] in TOML"
                raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _no_name_twice(self) -> JobConfig:
        names = [one.name for one in self.set]
        for name in names:
            if names.count(name) > 1:
                message = f"the set name {name!r} is used twice"
                raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _gates_can_fail(self) -> JobConfig:
        check_measured(self.fail_on, self.families)
        check_tests(self.fail_on, self.rounds, self.baseline)
        return self

    @property
    def options(self) -> Options:
        """How to score."""
        return Options(self.families, self.slice_by, self.rounds, self.seed)


def plain_name(name: str) -> str:
    """Return the name, if it can stand in paths and on the command line."""
    if not _NAME.fullmatch(name):
        message = f"the name {name!r} may only hold letters, digits and . _ @ + -"
        raise ValueError(message)
    return name


def _known(names: tuple[str, ...], known: Any, what: str) -> tuple[str, ...]:  # noqa: ANN401
    for name in names:
        if name not in known:
            message = f"no {what} {name!r}; there are: {', '.join(known)}"
            raise ValueError(message)
    return names


def load_config(path: Path) -> dict[str, Any]:
    """Read a job's TOML file; paths in it are made to start at its folder.

    Returns:
        Plain data, for `make_config`.

    Raises:
        EvaluationError: it cannot be read or is not TOML.
    """
    data = read_toml(path, EvaluationError)
    for key in ("out", "root", "cache", "baseline"):
        if isinstance(data.get(key), str) and data[key]:
            data[key] = str(path.parent / data[key])
    if isinstance(data.get("families"), list):
        data["families"] = [_place_model(one, path.parent) for one in data["families"]]
    sets = data.get("set")
    for entry in sets if isinstance(sets, list) else ():
        _place(entry, path.parent)
    return data


def _place(entry: object, folder: Path) -> None:
    """Let a set's path start at the configuration's folder, if something is there."""
    if isinstance(entry, dict) and isinstance(entry.get("path"), str):
        there = folder / entry["path"]
        if is_there(there):
            entry["path"] = str(there)


def _place_model(spec: object, folder: Path) -> object:
    """Let the place of a family's model start at the configuration's folder, if it is there."""
    name, _, place = spec.partition(":") if isinstance(spec, str) else ("", "", "")
    return f"{name}:{folder / place}" if place and (folder / place).exists() else spec


def make_config(data: dict[str, Any], where: str = "configuration") -> JobConfig:
    """Check plain data.

    Raises:
        EvaluationError: a key is unknown or missing, or a value is wrong; one line names it.
    """
    config = checked(JobConfig, data, where, EvaluationError)
    root = Path(config.root) if config.root else None
    sets = tuple(one.model_copy(update={"path": _below(root, one.path)}) for one in config.set)
    return config.model_copy(update={"set": sets})


def _below(root: Path | None, place: str) -> str:
    return place if root is None or is_there(Path(place)) else str(root / place)
