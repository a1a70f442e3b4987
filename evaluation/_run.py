"""Scores a system on a test set, and puts all that is worth knowing about it into plain data."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from evaluation._counting import counting
from evaluation._errors import EvaluationError
from evaluation._families import family_of
from evaluation._metrics import gates, metrics, reliability
from evaluation._predict import predict
from evaluation._resample import ROUNDS, SEED, intervals
from evaluation._statistics import WORDS, Counts, Segment, count
from evaluation._tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from evaluation._predict import Output, Run
    from evaluation._scores import Scores
    from evaluation._sets import Row, TestSet
    from evaluation._systems import System

DEFAULT_FAMILIES = ("wer", "cer", "bleu", "chrf")
LENGTHS = (10, 25, 50, 100, 500)  # words: upper ends of the slices by length


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


class ScoredRow(NamedTuple):
    """A row's statistics, with what they are summed up by."""

    doc_id: str
    counts: Counts
    labels: dict[str, str]


def evaluate(system: System, test_set: TestSet, options: Options | None = None) -> Result:
    """Let a system restore a test set, and score it, all in memory.

    Raises:
        EvaluationError: see `predict`; or all documents failed.
    """
    options = options or Options()
    run = predict(system, test_set)
    rows = (
        ScoredRow(
            out.row.doc_id, count_output(out, test_set.fold, options.families), labels(out.row)
        )
        for out in run.outputs
    )
    report, scores = report_of(
        facts_of(test_set), (system.name, system.signature), run.failed, rows, options
    )
    words = sum(len(out.row.source.split()) for out in run.outputs)
    return Result(report | {"speed": speed_of(words, run.seconds)}, scores, run)


def facts_of(test_set: TestSet) -> dict[str, Any]:
    """Return what reports say of a test set, as plain data."""
    return {
        "set": test_set.name,
        "kind": test_set.kind,
        "hash": test_set.hash,
        "read": test_set.read,
        "skipped": test_set.skipped,
        "rows": len(test_set.rows),
    }


def count_output(out: Output, fold: bool, families: Sequence[str]) -> Counts:
    """Collect the statistics of what a system made of a row."""
    row = out.row
    segment = Segment(
        row.source, row.reference, out.text, out.edits or (), row.gold, row.accept, fold
    )
    return count(segment, families)


def labels(row: Row) -> dict[str, str]:
    """Return what a row can be sliced by: its length in words, and its metadata."""
    named = {key: str(value) for key, value in row.metadata.items()}
    return {"length": _length(row.source), **named}


def report_of(
    facts: Mapping[str, Any],
    system: tuple[str, str],
    failed: Mapping[str, str],
    rows: Iterable[ScoredRow],
    options: Options,
) -> tuple[dict[str, Any], Scores]:
    """Sum rows up, and return the report on them as plain data, with the statistics by document.

    Args:
        facts: `facts_of` the test set.
        system: its name and signature.
        failed: id of each document that failed to the reason.
        rows: the statistics of all rows that did not.
        options: how to score.

    Raises:
        EvaluationError: there are no rows, because all documents failed.
    """
    tally = Tally(options.families, options.slice_by)
    for row in rows:
        tally.add(row.doc_id, row.counts, row.labels)
    scores = tally.scores()
    if not scores.documents:
        name, reason = next(iter(failed.items()), ("-", "no documents"))
        message = f"{system[0]} failed on all of {facts['set']}; on {name!r}: {reason}"
        message += "; once that is mended, give --retry"  # else what is known to have failed stays
        raise EvaluationError(message)
    report = {
        "set": facts["set"],
        "kind": facts["kind"],
        "system": system[0],
        "signature": signature(system[1], facts, options),
        "counts": _counts(facts, scores),
        "failed": dict(failed),
        "metrics": _with_intervals(scores, options),
        "words": {name: int(scores.sums[name]) for name in WORDS},
        "preservation": gates(scores.sums),
        "reliability": reliability(scores.sums),
        "relations": {name: list(pair) for name, pair in sorted(scores.relations.items())},
        "slices": _slices(tally, options),
    }
    return report, scores


def signature(system: str, facts: Mapping[str, Any], options: Options) -> str:
    """Return all that determines the numbers, but the machine's speed."""
    libraries = ",".join(f"{name}-{version(name)}" for name in ("rapidfuzz", "numpy"))
    parts = [
        f"data:{facts['set']},{facts['kind']},sha256-{facts['hash']}",
        f"system:{system}",
        counting(),
        *(family_of(name).signature() for name in options.families),
        f"bootstrap:documents,n={options.rounds},seed={options.seed}",
        f"versions:python-{sys.version_info.major}.{sys.version_info.minor},{libraries}",
    ]
    return "|".join(parts)


def _counts(facts: Mapping[str, Any], scores: Scores) -> dict[str, Any]:
    scored = int(scores.sums["segments"])
    return {
        "read": facts["read"],
        "scored": scored,
        "skipped": facts["skipped"],
        "failed": facts["rows"] - scored,
        "documents": len(scores.documents),
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


def _slices(tally: Tally, options: Options) -> dict[str, dict[str, Any]]:
    wanted = options.slice_by
    return {
        key: {value: _slice(sums) for value, sums in parts.items()}
        for key, parts in tally.slices().items()
        if wanted is None or key in wanted
    }


def _slice(sums: Mapping[str, float]) -> dict[str, Any]:
    values = {name: _number(value) for name, value in metrics(sums).items()}
    return {"n": int(sums["segments"]), "metrics": values}


def _length(text: str) -> str:
    words = len(text.split())
    low = 0
    for high in LENGTHS:
        if words <= high:
            return f"{low + 1:04}-{high:04} words"
        low = high
    return f"{low + 1:04} words and more"


def speed_of(words: int, seconds: Sequence[float]) -> dict[str, float | None]:
    """Return words a second and seconds a document (median, 95th percentile).

    Args:
        words: words of the sources, split at white space.
        seconds: time of each document.
    """
    total = sum(seconds)
    middle, slow = (float(np.quantile(seconds, q)) for q in (0.5, 0.95)) if seconds else (0.0, 0.0)
    return {
        "words": words,
        "seconds": round(total, 4),
        "words_per_second": round(words / total) if total else None,
        "p50_seconds": round(middle, 6),
        "p95_seconds": round(slow, 6),
    }
