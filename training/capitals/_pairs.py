"""Counts how news writes words beside others: the table of `restore.lattice._case_table`."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore.lattice._case_table import (
    FINGERPRINT_BITS,
    LEFT,
    OVER,
    OVER_THESE,
    RATE,
    RIGHT,
    VALUE_BITS,
    codes_of,
    hashed,
    keys,
)  # fmt: skip
from training.capitals._count import read_line
from training.ngram._fuse_build import build_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from restore.lattice._fuse import FuseShape

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

UNKNOWN = 0  # id of what is not counted
FEWEST = 3  # occurrences of a word
FEWEST_PAIRED, PLAIN = 10, 0.003  # of a word with pairs, and how rarely it may be written otherwise
FEWEST_PAIRS, PRIOR = 3, 3.0  # occurrences of a pair; the word's own share counts as so many
GAIN = 5.0  # nats that a pair has to tell
_CAPITAL, _INSIDE, _NEAR = 1, 2, 4


class Running(NamedTuple):
    """Running words, lines divided by `UNKNOWN`.

    Attributes:
        ids: of each, (N,).
        capital: whether it has one, (N,).
        inside: whether it goes on a sentence of a line that is no title, (N,).
        near: whether one space stands before it, (N,).
    """

    ids: Ints
    capital: Flags
    inside: Flags
    near: Flags


def read_words(texts: Iterable[str], vocabulary: Mapping[str, int]) -> Running:
    """Number the words of texts.

    Args:
        texts: clean news.
        vocabulary: ids of words in small letters; none is `UNKNOWN`.
    """
    ids, flags = array("i"), array("b")
    for text in texts:
        for line in text.splitlines():
            for word, inside, gap in read_line(line):
                ids.append(vocabulary.get(word.lower(), UNKNOWN))
                near = gap == " "
                flags.append(_CAPITAL * word[0].isupper() | _INSIDE * inside | _NEAR * near)
            ids.append(UNKNOWN)
            flags.append(0)
    told = np.frombuffer(flags, np.int8)
    bits = ((told & bit) > 0 for bit in (_CAPITAL, _INSIDE, _NEAR))
    return Running(np.frombuffer(ids, np.int32).astype(np.int64), *bits)


def build_odds(running: Running, words: list[str]) -> tuple[NDArray[np.uint8], FuseShape, int]:
    """Return the cells and the shape of the table, and how many odds it holds.

    Args:
        running: the words of the corpora.
        words: of each id.
    """
    size = len(words)
    inside = np.bincount(running.ids[running.inside], minlength=size)
    capital = np.bincount(running.ids[running.inside & running.capital], minlength=size)
    share = (capital + 0.5) / (inside + 1)
    common = np.flatnonzero((inside >= FEWEST) & (np.arange(size) != UNKNOWN))
    codes = hashed(words)
    every, values = [keys(RATE, codes[common])], [codes_of(_logit(share[common]))]
    varies = (inside >= FEWEST_PAIRED) & (share > PLAIN) & (share < 1 - PLAIN)
    for kind, at, other in _neighbours(running, varies, words):
        first, second, logs = _pairs(running, at, other, share)
        every.append(keys(kind, codes[first], codes[second]))
        values.append(codes_of(logs))
    unique, index = np.unique(np.concatenate(every), return_index=True)
    cells, shape = build_table(
        unique, np.concatenate(values)[index],
        fingerprint_bits=FINGERPRINT_BITS, value_bits=VALUE_BITS,
    )  # fmt: skip
    return cells, shape, len(unique)


def _neighbours(
    running: Running, varies: Flags, words: list[str]
) -> Iterator[tuple[int, Flags, Ints]]:
    """Yield each kind of pair, where there are such, and the other word."""
    ids, near = running.ids, running.near
    left, right, over = np.roll(ids, 1), np.roll(ids, -1), np.roll(ids, 2)
    these = np.array([word in OVER_THESE for word in words], bool)
    wanted = running.inside & varies[ids]
    yield LEFT, wanted & near & (left != UNKNOWN), left
    yield RIGHT, wanted & np.roll(near, -1) & (right != UNKNOWN), right
    yield OVER, wanted & near & np.roll(near, 1) & these[left] & (over != UNKNOWN), over


def _pairs(
    running: Running, at: Flags, other: Ints, share: NDArray[np.float64]
) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """Return the words and neighbours that tell enough, and what these add to the log odds."""
    both = running.ids[at] * len(share) + other[at]
    pair, index, number = np.unique(both, return_inverse=True, return_counts=True)
    capital = np.bincount(index, running.capital[at], len(pair))
    usual = share[pair // len(share)]
    there = (capital + PRIOR * usual) / (number + PRIOR)
    gain = number * (
        there * np.log(there / usual) + (1 - there) * np.log((1 - there) / (1 - usual))
    )
    kept = (number >= FEWEST_PAIRS) & (gain > GAIN)
    logs = _logit(there[kept]) - _logit(usual[kept])
    return pair[kept] // len(share), pair[kept] % len(share), logs


def _logit(share: NDArray[np.float64]) -> NDArray[np.float64]:
    logs: NDArray[np.float64] = np.log(share / (1 - share))
    return logs
