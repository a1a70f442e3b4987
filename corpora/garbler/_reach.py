"""Which observed pairs the garbler can produce, by which way, and which the dictionary returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpora._errors import CorpusError
from corpora._files import read_lines
from corpora.garbler._lexicon import STEPS, WALKS
from corpora.garbler._tables import closed_class, observed_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corpora.garbler._lexicon import Lexicon
    from restore.dictionary import Dictionary

_COLUMNS = ("garbled", "original", "dialect")
OFFERED = 24  # candidates of the inverse dictionary that count


@dataclass(frozen=True, slots=True)
class ObservedPair:
    """A word or phrase and what a real spinner made of it."""

    garbled: str
    original: str
    dialect: str

    @property
    def is_single(self) -> bool:
        """One word became one word."""
        return " " not in self.garbled and " " not in self.original


def read_pairs(path: Path) -> list[ObservedPair]:
    """Read a table with the columns `garbled`, `original` and `dialect` (more are ignored).

    Raises:
        CorpusError: the table is missing, or lacks a column.
    """
    lines = list(read_lines(path))
    header = lines[0].split("\t") if lines else []
    if not set(_COLUMNS) <= set(header):
        message = f"{path}: needs the columns {', '.join(_COLUMNS)}, has {', '.join(header)}"
        raise CorpusError(message)
    places = [header.index(column) for column in _COLUMNS]
    cells = (line.split("\t") for line in lines[1:] if line.strip())
    return [ObservedPair(*(row[place] for place in places)) for row in cells]


def way(lexicon: Lexicon, original: str, garbled: str) -> str:
    """Name the shortest way from a word to its replacement: a relation, a walk, `moby`, or ''.

    Endings are put aside on both sides; the observed keys are not looked at.
    """
    target = garbled.lower()
    goals = {target, *_base(lexicon, target)}
    if target in _base(lexicon, original.lower()):
        return "synonym"  # its own base form, which is a member of the synset
    starts = [original.lower(), *_base(lexicon, original.lower())]
    for start in starts:
        pools = lexicon.pools(start)
        for relation in STEPS:
            if goals & {item.lower() for item in pools.get(relation, ())}:
                return relation
    for start in starts:
        for walk in WALKS:
            if goals & _walked(lexicon, start, walk):
                return walk
    return "moby" if any(goals & set(lexicon.moby(start)) for start in starts) else ""


def _base(lexicon: Lexicon, form: str) -> list[str]:
    """Base forms of `form` other than itself."""
    found = lexicon.stripped(form)
    return [found.lemma] if found is not None and found.lemma != form else []


def _walked(lexicon: Lexicon, start: str, walk: str) -> set[str]:
    reached: set[str] = {start}
    for step in WALKS[walk]:
        reached = set().union(*(lexicon.one_step(lemma, step) for lemma in reached))
    return reached - {start}


def is_arbitrary(lexicon: Lexicon, pair: ObservedPair) -> bool:
    """A function word whose replacement has no way to it: nothing to be reached by a relation."""
    return pair.original.lower() in closed_class() and not way(lexicon, pair.original, pair.garbled)


def in_key(pair: ObservedPair) -> bool:
    """Whether one of the garbler's own observed keys holds the pair."""
    return (pair.original.lower(), pair.garbled) in observed_pairs()


def offered(dictionary: Dictionary, pair: ObservedPair) -> bool:
    """Whether the dictionary has the original among its first candidates for the garbled form."""
    entry = dictionary.lookup(pair.garbled.lower())
    originals = [c.original.lower() for c in entry.candidates[:OFFERED]] if entry else []
    return pair.original.lower() in originals


def ways(lexicon: Lexicon, pairs: Sequence[ObservedPair]) -> dict[str, int]:
    """Count pairs by the way to them, commonest first; '' is none."""
    counts: dict[str, int] = {}
    for pair in pairs:
        found = way(lexicon, pair.original, pair.garbled)
        counts[found] = counts.get(found, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))
