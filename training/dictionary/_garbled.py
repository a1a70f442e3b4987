"""Pairs of text garbled from clean news by random dialects: what the prior is fitted on."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING

from corpora.garbler import Garbler
from restore.dictionary import normalise_form
from restore.formats import write_whole
from training.dictionary._honest import documents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SEED = 20_240
LEAST = 6
_CORPORA = ("allsides_2012_2020", "rss_snippets_2023", "congress_press_2001_2025")
# Function words are the closed-class table's business, and observed keys must stay unseen.
_SKIPPED = frozenset(("observed", "arbitrary", "stray", "debris"))


def sample_texts(folder: Path, number: int) -> Iterator[tuple[str, str]]:
    """Yield (id, text) of the first `number` documents of each of three corpora."""
    for name in _CORPORA:
        texts = itertools.islice(documents(folder / f"{name}.parquet"), number)
        yield from ((f"{name}/{i}", text) for i, text in enumerate(texts))


def garbled_pairs(
    texts: Iterable[tuple[str, str]], known: set[tuple[str, str]]
) -> Counter[tuple[str, str]]:
    """Count single-word pairs (form, original) in texts garbled by one random dialect each.

    Args:
        texts: (id, clean text); the id and a fixed seed decide what becomes of it.
        known: pairs that are left out, so that what was observed stays unseen by the prior.
    """
    garbler = Garbler("random", seed=SEED, reserved="exclude")
    counts: Counter[tuple[str, str]] = Counter()
    for doc_id, text in texts:
        for edit in garbler.garble(text, doc_id).edits:
            pair = normalise_form(edit.before), edit.after.lower()
            if " " in "".join(pair) or not all(pair) or pair in known:
                continue
            if edit.source.rsplit(":", 1)[-1] not in _SKIPPED and pair[0] != pair[1]:
                counts[pair] += 1
    return counts


def write_garbled(counts: Counter[tuple[str, str]], path: Path) -> None:
    """Write pairs seen at least `LEAST` times as a sorted table."""
    lines = [
        "# Pairs of clean news garbled by random dialects: figures, no running text.",
        "# garbled<TAB>original<TAB>number, sorted.",
    ]
    kept = sorted(pair for pair, number in counts.items() if number >= LEAST)
    lines += [f"{form}\t{original}\t{counts[form, original]}" for form, original in kept]
    write_whole(path, ("\n".join(lines) + "\n").encode())
