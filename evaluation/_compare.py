"""Pairs up two result files for paired tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evaluation import _resample, _results
from evaluation._counting import counted_alike
from evaluation._errors import EvaluationError
from evaluation._metrics import MEANINGS
from evaluation._sets import headlines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from evaluation._resample import Difference
    from evaluation._scores import Scores

Entry = tuple[dict[str, Any], "Scores"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two results on one set differ.

    Attributes:
        set: the test set.
        systems: the first system and the second.
        documents: how many documents both were scored on.
        left_out: documents that only one of the two was scored on.
        differences: metric to difference.
        alike: both were counted by the same code, as far as is known.
    """

    set: str
    systems: tuple[str, str]
    documents: int
    left_out: int
    differences: dict[str, Difference]
    alike: bool = True

    @property
    def title(self) -> str:
        """What tables call it."""
        first, second = self.systems
        title = f"{self.set}: {first} (first), {second} (second)"
        if self.left_out:
            title = f"{title}, on the {self.documents} documents that neither failed at"
        if not self.alike:  # to refuse would leave results of earlier releases without use
            title = f"{title}, counted by different code: what counts may have changed"
        few = self.documents < _resample.LEAST_DOCUMENTS
        return f"{title}: too few documents ({self.documents}) to be tested" if few else title


def pairs(  # noqa: PLR0913 - two files, and how to compare them by name
    first: Path,
    second: Path,
    systems: tuple[str, str] | None = None,
    metrics: Sequence[str] | None = None,
    *,
    more: Sequence[str] = (),
    rounds: int = _resample.ROUNDS,
    seed: int = _resample.SEED,
) -> Iterator[Comparison]:
    """Compare each pair of results on the same set.

    Systems of one name are compared; where each file has one system, those two; or the two that
    `systems` names. Without `metrics`, those that lead for the kind of set are compared, and
    `more`.

    Raises:
        EvaluationError: nothing can be paired, a set's data differ, or a metric is unknown.
    """
    for name in metrics or ():
        if name not in MEANINGS:
            message = f"no metric {name!r}; there are: {', '.join(MEANINGS)}"
            raise EvaluationError(message)
    matched = list(_match(_results.load(first), _results.load(second), systems))
    if not matched:
        message = f"{first} and {second} have no set with the same system: give --systems A B"
        raise EvaluationError(message)
    for (left, ours), (right, theirs) in matched:
        _same_data(left, right)
        both = ours.metrics.keys() & theirs.metrics.keys()
        wanted = metrics or dict.fromkeys((*headlines(left["kind"], both), *more))
        names = [name for name in wanted if name in both]
        left_out, ours, theirs = _common(ours, theirs)  # noqa: PLW2901
        yield Comparison(
            left["set"],
            (left["system"], right["system"]),
            len(ours.documents),
            left_out,
            _resample.compare(ours, theirs, names, rounds=rounds, seed=seed),
            counted_alike(left["signature"], right["signature"]),
        )


def _match(
    first: list[Entry], second: list[Entry], systems: tuple[str, str] | None
) -> Iterator[tuple[Entry, Entry]]:
    lone = len({r["system"] for r, _ in first}) == 1 == len({r["system"] for r, _ in second})
    for left in first:
        for right in second:
            names = left[0]["system"], right[0]["system"]
            fits = names == tuple(systems) if systems else lone or names[0] == names[1]
            if fits and left[0]["set"] == right[0]["set"]:
                yield left, right


def _common(first: Scores, second: Scores) -> tuple[int, Scores, Scores]:
    """Leave out the documents that only one was scored on, and say how many they are."""
    if first.documents == second.documents:
        return 0, first, second
    both = set(first.documents) & set(second.documents)
    left_out = len({*first.documents, *second.documents} - both)
    return (
        left_out,
        first.where([name in both for name in first.documents]),
        second.where([name in both for name in second.documents]),
    )


def _same_data(left: dict[str, Any], right: dict[str, Any]) -> None:
    data = [one["signature"].partition("|")[0] for one in (left, right)]
    if data[0] != data[1]:
        message = f"set {left['set']!r} is not the same in both results: {data[0]} and {data[1]}"
        raise EvaluationError(message)
