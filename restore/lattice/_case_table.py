"""How news writes words: small or with a capital, by themselves and beside other words.

Log odds of a capital inside sentences, counted by `restore train casing`; a word's neighbours tell
what it is part of: `secretary of state`, `South Carolina` (compare Lita et al. 2003, tRuEcasIng).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from restore._container import DATA, read_container, write_container
from restore._errors import ModelError
from restore.lattice._fuse import FuseShape, FuseTable
from restore.lattice._scorer import check_features, pack_scorer, unpack_scorer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from restore.lattice._scorer import Scorer

SHIPPED = DATA / "casing.bin"
FORMAT, VERSION = "restore-casing", 1
RATE, LEFT, RIGHT, OVER = KINDS = range(4)  # of a word; and more, after one, before one, after two
OVER_THESE = frozenset({"of", "for", "and", "the", "on"})  # words between two that belong together
FINGERPRINT_BITS, VALUE_BITS = 12, 6
STEP = 0.2  # of log odds
ZERO = 1 << (VALUE_BITS - 1)  # code of even odds
SCORER = "scorer."  # what its arrays begin with
_KIND = 0x9E3779B97F4A7C15  # odd: keys of different kinds do not meet
_HALF = np.uint64(32)


@dataclass(frozen=True, slots=True)
class CaseTable:
    """Log odds of capitals.

    Attributes:
        odds: their codes.
    """

    odds: FuseTable

    def logs(
        self, kind: int, words: NDArray[np.uint64], others: NDArray[np.uint64] | int = 0
    ) -> NDArray[np.float32]:
        """Return log odds of a capital of words (`RATE`), or what their neighbours add to them.

        Args:
            kind: one of `KINDS`.
            words: see `hashed`, (N,).
            others: the neighbours, (N,).

        Returns:
            Shape (N,), 0 for what is not known.
        """
        codes = self.odds.codes(keys(kind, words, others))
        logs = (codes.astype(np.float32) - ZERO) * np.float32(STEP)
        return np.where(codes < self.odds.missing, logs, np.float32(0))

    def beside(
        self,
        codes: NDArray[np.uint64],
        near: NDArray[np.bool_],
        at: NDArray[np.int64],
        these: NDArray[np.bool_],
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Return what the word before, the word behind and the one before `these` add, each (N,).

        Args:
            codes: of a text's words, (T,).
            near: whether one space stands before each, (T,).
            at: the words asked about, (N,).
            these: before which of them one of `OVER_THESE` stands, (N,).
        """
        left, right = np.maximum(at - 1, 0), np.minimum(at + 1, len(codes) - 1)
        words, before = codes[at], near[at]
        return (
            self.logs(LEFT, words, codes[left]) * before,
            self.logs(RIGHT, words, codes[right]) * (near[right] & (right > at)),
            self.logs(OVER, words, codes[np.maximum(at - 2, 0)])
            * (these & before & near[left] & (at > 1)),
        )


def hashed(words: Iterable[str]) -> NDArray[np.uint64]:
    """Return numbers that stand for words in small letters, whatever code points they have."""
    return np.array([crc32(word.encode(errors="surrogatepass")) for word in words], np.uint64)


def keys(
    kind: int, words: NDArray[np.uint64], others: NDArray[np.uint64] | int = 0
) -> NDArray[np.uint64]:
    """Return the table's keys of pairs of hashed words."""
    both: NDArray[np.uint64] = words << _HALF | np.asarray(others, np.uint64)
    mixed: NDArray[np.uint64] = both ^ np.uint64(kind * _KIND & (1 << 64) - 1)
    return mixed


def codes_of(logs: NDArray[np.floating]) -> NDArray[np.uint32]:
    """Return the codes of log odds, those that are out of range cut off.

    >>> codes_of(np.array([0.0, 1.0, -99.0])).tolist()
    [32, 37, 0]
    """
    codes: NDArray[np.uint32] = np.clip(np.round(logs / STEP) + ZERO, 0, 2 * ZERO - 1).astype(
        np.uint32
    )
    return codes


def save_casing(
    path: Path,
    cells: NDArray[np.uint8],
    shape: FuseShape,
    scorer: Scorer,
    features: Sequence[str],
) -> str:
    """Write a table; return the content's SHA-256."""
    header = {"features": list(features), "odds": asdict(shape)}
    return write_container(
        path, FORMAT, VERSION, header, {"cells": cells} | pack_scorer(scorer, SCORER)
    )


def load_casing(features: Sequence[str], path: Path = SHIPPED) -> tuple[CaseTable, Scorer]:
    """Read a table, by default the shipped one, and the scorer that weighs it with a text's own.

    Args:
        features: that its scorer has to be fitted for.
        path: the file.

    Raises:
        ModelError: the file is missing, damaged, or was fitted for other features.
    """
    header, arrays = read_container(path, FORMAT, VERSION, ModelError)
    check_features(path, header, list(features))
    try:
        table = FuseTable(arrays["cells"], FuseShape(**header["odds"]))
        return CaseTable(table), unpack_scorer(arrays, SCORER)
    except (KeyError, TypeError, ValueError) as error:
        message = f"cannot use {path} ({error}): install it or build it again"
        raise ModelError(message) from error
