"""What a family of metrics is: statistics of a segment, and metrics from their sums."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from evaluation._errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from evaluation._statistics import Segment


@dataclass(frozen=True, slots=True)
class Family:
    """A group of metrics that share their statistics.

    Attributes:
        columns: names of the statistics.
        count: statistics of a segment.
        score: metrics from sums of statistics.
        signature: library, version, model and options; fails where something is not installed.
    """

    columns: tuple[str, ...]
    count: Callable[[Segment], dict[str, float]]
    score: Callable[[Mapping[str, float]], dict[str, float]]
    signature: Callable[[], str]


def ratio(top: float, bottom: float) -> float:
    """Divide; not a number where there is nothing to divide by."""
    return top / bottom if bottom else float("nan")


def versions(family: str, extra: str, *packages: str) -> str:
    """Return packages with their versions, as signatures name them.

    Args:
        family: the metrics that need them.
        extra: the extra of this package that brings them.
        packages: names of distributions.

    Raises:
        EvaluationError: one is not installed; the message names the extra.
    """
    found = []
    for name in packages:
        try:
            found.append(f"{name}-{version(name)}")
        except PackageNotFoundError as error:
            message = (
                f"{family} needs {name}, which is not installed: pip install 'degarble[{extra}]'"
            )
            raise EvaluationError(message) from error
    return ",".join(found)
