"""Capitals of what was put back in spun texts, told by the words around it and by the text.

Some spinners lose the capitals of what they replace, some have capitals of their own, most keep
them: `fit_case` goes by the form alone. Here all replacements of a text are seen at once: which of
them have lost a capital, how the text itself writes these words, and how news does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from restore.lattice._case_features import FEATURES, describe
from restore.lattice._case_table import SHIPPED, CaseTable, load_casing
from restore.lattice._scorer import opposed

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from restore._decoder import Proposal
    from restore._document import Document
    from restore._edits import Edit
    from restore.lattice._scorer import Scorer

    Floats = NDArray[np.float32]

SMALL, CAPITAL = 0, 1  # codes of what the scorer chooses between


@dataclass(frozen=True, slots=True)
class Casing:
    """Gives replaced words the capitals that their places ask for.

    Args:
        table: how news writes words.
        scorer: of a capital against a small letter.
    """

    table: CaseTable
    scorer: Scorer

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Casing:
        """Read the table and the scorer, by default the shipped ones.

        Raises:
            ModelError: the file is missing, damaged, or was fitted for other features.
        """
        return cls(*load_casing(FEATURES, path))

    def recased(self, document: Document, proposal: Proposal) -> Proposal:
        """Return the proposals for a spun text with other capitals where these are likelier."""
        edits = sorted(proposal.edits, key=lambda edit: edit.start)
        about, numbers = describe(self.table, document, edits)
        if not numbers:
            return proposal
        capital = self.shares(about)
        for number, share in zip(numbers, capital.tolist(), strict=True):
            edits[number] = _written(edits[number], share)
        kept = tuple(edit for edit in edits if edit.after != edit.before)
        return replace(proposal, edits=kept)

    def shares(self, about: Floats) -> Floats:
        """Return the probability of a capital: (P, len(FEATURES)) to (P,)."""
        both, codes = opposed(about)
        scores = self.scorer.scores(both, codes).reshape(-1, 2)
        shares: Floats = 1 / (1 + np.exp(scores[:, SMALL] - scores[:, CAPITAL]))
        return shares


def _written(edit: Edit, share: float) -> Edit:
    """Write an edit's first letter as it likely is, by the probability of a capital."""
    capital = share > 1 - share
    if capital == edit.after[:1].isupper():
        return edit
    return replace(
        edit, after=edit.after[:1].upper() + edit.after[1:] if capital else edit.after.lower()
    )
