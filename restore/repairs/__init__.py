"""Repairs: functions that mend damage without a language model, each proposing edits by name.

Imports nothing but edits, errors, the protected spans and the reading of shipped lists; may be
imported by `restore`'s own API, `restore.cli` and `training.letters`.
"""

from restore.repairs._registry import DEFAULT_REPAIRS, REPAIRS, Repair, run_repairs

__all__ = ["DEFAULT_REPAIRS", "REPAIRS", "Repair", "run_repairs"]
