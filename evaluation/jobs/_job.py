"""Runs a job: prepare, predict, score, aggregate, report; each stage a folder with a manifest.

Every file is named by a key of all that determines it and appears whole, so a stage's work is the
files that are missing: a killed job goes on, and a finished one has nothing left to do.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluation import _compare, _results
from evaluation._errors import EvaluationError
from evaluation.jobs import _stages
from evaluation.jobs._costs import footprints
from evaluation.jobs._environment import environment, now
from evaluation.jobs._gates import breaches, check_gates, compared
from evaluation.jobs._loggers import Loggers
from evaluation.jobs._store import RUN, claimed, write_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from evaluation._compare import Comparison
    from evaluation._footprint import Footprint
    from evaluation.jobs._config import JobConfig
    from evaluation.jobs._gates import Gate
    from evaluation.jobs._plan import Plan
    from evaluation.jobs._stages import Progress

SOME_BREACHED = 1
SOME_FAILED = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job.

    Attributes:
        folder: the job's folder.
        reports: a report of each system on each set, with its speed.
        differences: how each system on each set differs from the baseline.
        breaches: a line for each gate that failed.
        files: the reports that were written, by format.
        footprints: system to what it costs, where the job measured it; see `_footprint.measure`.
    """

    folder: Path
    reports: list[dict[str, Any]]
    differences: list[Comparison] = field(default_factory=list)
    breaches: list[str] = field(default_factory=list)
    files: dict[str, Path] = field(default_factory=dict)
    footprints: dict[str, Footprint] = field(default_factory=dict)

    @property
    def failed(self) -> int:
        """Documents that systems failed at."""
        return sum(len(one["failed"]) for one in self.reports)

    @property
    def exit_code(self) -> int:
        """0; 1 when a gate failed, whatever else did; 3 when none did, but documents failed."""
        if self.breaches:
            return SOME_BREACHED
        return SOME_FAILED if self.failed else 0


def run_job(
    config: JobConfig,
    *,
    refresh: bool = False,
    retry: bool = False,
    progress: Progress | None = None,
    warn: Callable[[str], None] | None = None,
) -> Outcome:
    """Run a job, or what is left to do of one that was killed.

    Args:
        config: what to do.
        refresh: make all predictions anew.
        retry: make those shards' predictions anew in which documents failed.
        progress: is told of each shard: stage, shards done, shards to do.
        warn: is told one line of each thing that went wrong but stops nothing.

    Raises:
        EvaluationError: data, systems or gates that cannot be used; one line names them.
        CorpusError: a file cannot be read.
    """
    folder = Path(config.out)
    _check_baseline(config, folder)
    with claimed(folder):
        start = environment(config)
        write_data(folder / RUN, start | {"end": None})
        loggers = Loggers(config.loggers, warn)
        plan = _stages.prepare(config, folder)
        gates = check_gates(config.fail_on, plan.pairs)
        loggers.start(folder, start)
        _stages.predict(plan, progress, refresh=refresh, retry=retry)
        costs = footprints(plan, refresh=refresh)
        _stages.score(plan, progress)
        _stages.aggregate(plan, progress)
        outcome = _report(plan, gates, costs)
        _log(loggers, outcome)
        write_data(folder / RUN, start | _ending(plan, outcome))
        loggers.artifact(folder / RUN)
        loggers.finish()
    return outcome


def _check_baseline(config: JobConfig, folder: Path) -> None:
    """Read the baseline before hours of work, not after."""
    if not config.baseline:
        return
    if Path(config.baseline).resolve() == folder.resolve():
        message = f"the baseline is the job's own folder: {folder}"
        raise EvaluationError(message)
    _results.load(Path(config.baseline))


def _report(plan: Plan, gates: list[Gate], costs: dict[str, Footprint]) -> Outcome:
    from evaluation.reports import write_reports

    config = plan.config
    reports = _stages.reports_with_speed(plan)
    found = []
    if config.baseline:
        found = list(
            _compare.pairs(
                Path(config.baseline), plan.folder, more=compared(gates),
                rounds=config.rounds, seed=config.seed,
            )
        )  # fmt: skip
    outcome = Outcome(plan.folder, reports, found, footprints=costs)
    try:
        outcome = replace(outcome, breaches=breaches(gates, reports, found))
    except EvaluationError:  # of a gate: what was measured is worth reading all the same
        write_reports(outcome, plan)
        raise
    return replace(outcome, files=write_reports(outcome, plan))


def _log(loggers: Loggers, outcome: Outcome) -> None:
    for one in outcome.reports:
        values = {name: triple[0] for name, triple in one["metrics"].items()}
        speed = {"words_per_second": one["speed"]["words_per_second"]}
        prefix = f"{one['set']}/{one['system']}"
        loggers.metrics({f"{prefix}/{k}": v for k, v in (values | speed).items() if v is not None})
    for name, costs in outcome.footprints.items():
        numbers = {k: v for k, v in costs.items() if isinstance(v, int | float)}
        loggers.metrics({f"footprint/{name}/{k}": float(v) for k, v in numbers.items()})
    for path in outcome.files.values():
        loggers.artifact(path)


def _ending(plan: Plan, outcome: Outcome) -> dict[str, Any]:
    return {
        "end": now(),
        "exit_code": outcome.exit_code,
        "data": {name: facts["hash"] for name, facts in plan.sets.items()},
        "signatures": {f"{r['set']}/{r['system']}": r["signature"] for r in outcome.reports},
        "counts": {f"{r['set']}/{r['system']}": r["counts"] for r in outcome.reports},
        "speed": {f"{r['set']}/{r['system']}": r["speed"] for r in outcome.reports},
    }
