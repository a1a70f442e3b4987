"""What the benchmark measures: a TOML file of sets and systems, checked key by key."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, field_validator, model_validator

from corpora._strict import Strict, checked, read_toml
from evaluation._errors import EvaluationError
from evaluation._metrics import MEANINGS
from evaluation._resample import ROUNDS, SEED
from evaluation._run import DEFAULT_FAMILIES
from evaluation.jobs._config import SetEntry, SystemEntry

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
        systems: systems by `use` or `name`; one that is not listed is added, each once.

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
        "system": tuple(dict.fromkeys(wanted)) or listing.system,
    })  # fmt: skip


def load_listing(path: Path = LISTING) -> Listing:
    """Read a listing.

    Raises:
        EvaluationError: it cannot be read, is not TOML, a key is unknown or missing, or a value
            is wrong.
    """
    return checked(Listing, read_toml(path, EvaluationError), str(path), EvaluationError)
