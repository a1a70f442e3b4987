"""Compounds of which one part is misspelt: ``goyernment-run``, ``long-distancc``.

No list and no language model knows most compounds, so the network is not asked about them: a part
is corrected by itself, where one candidate is far likelier than the others. The edits have little
confidence, which only misspelt texts accept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from restore._document import PROTECTED, WORD
from restore._edits import Edit
from restore.lattice._ngram import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from restore._document import Document
    from restore.seq2seq._spelling import Speller

SOURCE = "full:spelling"
CONFIDENCE = 0.45
LEAST, AHEAD = -16.0, 2.0  # weight of a candidate, and how far it is ahead of the next


def mend_compounds(
    document: Document, sentences: Sequence[tuple[int, int]], speller: Speller
) -> Iterator[Edit]:
    """Yield edits, in order, that correct the one misspelt part of compounds.

    Args:
        document: the text.
        sentences: first and end token of each.
        speller: knows words, and those near a misspelt one.
    """
    for first, end in sentences:
        for at in range(first, end):
            token = document.tokens[at]
            if "-" not in token or document.kinds[at] & (WORD | PROTECTED) != WORD:
                continue
            after = _mended(token, speller)
            if after != token:
                start = document.starts[at]
                yield Edit(start, start + len(token), token, after, SOURCE, CONFIDENCE)


def _mended(compound: str, speller: Speller) -> str:
    parts = compound.split("-")
    odd = [n for n, part in enumerate(parts) if speller.is_strange(part.lower())]
    known = speller.model.ids([compound])[0] != UNKNOWN
    if known or len(odd) != 1 or not parts[odd[0]].islower():
        return compound
    found = speller.candidates(parts[odd[0]])
    weights = [*(weight for _, weight in found[:2]), -np.inf, -np.inf]
    if weights[0] < LEAST or weights[0] - weights[1] < AHEAD:
        return compound
    parts[odd[0]] = found[0][0]
    return "-".join(parts)
