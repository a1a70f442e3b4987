"""Runs every listed system on every listed set; what fails stops none of the others.

Each system has a job of its own, and the jobs share their predictions: a run
that was killed goes on where it stopped.
"""

from __future__ import annotations

from itertools import chain, count
from typing import TYPE_CHECKING, Any

from evaluation._errors import EvaluationError
from evaluation._footprint import sample
from evaluation._oracle import Oracle
from evaluation._systems import make_system
from evaluation.benchmark._measured import Choice, Measured, Ready
from evaluation.benchmark._sets import find_sets, one_line, texts_of
from evaluation.jobs import make_config, run_job
from evaluation.jobs._costs import footprint, footprint_file
from restore import MODES, RestoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from evaluation.benchmark._listing import ListedSet, ListedSystem, Listing
    from evaluation.jobs._stages import Progress

# A killed run loses at most so much work; programs from outside are started for each shard.
SHARD_DOCUMENTS = 500


def measure_all(
    listing: Listing,
    choice: Choice,
    say: Callable[[str], None],
    progress: Progress | None = None,
) -> Measured:
    """Run the benchmark, or what is left to do of one that was killed.

    Args:
        listing: sets and systems.
        choice: how to run them.
        say: is told one line of each step and of each thing that went wrong.
        progress: is told of each stage of each system: its name, shards done, shards in all.

    Raises:
        EvaluationError: none of the sets is there, or none of the systems can be run.
    """
    measured = Measured(listing, choice, find_sets(listing.set, choice.root, choice.work))
    for name, reason in measured.sets.missing.items():
        say(f"not measured: {name}: {reason}")
    if not measured.sets.there:
        message = "nothing to score: none of the sets is there; see --root"
        raise EvaluationError(message)
    for listed in listing.system:
        _make_ready(measured, listed, say)
    if not measured.systems:
        message = "nothing to score: none of the systems can be run"
        raise EvaluationError(message)
    for one in measured.systems.values():
        say(f"{one.title}: restoring and scoring")
        sets = [entry for entry in measured.sets.there if one.listed.gets(entry.name)]
        _score(measured, one, sets, say, progress)
    _measure_footprints(measured, say)
    return measured


def _make_ready(measured: Measured, listed: ListedSystem, say: Callable[[str], None]) -> None:
    """Make the system once, to learn its name and signature, or why it cannot be run."""
    title = listed.title or listed.name or listed.use
    try:
        if listed.role == "mode" and listed.use.partition("@")[0] not in MODES:
            message = f"the installed restorer has no mode {listed.use!r}"
            raise EvaluationError(message)
        system = make_system(listed.use)
        if not any(listed.gets(entry.name) for entry in measured.sets.there):
            message = "it is listed for none of the sets that are measured"
            raise EvaluationError(message)
    except RestoreError as error:
        measured.not_run[title] = one_line(error)
        say(f"not run: {title}: {measured.not_run[title]}")
        return
    name = _unused(listed.name or system.name, measured.systems)
    known = not isinstance(system, Oracle)
    measured.systems[name] = Ready(listed, name, system.signature, known)


def _unused(name: str, taken: Container[str]) -> str:
    """Number a name that another system has: two models may both lie in a folder `model`."""
    others = (f"{name}-{number}" for number in count(2))
    return next(one for one in chain([name], others) if one not in taken)


def _score(
    measured: Measured,
    one: Ready,
    sets: Sequence[ListedSet],
    say: Callable[[str], None],
    progress: Progress | None,
) -> None:
    """Score a system on sets; where that fails, on each by itself."""
    try:
        measured.reports.extend(_job(measured, one, sets, progress))
    except Exception as error:  # noqa: BLE001 - whatever a system raises, the others go on
        if len(sets) == 1:
            _fail(measured, one, sets[0], error, say)
            return
        for entry in sets:
            _score(measured, one, [entry], say, progress)


def _fail(
    measured: Measured, one: Ready, entry: ListedSet, error: Exception, say: Callable[[str], None]
) -> None:
    kind = "" if isinstance(error, RestoreError) else f"{type(error).__name__}: "
    reason = f"{kind}{one_line(error):.300}"
    measured.failed.append((one.title, entry.name, reason))
    say(f"{one.title} failed on {entry.name}: {reason}")


def _job(
    measured: Measured,
    one: Ready,
    sets: Sequence[ListedSet],
    progress: Progress | None,
) -> list[dict[str, Any]]:
    listing, choice = measured.listing, measured.choice
    place = one.name if len(sets) > 1 else f"{one.name}+{sets[0].name}"
    told = {
        "out": str(choice.work / "jobs" / place),
        "cache": str(choice.work / "predictions"),
        "set": [entry.model_dump(include={"name", "path", "kind", "hash"}) for entry in sets],
        "system": [{"use": one.listed.use, "name": one.name}],
        "families": listing.families, "rounds": listing.rounds, "seed": listing.seed,
        "limit": choice.limit, "workers": choice.workers, "formats": [],
        "shard_documents": SHARD_DOCUMENTS,
    }  # fmt: skip

    def stage(name: str, done: int, total: int) -> None:
        if progress:
            progress(f"{one.title}: {name}", done, total)

    return run_job(make_config(told, one.title), refresh=choice.refresh, progress=stage).reports


def _measure_footprints(measured: Measured, say: Callable[[str], None]) -> None:
    """Measure what each system costs, one after another, on the same texts."""
    listing, choice = measured.listing, measured.choice
    if not listing.footprint:
        return
    there = {entry.name: entry for entry in measured.sets.there}
    texts = sample(texts_of(there.get(listing.speed_set, measured.sets.there[0])))
    for one in measured.systems.values():
        if not one.measurable:
            continue
        folder = choice.work / "footprint"
        path = footprint_file(folder, one.name, one.signature, texts, listing.footprint)
        if choice.refresh:
            path.unlink(missing_ok=True)
        say(f"{one.title}: measuring speed, start and memory")
        found = footprint(path, one.listed.use, texts, listing.footprint)
        measured.footprints[one.name] = found
        if "failed" in found:
            say(found["failed"])
