"""Repairs: functions that mend damage without a language model, each proposing edits by name.

Imported by the restorer; imports only edits, errors and the protected spans.
"""

from restore.repairs._registry import DEFAULT_REPAIRS, REPAIRS, Repair, run_repairs

__all__ = ["DEFAULT_REPAIRS", "REPAIRS", "Repair", "run_repairs"]
