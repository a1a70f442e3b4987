"""Vocabulary and n-gram counts, as sorted arrays of packed ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from restore.lattice._ngram import (
    SENTENCE_END,
    SENTENCE_START,
    SPECIAL_WORDS,
    UNKNOWN,
    normalise,
)
from training.ngram._encode import SENTENCE_END as STREAM_END

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

_Key = TypeVar("_Key", np.uint32, np.uint64)
MAX_VOCABULARY = 1 << 16  # an id takes 16 bits of an n-gram's key


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a model and how streams are turned into them.

    Attributes:
        words: the word of each id, the special words first, then by descending frequency.
        ids: int32, the id of each stream id.
        unknown_types: how many different words `<unk>` stands for in training.
        counts: float64[V], how often each word comes; `<s>` never does.
    """

    words: list[str]
    ids: NDArray[np.int32]
    unknown_types: int
    counts: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Counts:
    """Distinct n-grams in key order and how often they were seen.

    Keys put the first word highest: `a << 32 | b << 16 | c` (uint64), `a << 16 | b` (uint32).
    """

    trigrams: NDArray[np.uint64]
    trigram_counts: NDArray[np.uint32]
    bigrams: NDArray[np.uint32]
    bigram_counts: NDArray[np.uint32]


def choose_vocabulary(
    forms: Sequence[str], streams: Iterable[NDArray[np.int32]], size: int
) -> Vocabulary:
    """Take the `size` most frequent words of `streams` (ties by spelling).

    Raises:
        ValueError: `size` does not fit 16-bit ids.
    """
    if not len(SPECIAL_WORDS) < size <= MAX_VOCABULARY:
        message = f"vocabulary of {size}: choose {len(SPECIAL_WORDS) + 1} to {MAX_VOCABULARY}"
        raise ValueError(message)
    seen = np.sum([np.bincount(s, minlength=len(forms) + 1) for s in streams], axis=0)
    counts: dict[str, int] = {}
    normalised = [normalise(form) for form in forms]
    for word, count in zip(normalised, seen[1:].tolist(), strict=True):
        counts[word] = counts.get(word, 0) + count
    ranked = sorted(
        (word for word in counts if counts[word] and word not in SPECIAL_WORDS),
        key=lambda word: (-counts[word], word),
    )
    words = [*SPECIAL_WORDS, *ranked[: size - len(SPECIAL_WORDS)]]
    index = {word: i for i, word in enumerate(words)}
    ids = np.array([SENTENCE_END, *(index.get(word, UNKNOWN) for word in normalised)], np.int32)
    unknown = max(len(ranked) + len(SPECIAL_WORDS) - len(words), 1)
    return Vocabulary(words, ids, unknown, tally(ids, seen, len(words)))


def tally(
    groups: NDArray[np.integer], amounts: NDArray[np.number], size: int
) -> NDArray[np.float64]:
    """The sum of the amounts of each group: float64[size]."""
    return np.bincount(groups, amounts, size).astype(np.float64, copy=False)


def to_sequence(stream: NDArray[np.int32], vocabulary: Vocabulary) -> NDArray[np.uint16]:
    """Ids of a stream with `<s>` and `</s>` around every sentence."""
    if not len(stream):
        return np.zeros(0, np.uint16)
    ends = stream == STREAM_END
    sequence = np.repeat(vocabulary.ids[stream].astype(np.uint16), 1 + ends)
    after_end = np.flatnonzero(ends) + np.arange(1, np.count_nonzero(ends) + 1)
    sequence[after_end] = SENTENCE_START
    return np.concatenate([[np.uint16(SENTENCE_START)], sequence[:-1]])


def count_ngrams(sequences: Sequence[NDArray[np.uint16]]) -> Counts:
    """Count bigrams and trigrams that lie within a sentence."""
    trigrams, trigram_counts = _distinct(np.concatenate([_trigrams(s) for s in sequences]))
    return Counts(trigrams, trigram_counts, *count_bigrams(sequences))


def count_bigrams(
    sequences: Sequence[NDArray[np.uint16]],
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Distinct bigrams that lie within a sentence, and their counts."""
    return _distinct(np.concatenate([_bigrams(s) for s in sequences]))


def _bigrams(sequence: NDArray[np.uint16]) -> NDArray[np.uint32]:
    keys: NDArray[np.uint32] = sequence[:-1].astype(np.uint32) << np.uint32(16)
    keys |= sequence[1:]
    inside: NDArray[np.bool_] = sequence[1:] != SENTENCE_START
    return np.compress(inside, keys)


def _trigrams(sequence: NDArray[np.uint16]) -> NDArray[np.uint64]:
    first, middle, last = (sequence[i : len(sequence) - 2 + i] for i in range(3))
    inside = (middle != SENTENCE_START) & (last != SENTENCE_START)
    keys: NDArray[np.uint64] = first[inside].astype(np.uint64) << np.uint64(32)
    keys |= middle[inside].astype(np.uint64) << np.uint64(16)
    keys |= last[inside]
    return keys


def _distinct(keys: NDArray[_Key]) -> tuple[NDArray[_Key], NDArray[np.uint32]]:
    keys.sort()
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])[: len(keys)])
    counts = np.diff(np.append(starts, len(keys))).astype(np.uint32)
    return keys[starts], counts
