"""Which object decodes in which mode, and the threshold that keeps clean text clean in it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from restore.dictionary import Dictionary
from restore.dictionary._decoder import DictionaryDecoder

if TYPE_CHECKING:
    from pathlib import Path

    from restore._decoder import Decoder
    from restore.lattice import NgramModel

DICTIONARY_CONFIDENCE = 0.5  # deterministic entries have been vetted when they were built


def load_decoder(mode: str, dictionaries: tuple[str | Path, ...]) -> tuple[Decoder, float]:
    """Return the decoder of `mode` and its default threshold."""
    table = _dictionary()
    for path in dictionaries:
        table = table.overlay(path)
    if mode == "dictionary":
        return DictionaryDecoder(table), DICTIONARY_CONFIDENCE
    from restore.lattice import LatticeDecoder, Lexicon, load_weights

    weights = load_weights()
    return LatticeDecoder(Lexicon(table, _ngrams()), weights), weights.min_confidence


@lru_cache(maxsize=1)
def _dictionary() -> Dictionary:
    return Dictionary.load()


@lru_cache(maxsize=1)
def _ngrams() -> NgramModel:
    from restore.lattice import NgramModel

    return NgramModel.load()
