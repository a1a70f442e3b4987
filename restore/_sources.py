"""What the last part of an edit's source tells the policy: ``stray`` of ``full:stray``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from restore._edits import Edit

STRAY = "stray"  # the deletion of a few letters that are no word
NUMERAL = "numeral"  # a number written out, which no other edit may touch
FILLER = "filler"  # the deletion of a word that a spinner put in
GUESSES = {"spelling", "written", STRAY}  # rest on no list of garbled forms
NEEDS_CONTEXT = {"written", STRAY}  # ... and a word by itself does not get them
NO_EVIDENCE = {*GUESSES, NUMERAL, FILLER, "user", "case", "marks"}  # do not tell a spun text


def source_of(edit: Edit) -> str:
    """Return the last part of an edit's source."""
    return edit.source.rpartition(":")[2]


def is_division(edit: Edit) -> bool:
    """Does an edit but divide a word: ``MarcusBerg``, ``Oklahomafor``?"""
    return " " in edit.after and edit.after.replace(" ", "") == edit.before
