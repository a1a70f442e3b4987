"""Fluency by the n-gram model of this package: the light score that needs no reference.

It is the model that fast mode decodes with, so it is partial to fast mode.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from evaluation._family import Family, ratio
from restore._document import Document
from restore.lattice import NgramModel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evaluation._statistics import Segment

TEXTS = ("", "_before", "_reference")  # of hypotheses, sources, references
COLUMNS = tuple(f"fluency{text}_{what}" for text in TEXTS for what in ("log", "tokens"))


def fluency_family(model: str = "") -> Family:
    """Make the family, for the file of an n-gram model, or the one of the package."""
    return Family(COLUMNS, lambda segment: count(segment, model), score, lambda: _signature(model))


def count(segment: Segment, model: str = "") -> dict[str, float]:
    """Collect log probabilities and numbers of tokens of the three texts."""
    texts = (segment.hypothesis, segment.source, segment.reference)
    numbers = [number for text in texts for number in log_probability(text, model)]
    return dict(zip(COLUMNS, numbers, strict=True))


def score(sums: Mapping[str, float]) -> dict[str, float]:
    """Return the mean natural log probability of a token; 0 would be certainty."""
    return {
        f"fluency{text}": ratio(sums[f"fluency{text}_log"], sums[f"fluency{text}_tokens"])
        for text in TEXTS
    }


@lru_cache(maxsize=8192)
def log_probability(text: str, model: str = "") -> tuple[float, float]:
    """Return the log probability of a text's sentences, and how many tokens that is a sum over.

    Tokens are those of the document model, and the end of each sentence.

    Raises:
        RestoreError: there is no such model.
    """
    loaded = _model(model)
    start, end = loaded.ids(["<s>", "</s>"])
    document = Document.parse(text)
    ids = loaded.ids(document.tokens)
    total, tokens = 0.0, 0
    for first, after in document.sentences:
        words = np.concatenate([[start], ids[first:after], [end]])
        total += float(loaded.bigram(words[0], words[1]))
        total += float(loaded.trigram(words[:-2], words[1:-1], words[2:]).sum(dtype=np.float64))
        tokens += len(words) - 1
    return round(total, 4), float(tokens)


@lru_cache(maxsize=2)
def _model(place: str) -> NgramModel:
    return NgramModel.load(Path(place) if place else None)


def _signature(model: str) -> str:
    return f"fluency:restore-ngram,sha256-{_model(model).sha256[:12]}"
