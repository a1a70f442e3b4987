"""Tables of a configuration that refuse unknown keys, and one line on what is wrong with them."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError

_GIVEN = {"set": "NAME=PATH", "system": "NAME"}


class Strict(BaseModel):
    """A table of a configuration: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def first_error(
    error: ValidationError, top: type[BaseModel], parts: Mapping[str, type[BaseModel]]
) -> str:
    """Say what is wrong first, with the key's place (``set.0.pth``) and the nearest right key.

    Args:
        error: what pydantic found.
        top: the model of the whole configuration.
        parts: the models of its tables, by the keys that hold them.
    """
    errors = error.errors()
    first = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        model = parts[str(first["loc"][0])] if len(first["loc"]) > 1 else top
        return f"unknown key {place!r}{_nearest(str(first['loc'][-1]), model)}"
    if place in _GIVEN and first["type"] in {"missing", "too_short"}:
        return f"nothing to score: give --{place} {_GIVEN[place]}, or [[{place}]] in TOML"
    if first["type"] == "missing":
        return f"the key {place!r} is missing"
    reason = first["msg"].removeprefix("Value error, ")
    return f"{place}: {reason}, not {first['input']!r:.80}" if place else reason


def _nearest(key: str, model: type[BaseModel]) -> str:
    names = list(model.model_fields)
    near = get_close_matches(key, names, n=1, cutoff=0.5)
    return f": did you mean {near[0]!r}?" if near else f"; keys are {', '.join(names)}"
