"""Reads WordNet's `data.*` and `index.sense` files and writes the compact table."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corpora.wordnet._relation import PARTS_OF_SPEECH, POINTERS

if TYPE_CHECKING:
    from pathlib import Path

_FILES = {"n": "data.noun", "v": "data.verb", "a": "data.adj", "r": "data.adv"}
_SENSE_TYPES = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
_MARKER = re.compile(r"\((?:a|p|ip)\)$")  # syntactic position of adjectives: not spelling


class _Synset(NamedTuple):
    """One line of a data file; pointers are (symbol, offset, part of speech, from, to)."""

    pos: str
    offset: int
    words: list[str]
    pointers: list[tuple[str, int, str, int, int]]


def _read_synset(line: str, pos: str) -> _Synset:
    """Parse a data line (format: wndb(5WN)); `from` and `to` are word numbers, 0 for the synset."""
    fields = line.split("|", 1)[0].split()
    count = int(fields[3], 16)
    words = [_MARKER.sub("", word).replace("_", " ") for word in fields[4 : 4 + 2 * count : 2]]
    at = 4 + 2 * count
    pointers = []
    for i in range(at + 1, at + 1 + 4 * int(fields[at]), 4):
        symbol, offset, target_pos, ends = fields[i : i + 4]
        target_pos = "a" if target_pos == "s" else target_pos
        source, target = divmod(int(ends, 16), 256)
        pointers.append((symbol, int(offset), target_pos, source, target))
    return _Synset(pos, int(fields[0]), words, pointers)


def _read_synsets(folder: Path) -> list[_Synset]:
    synsets = []
    for pos in PARTS_OF_SPEECH:
        with (folder / _FILES[pos]).open(encoding="utf-8") as lines:
            synsets += [_read_synset(line, pos) for line in lines if not line.startswith("  ")]
    return synsets


def _read_ranks(folder: Path) -> dict[tuple[str, str, int], tuple[int, int]]:
    """Map (lemma, part of speech, offset) to (sense rank from 0, times tagged in SemCor)."""
    ranks = {}
    with (folder / "index.sense").open(encoding="utf-8") as lines:
        for line in lines:
            key, offset, number, tagged = line.split()
            lemma, sense = key.split("%", 1)
            pos = _SENSE_TYPES[sense[0]]
            ranks[lemma.replace("_", " "), pos, int(offset)] = (int(number) - 1, int(tagged))
    return ranks


def _senses(
    synsets: list[_Synset], ranks: dict[tuple[str, str, int], tuple[int, int]]
) -> tuple[list[str], dict[str, np.ndarray]]:
    """Number spellings in sorted order and lay senses out synset after synset."""
    spellings = sorted({word for synset in synsets for word in synset.words},
                       key=lambda word: (word.lower(), word))  # fmt: skip
    number = {word: i for i, word in enumerate(spellings)}
    flat = [(number[word], i) for i, synset in enumerate(synsets) for word in synset.words]
    found = [
        ranks.get((word.lower(), synset.pos, synset.offset), (99, 0))
        for synset in synsets
        for word in synset.words
    ]
    return spellings, {
        "sense_spelling": np.array([spelling for spelling, _ in flat], np.int32),
        "sense_synset": np.array([synset for _, synset in flat], np.int32),
        "sense_rank": np.minimum([rank for rank, _ in found], 255).astype(np.uint8),
        "sense_tagged": np.minimum([tagged for _, tagged in found], 65535).astype(np.uint16),
        "synset_pos": np.array([PARTS_OF_SPEECH.index(s.pos) for s in synsets], np.uint8),
    }


def _pointers(synsets: list[_Synset]) -> dict[str, np.ndarray]:
    """Collect synset-to-synset links and, apart from them, sense-to-sense (lexical) links."""
    place = {(synset.pos, synset.offset): i for i, synset in enumerate(synsets)}
    first = np.cumsum([0] + [len(synset.words) for synset in synsets]).tolist()
    semantic, lexical = set(), set()
    for i, synset in enumerate(synsets):
        for symbol, offset, pos, source, target in synset.pointers:
            relation = POINTERS.get(symbol)
            if relation is None:
                continue
            j = place[pos, offset]
            if source and target:
                lexical.add((first[i] + source - 1, first[j] + target - 1, int(relation)))
            else:
                semantic.add((i, j, int(relation)))
    return {
        "semantic": np.array(sorted(semantic), np.int32),
        "lexical": np.array(sorted(lexical), np.int32),
    }


def compile_wordnet(folder: Path, out: Path) -> None:
    """Compile WordNet's own files into the table that `WordNet.load` reads.

    The same files always give the same bytes.

    Args:
        folder: WordNet's `dict` folder (`data.noun` ... `index.sense`).
        out: the `.npz` file to write; it appears whole or not at all.

    Raises:
        FileNotFoundError: a WordNet file is missing from `folder`.
    """
    synsets = _read_synsets(folder)
    spellings, arrays = _senses(synsets, _read_ranks(folder))
    arrays |= _pointers(synsets)
    arrays["spellings"] = np.frombuffer("\n".join(spellings).encode(), np.uint8)
    part = out.with_name(f"{out.name}.part.npz")
    np.savez_compressed(part, allow_pickle=False, **arrays)
    os.replace(part, out)  # noqa: PTH105 - the atomic rename is the point
