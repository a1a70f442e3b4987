"""Overlap with test sets: runs of words that a training text shares with one that we score on."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from corpora._errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from corpora._record import Record
    from corpora._registry import Corpus

_WORD = re.compile(r"\w+")

# 13-word runs as in Brown et al. (2020), appendix C; test texts too short for one are looked for by
# their 8-word runs. Shorter texts than that (isolated words, phrases) cannot be told from language.
_LONG, _SHORT = 13, 8
# A text that loses more than this share of its words is dropped whole.
_MAX_LOST = 0.5
_WORDS_CACHED = 400_000

# Mixes 64-bit word hashes into run hashes: an odd multiplier keeps every bit in play.
_MULTIPLIER = 0x9E3779B97F4A7C15


class _Hasher:
    """Hashes of all runs of n words of a text, by a rolling polynomial over 64-bit word hashes."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}

    def runs(self, text: str, length: int) -> Any:  # noqa: ANN401 - numpy is imported late
        """Return an array of (words - length + 1) hashes, empty for shorter texts."""
        import numpy as np

        words = [self._hash(word) for word in _WORD.findall(text.casefold())]
        count = len(words) - length + 1
        if count < 1:
            return np.empty(0, np.uint64)
        values = np.array(words, np.uint64)
        total = np.zeros(count, np.uint64)
        for offset in range(length):
            total = total * np.uint64(_MULTIPLIER) + values[offset : offset + count]
        return total

    def _hash(self, word: str) -> int:
        found = self._words.get(word)
        if found is None:
            if len(self._words) >= _WORDS_CACHED:
                self._words.clear()
            digest = blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
            found = self._words[word] = int.from_bytes(digest, "big")
        return found


class Decontamination:
    """Drops paragraphs that share a run of words with a test set; whole texts that lose most.

    Attributes:
        hits: paragraphs dropped, by test set.
        covered: test texts that are looked for, by test set.
        too_short: test texts of fewer than 8 words, which cannot be looked for, by test set.
        unavailable: test sets whose files were not there.
    """

    def __init__(self) -> None:
        self.hits: Counter[str] = Counter()
        self.covered: Counter[str] = Counter()
        self.too_short: Counter[str] = Counter()
        self.unavailable: list[str] = []
        self._hasher = _Hasher()
        self._names: list[str] = []
        self._pending: dict[int, list[tuple[Any, int]]] = {_LONG: [], _SHORT: []}
        self._index: dict[int, tuple[Any, Any]] = {}

    @classmethod
    def against(cls, tests: Sequence[Corpus], root: Path | str | None) -> Decontamination:
        """Make the step for the test sets whose files are there; the others are listed."""
        step = cls()
        for corpus in tests:
            if is_there(corpus, root):
                step.add(corpus.name, corpus.read(root))
            else:
                step.unavailable.append(corpus.name)
        return step

    def add(self, name: str, records: Iterable[Record]) -> None:
        """Look for the texts of a test set, garbled side and reference, from now on."""
        number = len(self._names)
        self._names.append(name)
        for record in records:
            lengths = [self._add_text(text, number) for text in {record.source, record.reference}]
            self.covered[name] += any(lengths)
            self.too_short[name] += not any(lengths)
        self._index.clear()

    def _add_text(self, text: str | None, number: int) -> bool:
        for length in (_LONG, _SHORT):
            runs = self._hasher.runs(text or "", length)
            if len(runs):
                self._pending[length].append((runs, number))
                return True
        return False

    def __call__(self, text: str) -> str | None:
        """Return the text without paragraphs that overlap with a test set, or None."""
        paragraphs = text.split("\n")
        found = [self._overlap(paragraph) for paragraph in paragraphs]
        if not any(found):
            return text
        self.hits.update(name for name in found if name)
        kept = [part for part, name in zip(paragraphs, found, strict=True) if not name]
        left = sum(len(part.split()) for part in kept)
        return "\n".join(kept) if left >= (1 - _MAX_LOST) * len(text.split()) else None

    def _overlap(self, paragraph: str) -> str | None:
        import numpy as np

        for length in (_LONG, _SHORT):
            keys, owners = self._sorted(length)
            runs = self._hasher.runs(paragraph, length)
            if not len(keys) or not len(runs):
                continue
            at = np.searchsorted(keys, runs).clip(max=len(keys) - 1)
            hit = np.flatnonzero(keys[at] == runs)
            if len(hit):
                return self._names[int(owners[at[hit[0]]])]
        return None

    def _sorted(self, length: int) -> tuple[Any, Any]:
        if length not in self._index:
            import numpy as np

            chunks = self._pending[length]
            keys = np.concatenate([np.empty(0, np.uint64), *(runs for runs, _ in chunks)])
            owners = np.repeat([number for _, number in chunks], [len(runs) for runs, _ in chunks])
            keys, first = np.unique(keys, return_index=True)
            self._index[length] = (keys, owners[first])
        return self._index[length]

    def report(self) -> dict[str, Any]:
        """Return what was looked for, as plain data; hits are paragraphs of this run."""
        return {
            "covered": dict(sorted(self.covered.items())),
            "too_short": {k: n for k, n in sorted(self.too_short.items()) if n},
            "unavailable": sorted(self.unavailable),
        }


def joint_report(steps: Iterable[Decontamination]) -> dict[str, Any]:
    """Return what several steps looked for, each test set once."""
    every = [step.report() for step in steps]
    covered, short = ({k: n for one in every for k, n in one[part].items()}
                      for part in ("covered", "too_short"))  # fmt: skip
    return {
        "covered": dict(sorted(covered.items())),
        "too_short": dict(sorted(short.items())),
        "unavailable": sorted({name for one in every for name in one["unavailable"]}),
    }


def is_there(corpus: Corpus, root: Path | str | None) -> bool:
    """Say whether all files of a corpus are there."""
    try:
        return all(path.exists() for path in corpus.paths(root).values())
    except CorpusError:
        return False
