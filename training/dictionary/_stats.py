"""Figures about a compiled dictionary."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from restore.dictionary import Relation

if TYPE_CHECKING:
    from restore.dictionary import Dictionary


def statistics(dictionary: Dictionary) -> dict[str, str]:
    """Count forms, candidates and relations."""
    counts = np.diff(dictionary.offsets)
    relations = Counter(dictionary.relations.tolist())
    found = {
        "version": dictionary.version,
        "content hash": dictionary.content_hash,
        "forms": f"{len(dictionary.forms):,}",
        "phrases": f"{len(dictionary.forms.phrases()):,}",
        "originals": f"{len(dictionary.originals):,}",
        "candidates": f"{len(dictionary.candidates):,}",
        "candidates a form, median": f"{np.median(counts):.0f}",
        "candidates a form, 95th percentile": f"{np.percentile(counts, 95):.0f}",
        "deterministic forms": f"{int(dictionary.deterministic.sum()):,}",
        "observed pairs": f"{int(dictionary.observed.sum()):,}",
    }
    return found | {f"relation {Relation(r)}": f"{n:,}" for r, n in relations.most_common()}
