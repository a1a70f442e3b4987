"""Repairs: functions that mend damage without a language model, each proposing edits by name.

Imported by the restorer; imports only the edit and document types.
"""
