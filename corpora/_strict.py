"""Configurations: TOML files whose tables refuse unknown keys, and one line on what is wrong."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from restore._errors import RestoreError

    Table = TypeVar("Table", bound=BaseModel)


class Strict(BaseModel):
    """A table of a configuration: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def read_toml(path: Path, error: type[RestoreError]) -> dict[str, Any]:
    """Return the data of a TOML file.

    Args:
        path: the file.
        error: what is raised if it cannot be read or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as problem:
        message = f"{path}: not TOML ({problem})"
        raise error(message) from problem
    except UnicodeDecodeError as problem:
        message = f"{path}: not UTF-8 at byte {problem.start}: convert the file first"
        raise error(message) from problem
    except OSError as problem:
        message = f"cannot read the configuration {path}: {problem.strerror or problem}"
        raise error(message) from problem


def checked(
    model: type[Table], data: dict[str, Any], where: str, error: type[RestoreError]
) -> Table:
    """Return the data as a model; what is wrong first becomes one line that names the key.

    Args:
        model: of the whole configuration.
        data: what a file or a command line says.
        where: what the line begins with.
        error: what is raised.
    """
    try:
        return model.model_validate(data)
    except ValidationError as problem:
        message = f"{where}: {_first_error(problem, model)}"
        raise error(message) from problem


def _first_error(problem: ValidationError, top: type[BaseModel]) -> str:
    # A misspelt key goes first: that the right one is missing is only its consequence.
    errors = problem.errors()
    first = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])
    place = ".".join(map(str, first["loc"]))
    if first["type"] == "extra_forbidden":
        *inside, key = first["loc"]
        return f"unknown key {place!r}{_nearest(str(key), _table_at(top, inside))}"
    if first["type"] == "missing":
        return f"the key {place!r} is missing"
    reason = first["msg"].removeprefix("Value error, ")
    return f"{place}: {reason}, not {first['input']!r:.80}" if place else reason


def _table_at(model: type[BaseModel], inside: Sequence[int | str]) -> type[BaseModel]:
    """Return the model of the table at a place; list places and names of one's own are no keys."""
    for key in inside:
        field = model.model_fields.get(str(key))
        model = next(_models(field.annotation), model) if field else model
    return model


def _models(kind: object) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for part in get_args(kind):
        yield from _models(part)


def _nearest(key: str, model: type[BaseModel]) -> str:
    names = list(model.model_fields)
    near = get_close_matches(key, names, n=1)
    return f": did you mean {near[0]!r}?" if near else f"; keys are {', '.join(names)}"
