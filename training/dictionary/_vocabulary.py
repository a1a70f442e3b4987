"""The originals: the most frequent English words and those of news, with their frequencies."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SIZE = 45_000
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_SHORT = frozenset(
    {
        *("a", "i", "ad", "ah", "am", "an", "as", "at", "be", "by", "do", "dr", "ed", "eh", "ex"),
        *("ft", "go", "ha", "he", "hi", "ho", "id", "if", "in", "is", "it", "la", "me", "mr", "ms"),
        *("mt", "my", "no", "of", "oh", "ok", "on", "or", "ox", "pa", "pi", "pm", "re", "so", "st"),
        *("to", "tv", "uk", "un", "up", "us", "vs", "we"),
    }
)


def zipf(words: Sequence[str]) -> NDArray[np.float32]:
    """Return wordfreq's Zipf frequency of each word or phrase: log10 of uses per billion words."""
    from wordfreq import zipf_frequency

    return np.array([zipf_frequency(word, "en") for word in words], np.float32)


class Vocabulary:
    """The words that may have been garbled, most frequent first.

    Attributes:
        words: lower-case originals.
        zipf: their Zipf frequencies.
    """

    def __init__(self, words: list[str], frequencies: NDArray[np.float32]) -> None:
        self.words = words
        self.zipf = frequencies

    @cached_property
    def index(self) -> dict[str, int]:
        """Word to its number."""
        return {word: i for i, word in enumerate(self.words)}

    @classmethod
    def of_news(cls, size: int = SIZE) -> Vocabulary:
        """Take the `size` most frequent English words, and others that news uses.

        `wordfreq` knows all kinds of English, but no hyphens; the words of the n-gram model are
        those of news (`well-being`, `cosponsors`).
        """
        from restore.lattice import NgramModel

        frequent = _frequent(size)
        news = (word for word in NgramModel.load().vocabulary if _is_wanted(word))
        words = list(dict.fromkeys([*frequent, *news]))
        return cls(words, zipf(words))


def _frequent(size: int) -> list[str]:
    from wordfreq import top_n_list

    return [word for word in top_n_list("en", 2 * size) if _is_wanted(word)][:size]


def _is_wanted(word: str) -> bool:
    return bool(_WORD.fullmatch(word)) and (len(word) > 2 or word in _SHORT)
