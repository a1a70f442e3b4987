"""Reads the garbler's own word tables from `data/`: comments and blank lines are skipped."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "data"


def rows(name: str) -> list[list[str]]:
    """Read a tab-separated table of `data/` as lists of cells.

    >>> rows("irregular_nouns.tsv")[0]
    ['man', 'men']
    """
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@cache
def closed_class() -> frozenset[str]:
    """The function words, lower case.

    >>> "the" in closed_class(), "house" in closed_class()
    (True, False)
    """
    return frozenset(word for row in rows("closed_class.txt") for word in row[0].split())


@cache
def arbitrary_words() -> dict[str, tuple[str, ...]]:
    """Kind (`element`, `place`, `spanish` ...) to words that may stand for a function word."""
    return {kind: tuple(words.split()) for kind, words in rows("arbitrary.tsv")}


@cache
def observed_keys() -> dict[str, dict[str, tuple[str, ...]]]:
    """Dialect name to its observed closed-class key: original to replacements, commonest first.

    >>> observed_keys()["A"]["the"]
    ('nan',)
    """
    keys: dict[str, dict[str, tuple[str, ...]]] = {}
    for dialect, original, replacement in rows("observed_keys.tsv"):
        key = keys.setdefault(dialect, {})
        key[original] = (*key.get(original, ()), replacement)
    return keys


@cache
def observed_pairs() -> frozenset[tuple[str, str]]:
    """Every (original, replacement) of every observed key: public facts, so never held out."""
    return frozenset(
        (original, replacement)
        for key in observed_keys().values()
        for original, replacements in key.items()
        for replacement in replacements
    )
