"""What the benchmark measures: a TOML file of sets and systems, checked key by key."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from corpora._files import existing, readable
from evaluation._errors import EvaluationError
from evaluation._metrics import MEANINGS
from evaluation._resample import ROUNDS, SEED
from evaluation._run import DEFAULT_FAMILIES
from evaluation.jobs._config import SetEntry, SystemEntry
from evaluation.jobs._strict import Strict, first_error

if TYPE_CHECKING:
    from collections.abc import Sequence

LISTING = Path(str(files("evaluation.benchmark"))) / "benchmark.toml"


class ListedSet(SetEntry):
    """A test set: where it is found, what readers call it, which metric stands for it."""

    title: str = ""
    place: Literal["root", "spun-news", "package"] = "root"
    lead: str

    @field_validator("lead")
    @classmethod
    def _known_metric(cls, name: str) -> str:
        if name not in MEANINGS:
            message = f"no metric {name!r}; there are: {', '.join(MEANINGS)}"
            raise ValueError(message)
        return name


class ListedSystem(SystemEntry):
    """A system: how it is made, what readers call it, and what it is to this package."""

    title: str = ""
    role: Literal["mode", "bound", "other"] = "other"


class LeftOut(Strict):
    """A system that people would look for, and why it is not run."""

    name: str
    reason: str


class Listing(Strict):
    """All that the benchmark is told; see benchmark.toml."""

    families: tuple[str, ...] = DEFAULT_FAMILIES
    rounds: Annotated[int, Field(ge=0)] = ROUNDS
    seed: Annotated[int, Field(ge=0)] = SEED
    footprint: Annotated[float, Field(ge=0)] = 0
    speed_set: str = ""
    set: tuple[ListedSet, ...] = Field(min_length=1)
    system: tuple[ListedSystem, ...] = Field(min_length=1)
    left_out: tuple[LeftOut, ...] = ()

    @model_validator(mode="after")
    def _no_name_twice(self) -> Listing:
        for names in ([one.name for one in self.set], [one.use for one in self.system]):
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice:
                message = f"{twice!r} is listed twice"
                raise ValueError(message)
        return self


def choose(listing: Listing, sets: Sequence[str], systems: Sequence[str]) -> Listing:
    """Return the part of a listing that is named; nothing named is all.

    Args:
        listing: what there is.
        sets: names of sets.
        systems: systems by `use` or `name`; one that is not listed is added.

    Raises:
        EvaluationError: no such set.
    """
    known = [one.name for one in listing.set]
    for name in sets:
        if name not in known:
            message = f"the benchmark has no set {name!r}; there are: {', '.join(known)}"
            raise EvaluationError(message)
    listed = {key: one for one in listing.system for key in (one.name, one.use) if key}
    wanted = [listed.get(name) or ListedSystem(use=name) for name in systems]
    return listing.model_copy(update={
        "set": tuple(one for one in listing.set if not sets or one.name in sets),
        "system": tuple(wanted) or listing.system,
    })  # fmt: skip


_PARTS: dict[str, type[BaseModel]] = {"set": ListedSet, "system": ListedSystem, "left_out": LeftOut}


def load_listing(path: Path = LISTING) -> Listing:
    """Read a listing.

    Raises:
        EvaluationError: it is not TOML, a key is unknown or missing, or a value is wrong.
        CorpusError: it cannot be read.
    """
    with readable(existing(path)):
        text = path.read_text(encoding="utf-8")
    try:
        data: dict[str, Any] = tomllib.loads(text)
        return Listing.model_validate(data)
    except tomllib.TOMLDecodeError as error:
        message = f"{path}: not TOML ({error})"
        raise EvaluationError(message) from error
    except ValidationError as error:
        message = f"{path}: {first_error(error, Listing, _PARTS)}"
        raise EvaluationError(message) from error
