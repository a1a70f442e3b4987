"""Intervals and paired tests by resampling documents, from the statistics of each document."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evaluation import _metrics
from evaluation._errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from evaluation._scores import Scores

SEED = 12345
ROUNDS = 1000
LEAST_DOCUMENTS = 5  # with fewer, resampling says nothing
_CHUNK = 100  # rounds whose weights are in memory at a time


def intervals(
    scores: Scores, *, rounds: int = ROUNDS, seed: int = SEED, level: float = 0.95
) -> dict[str, tuple[float, float]]:
    """Return percentile bootstrap intervals over documents (Efron & Tibshirani 1993, section 13.3).

    Args:
        scores: statistics by document.
        rounds: resamples drawn.
        seed: of the generator.
        level: probability mass of the interval, 0-1.

    Returns:
        Metric to (low, high); empty with fewer than `LEAST_DOCUMENTS` documents. A metric that
        is undefined in a resample is left out of its percentiles.
    """
    if len(scores.documents) < LEAST_DOCUMENTS:
        return {}
    drawn = [_metrics.metrics(scores.sums_of(row)) for row in _resamples([scores], rounds, seed)[0]]
    tail = (1 - level) / 2
    found = {}
    for name in drawn[0]:
        values = [one[name] for one in drawn if not math.isnan(one[name])]
        if values:
            low, high = np.quantile(values, [tail, 1 - tail])
            found[name] = (float(low), float(high))
    return found


def _resamples(systems: Sequence[Scores], rounds: int, seed: int) -> list[NDArray[np.float64]]:
    """Return sums of `rounds` resamples for each system, the same documents drawn for all."""
    generator = np.random.default_rng(seed)
    size = len(systems[0].documents)
    parts: list[list[NDArray[np.float64]]] = [[] for _ in systems]
    for at in range(0, rounds, _CHUNK):
        draws = min(_CHUNK, rounds - at)
        weights = generator.multinomial(size, np.full(size, 1 / size), size=draws).astype(float)
        for part, system in zip(parts, systems, strict=True):
            part.append(weights @ system.table)
    return [np.concatenate(part) for part in parts]


@dataclass(frozen=True, slots=True)
class Difference:
    """How two systems differ in one metric.

    Attributes:
        first: value of the first system.
        second: value of the second system.
        low: lower end of the 95 % bootstrap interval of second - first.
        high: upper end.
        p_randomisation: p-value of approximate randomisation, two-sided.
        p_bootstrap: p-value of the paired bootstrap, two-sided.
    """

    first: float
    second: float
    low: float
    high: float
    p_randomisation: float
    p_bootstrap: float

    @property
    def difference(self) -> float:
        """How much higher the second is."""
        return self.second - self.first


def compare(
    first: Scores,
    second: Scores,
    names: Sequence[str],
    *,
    rounds: int = ROUNDS,
    seed: int = SEED,
) -> dict[str, Difference]:
    """Test whether two systems differ on the same documents.

    Approximate randomisation exchanges the systems' outputs of a document at random (Riezler &
    Maxwell 2005, "On Some Pitfalls in Automatic Evaluation and Significance Testing for MT");
    the paired bootstrap (Koehn 2004) centres the differences of resamples, as sacrebleu does. Both
    give ``p = (c + 1) / (n + 1)``, which is never 0 (Edgington 1969).

    Intervals and p-values are NaN with fewer than `LEAST_DOCUMENTS` documents, and without rounds:
    all resamples of one document are the same, which would look like certainty.

    Raises:
        EvaluationError: the two were not scored on the same documents.
    """
    if first.documents != second.documents:
        message = (
            f"the systems were scored on different documents ({len(first.documents)} and "
            f"{len(second.documents)}): score both on the same set"
        )
        raise EvaluationError(message)
    if not first.documents:
        return {}
    left, right = first.metrics, second.metrics
    if len(first.documents) < LEAST_DOCUMENTS or not rounds:
        return {name: _untested(left[name], right[name]) for name in names}
    swapped = _differences(*_exchanges(first, second, rounds, seed), (first, second), names)
    one, two = _resamples([first, second], rounds, seed)
    drawn = _differences(one, two, (first, second), names)
    return {
        name: _difference(left[name], right[name], swapped[name], drawn[name]) for name in names
    }


def _exchanges(
    first: Scores, second: Scores, rounds: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    generator = np.random.default_rng(seed)
    total = first.table.sum(axis=0) + second.table.sum(axis=0)
    ours = []
    for at in range(0, rounds, _CHUNK):
        size = (min(_CHUNK, rounds - at), len(first.documents))
        swap = generator.integers(0, 2, size=size).astype(float)
        ours.append(swap @ second.table + (1 - swap) @ first.table)
    sums = np.concatenate(ours)
    return sums, total - sums


def _differences(
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    systems: tuple[Scores, Scores],
    names: Sequence[str],
) -> dict[str, NDArray[np.float64]]:
    left = [_metrics.metrics(systems[0].sums_of(row)) for row in first]
    right = [_metrics.metrics(systems[1].sums_of(row)) for row in second]
    return {
        name: np.array([b[name] - a[name] for a, b in zip(left, right, strict=True)])
        for name in names
    }


def _untested(left: float, right: float) -> Difference:
    return Difference(left, right, *[math.nan] * 4)


def _difference(
    left: float, right: float, swapped: NDArray[np.float64], drawn: NDArray[np.float64]
) -> Difference:
    real = abs(right - left)
    swapped, drawn = (part[~np.isnan(part)] for part in (swapped, drawn))
    if math.isnan(real) or not len(swapped) or not len(drawn):
        return _untested(left, right)
    low, high = np.quantile(drawn, [0.025, 0.975])
    # A hair of tolerance: sums in another order differ in the last bit.
    close = 1e-12 * max(1.0, real)
    centred = np.abs(drawn - drawn.mean())
    chances = [(int((part >= real - close).sum()) + 1) / (len(part) + 1) for part in
               (np.abs(swapped), centred)]  # fmt: skip
    return Difference(left, right, float(low), float(high), chances[0], chances[1])
