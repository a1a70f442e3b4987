"""Starts jobs for the command line: options before keys, a bar, and failures in one line."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from rich.progress import TaskID

    from evaluation.jobs import JobConfig, Outcome

_DEFAULT_SYSTEMS = ("as-is", "dictionary", "fast")
_FORMATS = ("markdown", "json", "html")


def told(config: Path | None, given: Mapping[str, Any]) -> JobConfig:
    """Return what a job is told: options before the keys of a configuration, then the variable.

    Raises:
        EvaluationError: a key or value is wrong.
    """
    from evaluation.jobs import load_config, make_config

    data = load_config(config) if config else {"system": [{"use": n} for n in _DEFAULT_SYSTEMS]}
    said = {
        key: str(value) if isinstance(value, Path) else value
        for key, value in given.items()
        if value is not None and value != []
    }
    if not config:
        said = {"formats": given.get("formats", _FORMATS)} | said
    return make_config(_rooted(data | said), str(config or "options"))


def _rooted(data: dict[str, Any]) -> dict[str, Any]:
    """Let sets be looked for below RESTORE_SHARED where neither option nor key says where."""
    from corpora._files import user_root

    shared = user_root(None)
    return data | {"root": str(shared)} if shared and not data.get("root") else data


def launch(config: JobConfig, *, refresh: bool = False, retry: bool = False) -> Outcome:
    """Run a job, with a bar a stage while standard error is a terminal."""
    from evaluation.jobs import run_job

    with bars() as progress:
        return run_job(config, refresh=refresh, retry=retry, progress=progress)


@contextmanager
def bars() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar for each stage of which the number done and in all is told."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks: dict[str, TaskID] = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield progress


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn errors that are expected into one line and exit code 2; 1 is for gates."""
    from restore.cli._failures import refusing
    from restore.cli._plugins import EXTRAS

    with refusing("restore evaluate", EXTRAS):
        yield
