"""The families of metrics by name: those of overlap, and optional ones that need more installed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from evaluation._causal import causal_family
from evaluation._errant import errant_family
from evaluation._errors import EvaluationError
from evaluation._fluency import fluency_family
from evaluation._overlap import OVERLAP
from evaluation._similarity import similarity_family

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from evaluation._family import Family

# Each takes the model that stands behind a colon, such as ``similarity:FOLDER``; empty: its own.
OPTIONAL: dict[str, Callable[[str], Family]] = {
    "errant": errant_family,
    "similarity": similarity_family,
    "fluency": fluency_family,
    "lm": causal_family,
}
FAMILIES: dict[str, Family] = {**OVERLAP, **{name: make("") for name, make in OPTIONAL.items()}}


@lru_cache(maxsize=64)
def family_of(spec: str) -> Family:
    """Return the family that is named; nothing is loaded until it counts.

    Raises:
        EvaluationError: there is no such family, or it takes no model.
    """
    name, colon, model = spec.partition(":")
    if colon and name in OPTIONAL and model:
        return OPTIONAL[name](model)
    if spec not in FAMILIES:
        message = f"no metric family {spec!r}; there are: {', '.join(FAMILIES)}"
        raise EvaluationError(message)
    return FAMILIES[spec]


def check_families(specs: Sequence[str]) -> None:
    """See that all families are known and none is named twice, whatever its model.

    Raises:
        EvaluationError: they are not.
    """
    names = [spec.partition(":")[0] for spec in specs]
    for spec, name in zip(specs, names, strict=True):
        family_of(spec)
        if names.count(name) > 1:
            message = f"the metric family {name!r} is named twice"
            raise EvaluationError(message)
