"""Pairs up two result files for paired tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evaluation import _resample, _results
from evaluation._errors import EvaluationError
from evaluation._metrics import MEANINGS
from evaluation._sets import HEADLINES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from evaluation._resample import Difference
    from evaluation._scores import Scores

Entry = tuple[dict[str, Any], "Scores"]


def pairs(  # noqa: PLR0913 - two files, and how to compare them by name
    first: Path,
    second: Path,
    systems: tuple[str, str] | None = None,
    metrics: Sequence[str] | None = None,
    *,
    rounds: int = _resample.ROUNDS,
    seed: int = _resample.SEED,
) -> Iterator[tuple[str, dict[str, Difference]]]:
    """Yield a title and the differences for each pair of results on the same set.

    Systems of one name are compared; where each file has one system, those two; or the two that
    `systems` names.

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
        names = [
            name
            for name in metrics or HEADLINES[left["kind"]]
            if name in ours.metrics and name in theirs.metrics
        ]
        title = f"{left['set']}: {left['system']} (first), {right['system']} (second)"
        if ours.documents != theirs.documents:  # one of them failed at some
            ours, theirs = _common(ours, theirs)  # noqa: PLW2901
            title += f", on the {len(ours.documents)} documents that neither failed at"
        yield title, _resample.compare(ours, theirs, names, rounds=rounds, seed=seed)


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


def _common(first: Scores, second: Scores) -> tuple[Scores, Scores]:
    both = set(first.documents) & set(second.documents)
    return first.where([d in both for d in first.documents]), second.where(
        [d in both for d in second.documents]
    )


def _same_data(left: dict[str, Any], right: dict[str, Any]) -> None:
    data = [one["signature"].partition("|")[0] for one in (left, right)]
    if data[0] != data[1]:
        message = f"set {left['set']!r} is not the same in both results: {data[0]} and {data[1]}"
        raise EvaluationError(message)
