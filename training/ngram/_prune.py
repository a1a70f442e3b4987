"""Keeps the n-grams whose loss would change the model most, and renormalises the backoff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.ngram._count import Counts
    from training.ngram._smooth import Estimates

_LEAST = 1e-9  # of the probability left to backoff, which rounding may make zero or negative


@dataclass(frozen=True, slots=True)
class Pruned:
    """The n-grams that stay, with natural logarithms of probabilities and backoff weights.

    Attributes:
        bigrams, trigrams: keys as in `Counts`; both bigrams of every trigram are in `bigrams`.
        unigram_logs, unigram_backoffs: float64[V].
        bigram_logs, bigram_backoffs: float64, in the order of `bigrams`.
        trigram_logs: float64, in the order of `trigrams`.
    """

    bigrams: NDArray[np.uint32]
    trigrams: NDArray[np.uint64]
    unigram_logs: NDArray[np.float64]
    unigram_backoffs: NDArray[np.float64]
    bigram_logs: NDArray[np.float64]
    bigram_backoffs: NDArray[np.float64]
    trigram_logs: NDArray[np.float64]


def prune(counts: Counts, estimates: Estimates, *, bigrams: int, trigrams: int) -> Pruned:
    """Keep at most `trigrams` trigrams, both bigrams of each, and other bigrams up to `bigrams`.

    N-grams are ranked by the relative entropy between the models with and without each of them
    (Stolcke 1998, section 3), with the frequency of their contexts in training.
    """
    left = counts.bigrams >> np.uint32(16)
    right = counts.bigrams & np.uint32(0xFFFF)
    left_counts = np.bincount(left, counts.bigram_counts, len(estimates.unigram))
    loss = _loss(
        counts.bigram_counts,
        estimates.context,
        estimates.trigram,
        estimates.bigram[estimates.lower],
    )
    keep3 = _largest(loss, trigrams)
    loss = _loss(left_counts, left, estimates.bigram, estimates.unigram[right])
    # The store trusts a trigram only if it finds both bigrams in it.
    loss[estimates.context[keep3]] = np.inf
    loss[estimates.lower[keep3]] = np.inf
    keep2 = _largest(loss, bigrams)
    return _renormalise(counts, estimates, keep2, keep3)


def _loss(
    context_counts: NDArray[np.number],
    context: NDArray[np.integer],
    probability: NDArray[np.floating],
    lower: NDArray[np.floating],
) -> NDArray[np.float64]:
    left, lower_left = _left(context, probability, lower, len(context_counts))
    left, lower_left = left[context], lower_left[context]
    backoff = np.log(left / lower_left)
    new_backoff = np.log((left + probability) / (lower_left + lower))
    change = probability * (np.log(lower) + new_backoff - np.log(probability))
    change += left * (new_backoff - backoff)
    loss: NDArray[np.float64] = -change * context_counts[context]  # counts may be unsigned
    return loss


def _left(
    context: NDArray[np.integer],
    probability: NDArray[np.floating],
    lower: NDArray[np.floating],
    contexts: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What the n-grams of each context leave of the probability and of the lower order's."""
    left = 1 - np.bincount(context, probability, contexts)
    lower_left = 1 - np.bincount(context, lower, contexts)
    return np.maximum(left, _LEAST), np.maximum(lower_left, _LEAST)


def _largest(loss: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Indexes of the `count` largest, ascending; ties go to the lower index."""
    forced = np.count_nonzero(np.isinf(loss))
    order = np.argsort(-loss, kind="stable")[: max(count, forced)]
    return np.sort(order)


def _renormalise(
    counts: Counts, estimates: Estimates, keep2: NDArray[np.int64], keep3: NDArray[np.int64]
) -> Pruned:
    bigrams = counts.bigrams[keep2]
    left, right = bigrams >> np.uint32(16), bigrams & np.uint32(0xFFFF)
    unigram_backoff = np.ones(len(estimates.unigram))
    bigram = estimates.bigram[keep2]
    rest, lower_rest = _left(left, bigram, estimates.unigram[right], len(unigram_backoff))
    unigram_backoff = rest / lower_rest
    # P(c | b) of the model as pruned: what each kept trigram is to be compared with.
    kept_bigram = unigram_backoff[counts.bigrams >> np.uint32(16)]
    kept_bigram = kept_bigram * estimates.unigram[counts.bigrams & np.uint32(0xFFFF)]
    kept_bigram[keep2] = bigram
    context = np.searchsorted(keep2, estimates.context[keep3])
    trigram = estimates.trigram[keep3].astype(np.float64)
    rest, lower_rest = _left(context, trigram, kept_bigram[estimates.lower[keep3]], len(keep2))
    with np.errstate(divide="ignore"):  # log P(<s>) is minus infinity
        unigram_logs = np.log(estimates.unigram)
    return Pruned(
        bigrams,
        counts.trigrams[keep3],
        unigram_logs,
        np.log(unigram_backoff),
        np.log(bigram),
        np.log(rest / lower_rest),
        np.log(trigram),
    )
