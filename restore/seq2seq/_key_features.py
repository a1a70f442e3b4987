"""What speaks for a form standing for a function word, laid out for the scorer that judges it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore._container import DATA
from restore.lattice._weights import load_scorers
from restore.seq2seq._evidence import AGREE, over
from restore.seq2seq._listener import CANDIDATES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from restore.lattice._scorer import Scorer
    from restore.seq2seq._evidence import Evidence, Tally

    Floats = NDArray[np.float64]

SHIPPED = DATA / "keys.bin"
LEAST_AMISS = 0.02  # words missing
SAID = ("written", "suits", "gap")
WORD = (
    *SAID, *(f"{name}_under_best" for name in SAID), "mass", "each", "usual", "deficit", "amiss",
    "present", "excess",
)  # fmt: skip
FORM = ("other", "filled", "kept", "often", "lacking", *(f"{name}_best" for name in SAID))
KEY_NAMES = (*WORD, *FORM)
WORDS, ANYTHING = 0, 1  # relation codes


class Rows(NamedTuple):
    """What each form may stand for: words, and last anything else.

    Attributes:
        features: shape (R, len(KEY_NAMES)).
        relation: `WORDS` or `ANYTHING`, (R,).
        word: number of the word; of anything else how many there are, (R,).
        starts: first row of each form, and the end, (forms + 1,).
    """

    features: NDArray[np.float32]
    relation: NDArray[np.int32]
    word: NDArray[np.int64]
    starts: NDArray[np.int64]


def describe(evidence: Evidence, forms: Sequence[str], usual: Floats, words: Sequence[str]) -> Rows:
    """Lay out what speaks for the likeliest words of each form.

    Args:
        evidence: what has been said.
        forms: of it, one at least.
        usual: usual log frequency of each function word, (F,).
        words: these words.
    """
    expected = np.exp(usual) * evidence.counts.total()
    counts = np.array([evidence.counts[word] for word in words], np.float64)
    absence = _absence(counts, expected)
    missing = np.maximum(expected - counts, 0).sum() / expected.sum()
    parts, found = [], []
    for form in forms:
        tally = evidence.forms[form]
        best = np.argsort(-(tally.written + tally.gap[:-1]), kind="stable")[:CANDIDATES]
        about = _of_words(tally, usual, expected, absence)[best]
        kept = evidence.counts[form] - tally.count
        parts.append(_with_form(about, tally, kept, np.log(max(missing, LEAST_AMISS))))
        found.append(np.append(best, len(usual)))
    lengths = [len(part) for part in parts]
    word = np.concatenate(found)
    relation = np.where(word < len(usual), WORDS, ANYTHING).astype(np.int32)
    return Rows(np.concatenate(parts, dtype=np.float32), relation, word, np.cumsum([0, *lengths]))


def _of_words(tally: Tally, usual: Floats, expected: Floats, absence: list[Floats]) -> Floats:
    """Return what speaks for each word, (F, len(WORD))."""
    each = tally.count ** (AGREE - 1)
    said = [each * part for part in (tally.written, tally.suits, tally.gap[:-1])]
    under = [part - part.max() for part in said]
    mass = tally.mass / tally.count
    every = each * tally.count * usual
    return np.stack(
        [*said, *under, mass, every, usual, *absence, over(tally.count, expected)], axis=1
    )


def _with_form(about: Floats, tally: Tally, kept: int, lacking: float) -> Floats:
    """Put beside each word, and beside anything else, what is known of the form."""
    each = tally.count ** (AGREE - 1)
    known = [each * tally.other, each * tally.gap[-1], np.log1p(kept), np.log(tally.count), lacking]
    known += about[:, : len(SAID)].max(axis=0).tolist()
    rows = np.concatenate([about, np.zeros((1, about.shape[1]))])
    return np.concatenate([rows, np.tile(known, (len(rows), 1))], axis=1)


def _absence(counts: Floats, expected: Floats) -> list[Floats]:
    """Return what speaks for each word being replaced in a text."""
    amiss = np.log(np.maximum(expected - counts, LEAST_AMISS))
    return [over(counts, expected), amiss, (counts > 0).astype(np.float64)]


def load_judge(path: Path = SHIPPED) -> Scorer:
    """Read what judges keys, by default the shipped one.

    Raises:
        ModelError: the file is missing, damaged, or was fitted for other features.
    """
    return load_scorers(path, {"key": KEY_NAMES})["key"]
