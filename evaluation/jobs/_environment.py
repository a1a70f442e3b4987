"""`run.json`: what is needed to repeat a job, and when and where it ran."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import restore

if TYPE_CHECKING:
    from evaluation.jobs._config import JobConfig

SCHEMA = 1
_LIBRARIES = (
    "errant", "ftfy", "gguf", "jinja2", "jiwer", "numpy", "pydantic", "rapidfuzz", "ray",
    "sacrebleu", "spacy", "symspellpy", "torch", "transformers",
)  # fmt: skip


def environment(config: JobConfig) -> dict[str, Any]:
    """Return what is known when a job starts."""
    return {
        "schema": SCHEMA,
        "package": {"name": "degarble", "version": restore.__version__},
        "git": _git(Path(__file__).parent),
        "argv": sys.argv,
        "config": config.model_dump(mode="json"),
        "python": sys.version,
        "platform": platform.platform(),
        "cpu": {"model": cpu_model(), "cores": os.cpu_count()},
        "threads": {k: v for k, v in os.environ.items() if k.endswith("_NUM_THREADS")},
        "libraries": {name: found for name in _LIBRARIES if (found := _version(name))},
        "seeds": {"resampling": config.seed},
        "start": now(),
    }


def now() -> str:
    """Return the time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def cpu_model() -> str:
    """Return what the processor calls itself."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())


def _git(folder: Path) -> dict[str, Any] | None:
    """Return the commit that the code stands at, if it stands in a repository."""
    commit = _ask_git(folder, "rev-parse", "HEAD")
    if not commit:
        return None
    return {"commit": commit, "changed": bool(_ask_git(folder, "status", "--porcelain"))}


def _ask_git(folder: Path, *arguments: str) -> str | None:
    command = ("git", "-C", str(folder), *arguments)
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            command, capture_output=True, text=True, check=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
