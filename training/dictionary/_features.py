"""Joins the links of each pair into one row of features for the prior."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from restore.dictionary import Relation
from training.dictionary._pairs import BASE_FOR_INFLECTED, INFLECTED_ALIKE, SAME

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.dictionary._pairs import Columns

# Links of one step: presence, the share of the target and the sense ranks all matter.
ONE_STEP = (Relation.SYNONYM, Relation.SIMILAR, Relation.HYPERNYM, Relation.HYPONYM)
PLAIN = (
    Relation.ALSO,
    Relation.DERIVED,
    Relation.PERTAINYM,
    Relation.ANTONYM,
)
FUNCTION_WORDS = 100  # the most frequent originals are nearly all function words
_SUFFIXES = ("ly", "ing", "ed", "s", "er", "est", "tion")
# Which link explains a pair that has several: the first of these.
EXPLAINS = (
    Relation.SYNONYM, Relation.SIMILAR, Relation.HYPERNYM, Relation.PERTAINYM, Relation.DERIVED,
    Relation.HYPONYM, Relation.ALSO, Relation.TWO_STEP, Relation.THESAURUS, Relation.ANTONYM,
)  # fmt: skip


@dataclass(slots=True)
class Pairs:
    """One row a pair (form, original), sorted by form, then by original.

    Attributes:
        form: number in `Forms`, int32[p].
        original: number in the vocabulary, int32[p].
        relation: the link that explains the pair best, uint8[p].
        features: float32[p, len(feature_names())], see `feature_names`.
    """

    form: NDArray[np.int32]
    original: NDArray[np.int32]
    relation: NDArray[np.uint8]
    features: NDArray[np.float32]


def feature_names() -> list[str]:
    """Name the columns of `Pairs.features`."""
    names = []
    for relation in ONE_STEP:
        names += [f"{relation}", f"{relation} share", f"{relation} rank", f"{relation} form rank"]
        names.append(f"{relation} place")
    names += [f"{relation}" for relation in PLAIN]
    names += ["two_step", "two_step share", "thesaurus", "thesaurus inverse", "thesaurus share"]
    names += ["base for inflected only", "inflected alike", "base for base"]
    names += ["frequency", "news frequency", "news frequency above 5", "rarer than form"]
    names += ["function word"]
    return [*names, "kinds of link", "same suffix", "clash of suffix", "shared stem", "contained"]


def join_links(columns: Columns) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sort links by pair; return the order and the start of each pair within it."""
    key = columns.form.astype(np.int64) << 32 | columns.original
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.concatenate([[True], np.diff(key[order]) != 0]))
    return order, starts


def make_pairs(
    columns: Columns,
    forms: list[str],
    words: list[str],
    frequencies: tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]],
) -> Pairs:
    """Compute the features of every pair that any link joins.

    Args:
        columns: all links.
        forms: garbled forms.
        words: originals.
        frequencies: general and news frequency of `words`, general frequency of `forms`; log10 of
            uses per billion words.
    """
    order, starts = join_links(columns)
    columns = columns.where(order)
    form, original = columns.form[starts], columns.original[starts]
    parts: list[NDArray[Any]] = []
    kinds = np.zeros(len(starts), np.float32)
    relation = np.full(len(starts), Relation.OBSERVED, np.uint8)
    present = {link: _any(columns.link == link, starts) for link in EXPLAINS}
    for link in reversed(EXPLAINS):
        relation[present[link]] = link
        kinds += present[link]
    for link in ONE_STEP:
        parts += _one_step(columns, starts, link)
    parts += [present[link] for link in PLAIN]
    parts += _shares(columns, starts, Relation.TWO_STEP)
    here = columns.link == Relation.THESAURUS
    parts += [_any(here & (columns.rank == way), starts) for way in (0, 1)]
    parts += _shares(columns, starts, Relation.THESAURUS)[1:]
    parts += _inflection(columns, starts)
    general, news, of_form = frequencies
    parts += _frequency(general[original], news[original], of_form[form], original)
    parts += [kinds, *_spelling(forms, words, form, original)]
    return Pairs(form, original, relation, np.stack(parts, axis=1).astype(np.float32))


def _any(mask: NDArray[Any], starts: NDArray[Any]) -> NDArray[np.bool_]:
    return np.logical_or.reduceat(mask, starts)


def _least(values: NDArray[Any], mask: NDArray[Any], starts: NDArray[Any]) -> NDArray[np.float32]:
    """Smallest value of the masked links of each pair, 0 where none is masked."""
    large = np.float32(1e6)
    least = np.minimum.reduceat(np.where(mask, values, large).astype(np.float32), starts)
    return np.where(least == large, np.float32(0), least)


def _one_step(columns: Columns, starts: NDArray[Any], link: int) -> list[NDArray[Any]]:
    mask = columns.link == link
    return [
        *_shares(columns, starts, link),
        np.log1p(_least(columns.rank, mask, starts)),
        np.log1p(_least(columns.form_rank, mask, starts)),
        np.log1p(_least(columns.place, mask, starts)),
    ]


def _shares(columns: Columns, starts: NDArray[Any], link: int) -> list[NDArray[Any]]:
    """Presence of a link, and the log of its largest share (0 where absent)."""
    mask = columns.link == link
    return [_any(mask, starts), -_least(-columns.log_share, mask, starts)]


def _inflection(columns: Columns, starts: NDArray[Any]) -> list[NDArray[Any]]:
    alike = _any(columns.inflection == INFLECTED_ALIKE, starts)
    same = _any(columns.inflection == SAME, starts)
    base = _any(columns.inflection == BASE_FOR_INFLECTED, starts)
    return [base & ~same & ~alike, alike, same]


def _frequency(
    zipf: NDArray[np.float32],
    news: NDArray[np.float32],
    form_zipf: NDArray[np.float32],
    original: NDArray[Any],
) -> list[NDArray[Any]]:
    rarer = np.maximum(form_zipf - zipf, 0)
    return [zipf, news, np.maximum(news - 5, 0), rarer, original < FUNCTION_WORDS]


def _spelling(
    forms: list[str], words: list[str], form: NDArray[Any], original: NDArray[Any]
) -> list[NDArray[Any]]:
    """Agreement of endings, which stands for part of speech, and shared letters."""
    form_end = np.array([_suffix(text) for text in forms], np.int8)[form]
    word_end = np.array([_suffix(text) for text in words], np.int8)[original]
    same = (form_end == word_end) & (form_end >= 0)
    clash = (form_end != word_end) & (form_end >= 0) & (word_end >= 0)
    shared = np.empty(len(form), np.float32)
    inside = np.empty(len(form), np.bool_)
    for i, (f, o) in enumerate(zip(form.tolist(), original.tolist(), strict=True)):
        left, right = forms[f], words[o]
        shared[i] = left[:4] == right[:4]
        inside[i] = right in left.split(" ") or (len(right) > 2 and left.startswith(right))
    return [same, clash, shared, inside]


def _suffix(text: str) -> int:
    for i, suffix in enumerate(_SUFFIXES):
        if len(text) > len(suffix) + 2 and text.endswith(suffix):
            return i
    return -1
