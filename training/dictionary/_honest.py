"""How often each form stands in clean news: frequencies for the prior, and proof of honesty."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore.dictionary import normalise_form
from restore.formats import write_whole
from training._corpora import articles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

HELD_OUT = 9  # documents whose checksum ends in this digit are never counted
_WORD = re.compile(
    r"'s\b|'(?= )|[^\W\d_]+(?:[-'][^\W\d_]+)*?(?='s\b)|[^\W\d_]+(?:[-'][^\W\d_]+)*|[^\s]"
)
_SOURCES = {  # words to count of each file
    "allsides_2012_2020": 9_000_000,
    "rss_snippets_2023": 4_000_000,
    "congress_press_2001_2025": 1_500_000,
    "whitehouse_releases_2021_2025": 1_000_000,
    "nasa_releases_2023_2024": 450_000,
    "rss_fulltext_2023": 800_000,
}


class Honest(NamedTuple):
    """Uses of a form in clean text: in lower case, and with a capital letter."""

    lower: int
    capital: int


_NEVER = Honest(0, 0)
_HEADER = "# words read: "


@dataclass(slots=True)
class HonestCounts:
    """Counts of forms in clean news.

    Attributes:
        words_read: size of the sample in words.
        counts: form to its uses; forms never seen are absent.
    """

    words_read: int
    counts: dict[str, Honest]

    def get(self, form: str) -> Honest:
        """Uses of a form, none if it was never seen."""
        return self.counts.get(form, _NEVER)

    def log_frequency(self, words: list[str]) -> NDArray[np.float32]:
        """Return log10 of uses per billion words, half a use added to each."""
        uses = np.array([sum(self.get(word)) for word in words]) + 0.5
        return np.log10(uses / self.words_read * 1e9).astype(np.float32)

    def most_frequent(self, size: int) -> list[str]:
        """Return the `size` most frequent forms."""
        return sorted(self.counts, key=lambda form: (-sum(self.counts[form]), form))[:size]


def read_honest(path: Path) -> HonestCounts:
    """Read the table that `write_honest` writes."""
    counts: dict[str, Honest] = {}
    words_read = 1
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(_HEADER):
            words_read = int(line.removeprefix(_HEADER))
        elif not line.startswith("#"):
            form, lower, capital = line.split("\t")
            counts[form] = Honest(int(lower), int(capital))
    return HonestCounts(words_read, counts)


def write_honest(honest: HonestCounts, path: Path) -> None:
    """Write counts as a sorted table."""
    lines = [
        "# How often words and phrases stand in clean news: facts, counted by `count`.",
        f"{_HEADER}{honest.words_read}",
        "# form<TAB>in lower case<TAB>with a capital, sorted.",
    ]
    lines += [f"{form}\t{n.lower}\t{n.capital}" for form, n in sorted(honest.counts.items())]
    write_whole(path, ("\n".join(lines) + "\n").encode())


def documents(path: Path, *, held_out: bool = False) -> Iterator[str]:
    """Yield texts of one Parquet file, counted ones or held-out ones; see `articles`."""
    for name, _, text in articles(path):
        if (zlib.crc32(name.encode()) % 10 == HELD_OUT) == held_out:
            yield text


def tokens(text: str) -> list[str]:
    """Split as `Document` does, near enough for counting; other signs are tokens of their own."""
    return _WORD.findall(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))


def count_forms(
    texts: Iterable[str], forms: Iterable[str], limit: int
) -> tuple[Counter[str], Counter[str], int]:
    """Count forms of one to five words in `texts` until `limit` words are read.

    Returns:
        Lower-case uses, capitalised uses, and the number of words read.
    """
    wanted = set(forms)
    heads = _phrase_heads(wanted)
    lower: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    read = 0
    for text in texts:
        for line in text.split("\n"):
            surface = tokens(line)
            read += len(surface)
            for form, is_lower in _forms_in(surface, wanted, heads):
                (lower if is_lower else capital)[form] += 1
        if read >= limit:
            break
    return lower, capital, read


def _phrase_heads(forms: set[str]) -> dict[str, set[int]]:
    heads: dict[str, set[int]] = {}
    for form in forms:
        if " " in form:
            heads.setdefault(form.split(" ", 1)[0], set()).add(form.count(" ") + 1)
    return heads


def _forms_in(
    surface: list[str], wanted: set[str], heads: dict[str, set[int]]
) -> Iterator[tuple[str, bool]]:
    """Yield every form in a line, overlaps included, and whether it starts in lower case."""
    words = [word.lower() for word in surface]
    for i, word in enumerate(words):
        if word in wanted:
            yield word, surface[i] == word
        for size in heads.get(word, ()):
            phrase = " ".join(words[i : i + size])
            if i + size <= len(words) and phrase in wanted:
                yield phrase, surface[i] == word


def count_corpora(folder: Path, forms: Iterable[str], *, share: float = 1.0) -> HonestCounts:
    """Count forms over `share` of the sample of clean news files in `folder`."""
    wanted = {normalise_form(form) for form in forms}
    lower: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    total = 0
    for name, limit in _SOURCES.items():
        path = folder / f"{name}.parquet"
        low, cap, read = count_forms(documents(path), wanted, int(limit * share))
        lower.update(low)
        capital.update(cap)
        total += read
    found = {
        form: Honest(lower[form], capital[form]) for form in wanted if lower[form] + capital[form]
    }
    return HonestCounts(total, found)
