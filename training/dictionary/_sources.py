"""The source tables: reviewed by people, kept in `tables/`, read here."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

TABLES = Path(__file__).parent / "tables"


class Observed(NamedTuple):
    """A pair seen in spun text of one dialect; `uses` is how often the form stands there."""

    garbled: str
    original: str
    dialect: str
    uses: int


def read_rows(path: Path, width: int) -> list[list[str]]:
    """Read a tab-separated table with `#` comments.

    Raises:
        ValueError: a row has another number of columns; names the file and the line.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line and not line.startswith("#"):
            fields = line.split("\t")
            if len(fields) != width:
                message = f"{path}:{number}: expected {width} columns, found {len(fields)}"
                raise ValueError(message)
            rows.append(fields)
    return rows


def read_closed_class(folder: Path = TABLES) -> list[tuple[str, str]]:
    """Pairs (garbled, original) of function words and their like."""
    return [(row[0], row[1]) for row in read_rows(folder / "closed_class.tsv", 2)]


def read_observed(folder: Path = TABLES) -> list[Observed]:
    """Pairs seen in spun text."""
    rows = read_rows(folder / "observed.tsv", 4)
    return [Observed(row[0], row[1], row[2], int(row[3])) for row in rows]


def read_tortured(folder: Path = TABLES) -> list[tuple[str, str]]:
    """Pairs (tortured phrase, established term)."""
    return [(row[0], row[1]) for row in read_rows(folder / "tortured.tsv", 2)]


def read_garbled(folder: Path = TABLES) -> list[tuple[tuple[str, str], int]]:
    """Pairs (garbled, original) of garbled clean news, with their number."""
    rows = read_rows(folder / "garbled_pairs.tsv", 3)
    return [((row[0], row[1]), int(row[2])) for row in rows]


def aligned_words(phrases: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Count word pairs of phrases that differ word by word: same length, same places."""
    counts: dict[tuple[str, str], int] = {}
    for garbled, original in phrases:
        left, right = garbled.split(), original.split()
        if len(left) == len(right):
            for pair in zip(left, right, strict=True):
                if pair[0] != pair[1]:
                    counts[pair] = counts.get(pair, 0) + 1
    return counts
