"""Which object decodes in which mode, and the policy that keeps clean text clean in it."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from restore._capitals import capitals
from restore._errors import RestoreError
from restore._policy import Policy
from restore.dictionary import Dictionary
from restore.dictionary._decoder import DictionaryDecoder

if TYPE_CHECKING:
    from restore._decoder import Decoder
    from restore.lattice import NgramModel
    from restore.rescoring import LanguageModel
    from restore.seq2seq._network import Network

FAST_CONFIDENCE, FAST_IF_SPUN = 0.95, 0.0  # in texts that may be honest, and in others
DICTIONARY_CONFIDENCE = 0.5  # deterministic entries have been vetted when they were built


def load_decoder(
    mode: str,
    dictionaries: tuple[str | Path, ...],
    model: str | Path | None = None,
    engine: str = "onnx",
) -> tuple[Decoder, Policy]:
    """Return the decoder of `mode` and the policy that keeps clean text clean in it.

    Args:
        mode: ``auto`` is the best one that needs no extra: ``full``.
        dictionaries: user tables, later ones first in precedence.
        model: folder of full and best mode's network; None takes the shipped one.
        engine: what runs it: ``onnx``, or one that an extra brings.
    """
    capitals()  # every mode needs them: a missing file is told at once
    table = _dictionary()
    for path in dictionaries:
        table = table.overlay(path)
    if mode == "dictionary":
        return DictionaryDecoder(table), Policy.from_threshold(DICTIONARY_CONFIDENCE)
    from restore.lattice import LatticeDecoder, Lexicon, load_weights

    weights, lexicon = load_weights(), Lexicon(table, _ngrams())
    if mode == "fast":
        policy = Policy.from_threshold(FAST_CONFIDENCE, if_spun=FAST_IF_SPUN)
        return LatticeDecoder(lexicon, weights), policy
    from restore.seq2seq import Seq2SeqDecoder

    network = _network(None if model is None else Path(model), engine)
    full = Seq2SeqDecoder(lexicon, weights, network)
    if mode == "best":
        from restore.rescoring import Rescorer, RescoringDecoder

        return RescoringDecoder(full, language_model(), Rescorer.load()), network.policy
    return full, network.policy


@lru_cache(maxsize=1)
def _dictionary() -> Dictionary:
    return Dictionary.load()


@lru_cache(maxsize=2)
def _network(folder: Path | None, engine: str) -> Network:
    from restore.seq2seq import SHIPPED, OnnxNetwork

    if engine == "onnx":
        return OnnxNetwork(folder or SHIPPED)
    found = entry_points(group="restore.networks", name=engine)
    if not found:
        message = f"no engine is called {engine!r}: choose onnx or torch"
        raise RestoreError(message)
    try:
        make = next(iter(found)).load()
    except ImportError as error:
        message = f"{error.name} is missing: pip install 'degarble[torch]', or take engine='onnx'"
        raise RestoreError(message) from error
    network: Network = make(folder or SHIPPED)
    return network


@lru_cache(maxsize=1)
def language_model() -> LanguageModel:
    """Load what best mode asks, once.

    Raises:
        ModelError: it is not installed, or cannot be read.
    """
    from restore.rescoring import SmolLM2

    return SmolLM2()


@lru_cache(maxsize=1)
def _ngrams() -> NgramModel:
    from restore.lattice import NgramModel

    return NgramModel.load()
