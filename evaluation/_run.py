"""Scores a system on a test set, and puts all that is worth knowing about it into plain data."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from evaluation._errors import EvaluationError
from evaluation._metrics import gates, reliability
from evaluation._overlap import FAMILIES
from evaluation._predict import predict
from evaluation._resample import ROUNDS, SEED, intervals
from evaluation._score import Scores, score_segments, slices
from evaluation._statistics import Segment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from evaluation._predict import Run
    from evaluation._sets import Row, TestSet
    from evaluation._systems import System

DEFAULT_FAMILIES = ("wer", "cer", "bleu", "chrf")
LENGTHS = (10, 25, 50, 100, 500)  # words: upper ends of the slices by length
_MOST_VALUES = 20  # metadata with more values than this is no slice


@dataclass(frozen=True, slots=True)
class Options:
    """How to score.

    Attributes:
        families: metrics beside the core.
        slice_by: metadata keys to slice by; None takes all with few values.
        rounds: resamples for intervals; 0 leaves them out.
        seed: of the resampling.
    """

    families: tuple[str, ...] = DEFAULT_FAMILIES
    slice_by: tuple[str, ...] | None = None
    rounds: int = ROUNDS
    seed: int = SEED


@dataclass(frozen=True, slots=True)
class Result:
    """Scores of a system on a test set.

    Attributes:
        report: plain data, ready for JSON: set, system, signature, counts, metrics with intervals,
            gates, reliability, relations, slices, speed.
        scores: the statistics by document, for comparisons.
        run: what the system made.
    """

    report: dict[str, Any]
    scores: Scores
    run: Run


def evaluate(system: System, test_set: TestSet, options: Options | None = None) -> Result:
    """Let a system restore a test set, and score it.

    Raises:
        EvaluationError: see `predict`; or all documents failed.
    """
    options = options or Options()
    run = predict(system, test_set)
    if not run.outputs:
        name, reason = next(iter(run.failed.items()))
        message = f"{system.name} failed on all of {test_set.name}; on {name!r}: {reason}"
        raise EvaluationError(message)
    segments = [
        Segment(out.row.source, out.row.reference, out.text, out.edits or (), out.row.gold,
                out.row.accept, test_set.fold)
        for out in run.outputs
    ]  # fmt: skip
    documents = [out.row.doc_id for out in run.outputs]
    scores = score_segments(segments, documents, families=options.families)
    report = {
        "set": test_set.name,
        "kind": test_set.kind,
        "system": system.name,
        "signature": signature(system, test_set, options),
        "counts": _counts(test_set, run),
        "failed": run.failed,
        "metrics": _with_intervals(scores, options),
        "preservation": gates(scores.sums),
        "reliability": reliability(scores.sums),
        "relations": {name: list(pair) for name, pair in sorted(scores.relations.items())},
        "slices": _slices(segments, [out.row for out in run.outputs], options),
        "speed": _speed(segments, run),
    }
    return Result(report, scores, run)


def signature(system: System, test_set: TestSet, options: Options) -> str:
    """Return all that determines the numbers, but the machine's speed."""
    libraries = ",".join(f"{name}-{version(name)}" for name in ("rapidfuzz", "numpy"))
    parts = [
        f"data:{test_set.name},{test_set.kind},sha256-{test_set.hash}",
        f"system:{system.signature}",
        "tokens:restore-document",
        *(FAMILIES[name].signature() for name in options.families),
        f"bootstrap:documents,n={options.rounds},seed={options.seed}",
        f"versions:python-{sys.version_info.major}.{sys.version_info.minor},{libraries}",
    ]
    return "|".join(parts)


def _counts(test_set: TestSet, run: Run) -> dict[str, Any]:
    scored = len(run.outputs)
    return {
        "read": test_set.read,
        "scored": scored,
        "skipped": test_set.skipped,
        "failed": len(test_set.rows) - scored,
        "documents": len(run.seconds),
    }


def _with_intervals(scores: Scores, options: Options) -> dict[str, list[float | None]]:
    found = intervals(scores, rounds=options.rounds, seed=options.seed) if options.rounds else {}
    return {
        name: [_number(value), *map(_number, found.get(name, (math.nan, math.nan)))]
        for name, value in scores.metrics.items()
    }


def _number(value: float) -> float | None:
    """JSON has no word for what is not a number."""
    return None if math.isnan(value) else round(value, 6)


def _slices(
    segments: Sequence[Segment], rows: Sequence[Row], options: Options
) -> dict[str, dict[str, Any]]:
    cuts: dict[str, Callable[[int], str]] = {"length": lambda n: _length(segments[n].source)}
    for key in options.slice_by if options.slice_by is not None else _keys(rows):
        cuts[key] = lambda n, key=key: str(rows[n].metadata.get(key))  # type: ignore[misc]
    documents = [row.doc_id for row in rows]
    found: dict[str, dict[str, Any]] = {}
    for key, by in cuts.items():
        parts = slices(segments, documents, by, families=("wer",))
        if len(parts) > 1:
            found[key] = {name: _slice(part) for name, part in parts.items()}
    return found


def _slice(scores: Scores) -> dict[str, Any]:
    metrics = {name: _number(value) for name, value in scores.metrics.items()}
    return {"n": int(scores.sums["segments"]), "metrics": metrics}


def _keys(rows: Sequence[Row]) -> list[str]:
    values: dict[str, set[str]] = {}
    for row in rows:
        for key, value in row.metadata.items():
            values.setdefault(key, set()).add(str(value))
    return [key for key, seen in values.items() if 1 < len(seen) <= _MOST_VALUES]


def _length(text: str) -> str:
    words = len(text.split())
    low = 0
    for high in LENGTHS:
        if words <= high:
            return f"{low + 1:04}-{high:04} words"
        low = high
    return f"{low + 1:04} words and more"


def _speed(segments: Sequence[Segment], run: Run) -> dict[str, float | None]:
    words = sum(len(segment.source.split()) for segment in segments)
    total = sum(run.seconds)
    middle, slow = (float(np.quantile(run.seconds, q)) for q in (0.5, 0.95))
    return {
        "words": words,
        "seconds": round(total, 4),
        "words_per_second": round(words / total) if total else None,
        "p50_seconds": round(middle, 6),
        "p95_seconds": round(slow, 6),
    }
