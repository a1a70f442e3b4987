"""The garblers that make training data: one a dialect, over one lexicon without held-out keys."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpora.garbler import Garbler, Lexicon


@lru_cache(maxsize=16)
def garbler(dialect: str, seed: int) -> Garbler:
    """Return the garbler of a recipe; all of them share a lexicon."""
    from corpora.garbler import Garbler

    return Garbler(dialect, seed=seed, lexicon=garblers_lexicon())


@lru_cache(maxsize=1)
def garblers_lexicon() -> Lexicon:
    """Return what may stand for a word, held-out pairs left out."""
    from corpora.garbler import Lexicon

    return Lexicon()
