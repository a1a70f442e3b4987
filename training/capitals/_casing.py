"""Fits what decides about capitals in spun texts (`restore.lattice._casing`) on garbled news."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from restore import InputError
from restore._capitals import fit_case
from restore._document import Document
from restore.lattice._case_features import FEATURES, describe
from restore.lattice._case_table import CaseTable, save_casing
from restore.lattice._casing import Casing
from restore.lattice._fuse import FuseTable
from training.capitals._pairs import build_odds
from training.fast._examples import excerpt
from training.fast._fit import Size, fit_scorer, opposed_block
from training.fast._run import FIT_PART, MEASURE_PART, drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from corpora.garbler import Garbled
    from restore import Edit
    from training.capitals._pairs import Running

# Most habits of capitals are those of random spinners.
DIALECTS = ("A", "C", "E", *["random"] * 6)
SEEDS, MEASURE_SEED = (901, 903, 905), 902
SIZE = Size(hidden=(32, 16), epochs=12, positions=1024)


def build_casing(  # noqa: PLR0913 - all that it takes, named at the call
    running: Running,
    words: list[str],
    corpora: Path,
    out: Path,
    *,
    documents: tuple[int, int],
    log: Callable[[str], None],
) -> None:
    """Build the table, fit the scorer, measure both on other documents, and write them.

    Args:
        running: the words of the corpora, those that measure left out.
        words: of each id.
        corpora: folder of Parquet corpora.
        out: the file to write.
        documents: how many to fit on (garbled with three seeds) and to measure.
        log: told what is being done, and the figures.

    Raises:
        InputError: the documents have no place to fit on.
    """
    cells, shape, count = build_odds(running, words)
    log(f"{count:,} odds, {len(cells):,} bytes")
    table = CaseTable(FuseTable(cells, shape))
    fitted = [_places(table, corpora, FIT_PART, documents[0], seed) for seed in SEEDS]
    about, capital = (np.concatenate(part) for part in zip(*fitted, strict=True))
    if not len(about):
        message = f"{documents[0]} documents of {corpora} hold no replaced word: use more"
        raise InputError(message)
    scorer = fit_scorer(opposed_block(about, capital), size=SIZE, log=log)
    casing = Casing(table, scorer)
    log(measured(casing, *_places(table, corpora, MEASURE_PART, documents[1], MEASURE_SEED)))
    save_casing(out, cells, shape, scorer, FEATURES)


def measured(casing: Casing, about: NDArray[np.float32], capital: NDArray[np.bool_]) -> str:
    """Say how many places would be wrong, and were."""
    before = about[:, FEATURES.index("as_it_is")] > 0
    after = casing.shares(about) > 1 / 2
    counts = [int((found != capital).sum()) for found in (before, after)]
    broken = int(((before == capital) & (after != capital)).sum())
    return f"wrong in {len(capital):,} places: {counts[0]} before, {counts[1]} now ({broken} new)"


def _places(
    table: CaseTable, corpora: Path, part: tuple[int, int], documents: int, seed: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Describe the replaced words of garbled documents; had they a capital?"""
    every = [np.zeros((0, len(FEATURES)), np.float32)]
    capital: list[bool] = []
    for garbled in _garbled(corpora, part, documents, seed):
        about, gold = _of(table, garbled)
        every.append(about)
        capital += gold
    return np.concatenate(every), np.array(capital, bool)


def _garbled(corpora: Path, part: tuple[int, int], documents: int, seed: int) -> Iterator[Garbled]:
    from training.seq2seq._stream import garble

    for number, (name, text) in enumerate(drawn(corpora, part, documents)):
        yield garble(DIALECTS[number % len(DIALECTS)], seed, excerpt(text, name)[1], name)


def _of(table: CaseTable, garbled: Garbled) -> tuple[NDArray[np.float32], list[bool]]:
    document = Document.parse(garbled.text)
    originals = sorted(garbled.edits, key=lambda edit: edit.start)
    originals = [edit for edit in originals if edit.after.strip()]
    undone = [_as_found(garbled.text, edit) for edit in originals]
    about, numbers = describe(table, document, undone)
    return about, [originals[number].after[:1].isupper() for number in numbers]


def _as_found(text: str, edit: Edit) -> Edit:
    """Return an edit as a decoder proposes it: without the original's capitals."""
    after = fit_case(text, edit.start, edit.end, edit.after.lower())
    return replace(edit, after=after, source="full:synonym")
