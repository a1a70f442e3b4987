"""Measures a model on documents that it was not trained on: perplexity, cloze, false positives."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from restore.lattice._ngram import NUMBER, SENTENCE_END, SENTENCE_START, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from restore.lattice._ngram import NgramModel

CANDIDATES = 12  # of a cloze question, the true word among them
_SEED = 20231
_QUESTIONS = 40_000
_NEAR = 0.7  # how far the logarithm of a near word's rank may be from the true word's
_TURNS = 25  # how many words are put into each context
_SPEED_PAIRS = 1_000_000


def perplexity(model: NgramModel, sequence: NDArray[np.uint16]) -> dict[str, float]:
    """Perplexity over known words and sentence ends, and the share of unknown words.

    Args:
        model: the model.
        sequence: ids with `<s>` and `</s>` around every sentence.
    """
    logs = np.concatenate([_first_words(model, sequence), _later_words(model, sequence)], axis=1)
    known = logs[1] != UNKNOWN
    return {
        "perplexity": float(np.exp(-logs[0][known].mean())),
        "unknown": float(1 - known.mean()),
        "words": logs.shape[1],
    }


def _first_words(model: NgramModel, sequence: NDArray[np.uint16]) -> NDArray[np.float64]:
    starts = np.flatnonzero(sequence[:-1] == SENTENCE_START)
    words = sequence[starts + 1]
    return np.stack([model.bigram(sequence[starts], words).astype(np.float64), words])


def _later_words(model: NgramModel, sequence: NDArray[np.uint16]) -> NDArray[np.float64]:
    first, middle, last = sequence[:-2], sequence[1:-1], sequence[2:]
    inside = (middle != SENTENCE_START) & (last != SENTENCE_START)
    logs = model.trigram(first[inside], middle[inside], last[inside])
    return np.stack([logs.astype(np.float64), last[inside]])


def windows(sequence: NDArray[np.uint16], questions: int = _QUESTIONS) -> NDArray[np.int32]:
    """Draw known words with two neighbours on either side: int32[questions, 5], word in column 2.

    The outermost neighbours may be the sentence's marks; punctuation and numbers are drawn too if
    they are ordinary words to the model.
    """
    all_windows = np.lib.stride_tricks.sliding_window_view(sequence, 5)
    within = (all_windows[:, 1:] != SENTENCE_START).all(axis=1)
    within &= (all_windows[:, :-1] != SENTENCE_END).all(axis=1)
    places = np.flatnonzero(within & (all_windows[:, 2] > NUMBER))
    rng = np.random.default_rng(_SEED)
    drawn = rng.choice(places, min(questions, len(places)), replace=False)
    asked: NDArray[np.int32] = all_windows[np.sort(drawn)].astype(np.int32)
    return asked


def near_candidates(asked: NDArray[np.int32], vocabulary_size: int) -> NDArray[np.int32]:
    """The true word and 11 of similar frequency: int32[questions, 12], the true word first."""
    rng = np.random.default_rng(_SEED)
    truth = asked[:, 2]
    # Ids go by rank after the special words; a frequent word's neighbours are the frequent words.
    rank = np.maximum(truth - NUMBER, 20)[:, None]
    shift = rng.uniform(-_NEAR, _NEAR, (len(asked), CANDIDATES - 1))
    others = np.clip(rank * np.exp(shift), 1, vocabulary_size - 1 - NUMBER)
    return np.column_stack([truth, others.astype(np.int32) + NUMBER])


def following_candidates(
    asked: NDArray[np.int32], bigrams: NDArray[np.uint32], bigram_counts: NDArray[np.uint32]
) -> NDArray[np.int32]:
    """The true word and 11 that follow its left neighbour in training, by their frequency there.

    Harder than `near_candidates`: all of them fit the word before. int32[questions, 12], the true
    word first; a word may come twice.
    """
    rng = np.random.default_rng(_SEED)
    mass = np.concatenate([[0], np.cumsum(bigram_counts, dtype=np.int64)])
    left = asked[:, 1].astype(np.uint32)
    start = mass[np.searchsorted(bigrams, left << np.uint32(16))]
    end = mass[np.searchsorted(bigrams, left << np.uint32(16) | np.uint32(0xFFFF), "right")]
    drawn = rng.random((len(asked), CANDIDATES - 1)) * (end - start)[:, None] + start[:, None]
    place = np.clip(np.searchsorted(mass, drawn, "right") - 1, 0, len(bigrams) - 1)
    others = (bigrams[place] & np.uint32(0xFFFF)).astype(np.int32)
    return np.column_stack([asked[:, 2], others])


def cloze(
    model: NgramModel, asked: NDArray[np.int32], candidates: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """Whether the true word has the highest sum of the three trigrams that cover it.

    A tie with another word counts as a miss.
    """
    first, second, _, fourth, fifth = (asked[:, i, None] for i in range(5))
    score = model.trigram(first, second, candidates)
    score = score + model.trigram(second, candidates, fourth)
    score += model.trigram(candidates, fourth, fifth)
    score[candidates == UNKNOWN] = -np.inf
    others = np.where(candidates[:, 1:] == candidates[:, :1], -np.inf, score[:, 1:])
    correct: NDArray[np.bool_] = score[:, 0] > others.max(axis=1)
    return correct


def false_positives(
    model: NgramModel, asked: NDArray[np.int32], trigrams: NDArray[np.uint64]
) -> float:
    """Share of absent trigrams that the store takes for kept ones.

    Args:
        model: the model.
        asked: windows of running text, whose words are put into each other's contexts.
        trigrams: sorted keys of the trigrams that were kept.
    """
    words = np.random.default_rng(_SEED).permutation(asked[:, 2])
    grid = np.stack([np.roll(words, turn) for turn in range(_TURNS)])
    first, second = asked[:, 0], asked[:, 1]
    key = first.astype(np.uint64) << np.uint64(32) | second.astype(np.uint64) << np.uint64(16)
    key = key | grid.astype(np.uint64)
    place = np.minimum(np.searchsorted(trigrams, key), len(trigrams) - 1)
    absent = trigrams[place] != key
    order = model.trigram(first, second, grid, return_order=True)[1]
    return float((order[absent] == 3).mean())


def speed(model: NgramModel) -> dict[str, float]:
    """Look-ups a second of processor time, on a million random n-grams of frequent words."""
    rng = np.random.default_rng(_SEED)
    share = np.exp(model.unigram.astype(np.float64))
    share[: NUMBER + 1] = 0
    words = rng.choice(len(share), (3, _SPEED_PAIRS), p=share / share.sum()).astype(np.int32)
    return {
        "bigrams": _rate(lambda: model.bigram(*words[:2])),
        "trigrams": _rate(lambda: model.trigram(*words)),
    }


def _rate(look_up: Callable[[], Any]) -> float:
    look_up()
    start = time.process_time()
    for _ in range(3):
        look_up()
    return 3 * _SPEED_PAIRS / (time.process_time() - start)
