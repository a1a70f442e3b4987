"""Modified Kneser-Ney estimates (Chen and Goodman 1998, section 3) on sorted count arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from restore.lattice._ngram import SENTENCE_START
from training.ngram._count import tally

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.ngram._count import Counts

_LOW_32 = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Estimates:
    """Interpolated probabilities of every n-gram seen, before pruning.

    Attributes:
        unigram: float64[V], P(c); zero for `<s>`, which is never predicted.
        bigram: float64, P(c | b), in the order of `Counts.bigrams`.
        bigram_backoff: float64[V], the weight of P(c) after `b`.
        trigram: float32, P(c | a b), in the order of `Counts.trigrams`.
        trigram_backoff: float32, the weight of P(c | b) after each bigram `a b`.
        context: int32, for each trigram, the index of the bigram `a b`.
        lower: int32, for each trigram, the index of the bigram `b c`.
    """

    unigram: NDArray[np.float64]
    bigram: NDArray[np.float64]
    bigram_backoff: NDArray[np.float64]
    trigram: NDArray[np.float32]
    trigram_backoff: NDArray[np.float32]
    context: NDArray[np.int32]
    lower: NDArray[np.int32]


def estimate(counts: Counts, vocabulary_size: int) -> Estimates:
    """Estimate P(c | a b), P(c | b) and P(c) from counts; lower orders count distinct contexts."""
    context = _find(counts.bigrams, (counts.trigrams >> np.uint64(16)).astype(np.uint32))
    lower = _find(counts.bigrams, (counts.trigrams & _LOW_32).astype(np.uint32))
    left, right = counts.bigrams >> np.uint32(16), counts.bigrams & np.uint32(0xFFFF)
    # Nothing stands before <s>, so that its bigrams keep their plain counts.
    continuations = np.bincount(lower, minlength=len(counts.bigrams))
    adjusted = np.where(left == SENTENCE_START, counts.bigram_counts, continuations)
    unigram = _unigram(np.bincount(right, minlength=vocabulary_size))
    bigram, bigram_backoff = _interpolate(adjusted, left, vocabulary_size, unigram[right])
    trigram, trigram_backoff = _interpolate(
        counts.trigram_counts, context, len(counts.bigrams), bigram[lower]
    )
    return Estimates(
        unigram,
        bigram,
        bigram_backoff,
        trigram.astype(np.float32),
        trigram_backoff.astype(np.float32),
        context,
        lower,
    )


def discounts(counts: NDArray[np.integer]) -> NDArray[np.float64]:
    """What to take off counts of 0, 1, 2 and 3 or more: Chen and Goodman (1998), equation 17.

    Where the counts of counts are too few for the formula, the discounts fall back to 0.5, 1 and
    1.5, as in KenLM.
    """
    ones, twos, threes, fours = (float(np.count_nonzero(counts == n)) for n in range(1, 5))
    fallback = np.array([0.0, 0.5, 1.0, 1.5])
    if not (ones and twos and threes):
        return fallback
    ratio = ones / (ones + 2 * twos)
    found = np.array(
        [
            0.0,
            1 - 2 * ratio * twos / ones,
            2 - 3 * ratio * threes / twos,
            3 - 4 * ratio * fours / threes,
        ]
    )
    usable = (found[1:] > 0).all() and (found <= np.arange(4)).all()
    return found if usable else fallback


def _unigram(continuations: NDArray[np.integer]) -> NDArray[np.float64]:
    # One more for each word keeps those possible that only ever open a sentence alone.
    smoothed = continuations + 1.0
    smoothed[SENTENCE_START] = 0.0
    probabilities: NDArray[np.float64] = smoothed / smoothed.sum()
    return probabilities


def _interpolate(
    counts: NDArray[np.integer],
    context: NDArray[np.integer],
    contexts: int,
    lower: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """P(word | context) of each n-gram, and the weight of the lower order for each context."""
    taken = discounts(counts)[np.minimum(counts, 3)]
    total = tally(context, counts, contexts)
    backoff = tally(context, taken, contexts)
    np.divide(backoff, total, out=backoff, where=total > 0)
    backoff[total == 0] = 1.0
    probability: NDArray[np.float64] = (counts - taken) / total[context] + backoff[context] * lower
    return probability, backoff


def _find(keys: NDArray[np.uint32], wanted: NDArray[np.uint32]) -> NDArray[np.int32]:
    return np.searchsorted(keys, wanted).astype(np.int32)
