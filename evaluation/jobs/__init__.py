"""Evaluation jobs: what one is told (TOML), its stages, its folder, where it runs, what it gates.

May import `evaluation`'s core and reports, `corpora` and `restore`; may be imported by
`evaluation`'s command line, `evaluation.benchmark` and `evaluation.reports`.
"""

from evaluation.jobs._config import (
    DEFAULT,
    JobConfig,
    SetEntry,
    SystemEntry,
    load_config,
    make_config,
)
from evaluation.jobs._job import Outcome, run_job

__all__ = [
    "DEFAULT",
    "JobConfig",
    "Outcome",
    "SetEntry",
    "SystemEntry",
    "load_config",
    "make_config",
    "run_job",
]
