"""Quantises a pruned model and writes the file that `restore.lattice` opens."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from restore._container import write_container
from restore.lattice._ngram import FORMAT, SENTENCE_START, UNKNOWN, VERSION
from training.ngram._fuse_build import build_table

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from training.ngram._count import Vocabulary
    from training.ngram._prune import Pruned

_NEVER = -99.0  # log P(<s>): low enough to lose always, finite so that sums stay finite
_HISTOGRAM = 1 << 14
_LLOYD_ROUNDS = 1000


@dataclass(frozen=True, slots=True)
class Bits:
    """How many bits a cell spends on what; a cell has at most 25."""

    bigram_fingerprint: int = 12
    bigram_log: int = 6
    bigram_backoff: int = 5
    trigram_fingerprint: int = 12
    trigram_log: int = 5


def write_model(
    path: Path, model: Pruned, vocabulary: Vocabulary, training: dict[str, Any], bits: Bits
) -> int:
    """Write `model`; the same arguments give the same bytes. Returns the size of the file.

    The file appears whole or not at all.
    """
    spread = math.log(vocabulary.unknown_types)
    arrays, shapes = _tables(model, spread, bits)
    arrays |= {
        "words": np.frombuffer("\n".join(vocabulary.words).encode(), np.uint8),
        "unigram": _one_of(model.unigram_logs, spread),
        "log_frequency": _one_of(_logs(vocabulary.counts), spread),
        "unigram_backoff": model.unigram_backoffs.astype("<f4"),
    }
    write_container(path, FORMAT, VERSION, {"training": training, **shapes}, arrays)
    return path.stat().st_size


def quantise(values: NDArray[np.float64], bits: int) -> tuple[NDArray[np.uint32], NDArray[Any]]:
    """Bins with the least squared error (Lloyd's algorithm), on a fine histogram.

    Returns:
        The bin of each value, and the float32 value of each of the 2**bits bins.
    """
    bins = 1 << bits
    if not len(values):
        return np.zeros(0, np.uint32), np.zeros(bins, "<f4")
    weights, edges = np.histogram(values, _HISTOGRAM)
    middles = (edges[1:] + edges[:-1]) / 2
    cumulated = np.cumsum(weights) / len(values)
    centres = np.interp((np.arange(bins) + 0.5) / bins, cumulated, middles)
    for _ in range(_LLOYD_ROUNDS):
        owner = np.searchsorted((centres[1:] + centres[:-1]) / 2, middles)
        mass = np.bincount(owner, weights, bins)
        mean = np.bincount(owner, weights * middles, bins)
        centres = np.sort(np.divide(mean, mass, out=centres.copy(), where=mass > 0))
    owner = np.searchsorted((centres[1:] + centres[:-1]) / 2, values).astype(np.uint32)
    return owner, centres.astype("<f4")


def _logs(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    # Special words may be absent; half an occurrence keeps their logarithm finite.
    shares: NDArray[np.float64] = np.maximum(counts, 0.5) / counts.sum()
    return np.log(shares)


def _one_of(logs: NDArray[np.float64], spread: float) -> NDArray[np.float32]:
    """The logarithms with `<unk>` shared out among the unknown words, and no `<s>`."""
    result = logs.copy()
    result[UNKNOWN] -= spread
    result[SENTENCE_START] = _NEVER
    return result.astype("<f4")


def _tables(
    model: Pruned, spread: float, bits: Bits
) -> tuple[dict[str, NDArray[Any]], dict[str, dict[str, int]]]:
    last2 = model.bigrams & np.uint32(0xFFFF)
    last3 = model.trigrams & np.uint64(0xFFFF)
    log2, logs2 = quantise(model.bigram_logs - spread * (last2 == UNKNOWN), bits.bigram_log)
    backoff, backoffs = _quantise_backoff(model.bigram_backoffs, bits.bigram_backoff)
    log3, logs3 = quantise(model.trigram_logs - spread * (last3 == UNKNOWN), bits.trigram_log)
    cells2, shape2 = build_table(
        _reverse(model.bigrams.astype(np.uint64), 2),
        backoff << np.uint32(bits.bigram_log) | log2,
        fingerprint_bits=bits.bigram_fingerprint,
        value_bits=bits.bigram_log + bits.bigram_backoff,
    )
    cells3, shape3 = build_table(
        _reverse(model.trigrams, 3),
        log3,
        fingerprint_bits=bits.trigram_fingerprint,
        value_bits=bits.trigram_log,
    )
    arrays = {
        "bigram_logs": logs2,
        "bigram_backoffs": backoffs,
        "trigram_logs": logs3,
        "bigram_cells": cells2,
        "trigram_cells": cells3,
    }
    return arrays, {"bigrams": asdict(shape2), "trigrams": asdict(shape3)}


def _quantise_backoff(
    values: NDArray[np.float64], bits: int
) -> tuple[NDArray[np.uint32], NDArray[Any]]:
    """Bins as `quantise` makes them, the last one for contexts without trigrams: exactly zero."""
    owner, centres = quantise(values[values != 0], bits)
    centres[-1] = 0.0
    bins = np.full(len(values), len(centres) - 1, np.uint32)
    bins[values != 0] = np.minimum(owner, len(centres) - 2)
    return bins, centres


def _reverse(keys: NDArray[np.uint64], order: int) -> NDArray[np.uint64]:
    """The keys of the tables, which put the first word lowest."""
    mask = np.uint64(0xFFFF)
    words = [keys >> np.uint64(16 * i) & mask for i in range(order)]
    result = np.zeros(len(keys), np.uint64)
    for i, word in enumerate(reversed(words)):
        result |= word << np.uint64(16 * i)
    return result
