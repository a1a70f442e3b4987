"""Lays a user's rows over compiled tables: new rows at the end, old rows left where they are."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from restore.dictionary._relation import Relation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from restore.dictionary._container import Tables
    from restore.dictionary._user import UserRow

# Probability that a form listed by the user stands for one of the user's originals, or for the only
# one, which is obeyed.
USER_SHARE, USER_ORDER = 0.98, 0.9999


def overlay_tables(tables: Tables, rows: Sequence[UserRow]) -> Tables:
    """Return new tables; the arguments stay as they are."""
    if not rows:
        return tables
    grouped: dict[str, dict[str, float]] = {}
    for row in rows:
        weights = grouped.setdefault(row.form, {})
        weights[row.original] = weights.get(row.original, 0.0) + row.weight
    originals = list(tables.originals)
    number = {original: i for i, original in enumerate(originals)}
    for weights in grouped.values():
        for original in weights:
            if original not in number:
                number[original] = len(originals)
                originals.append(original)
    blocks = [_block(tables, form, weights, number) for form, weights in grouped.items()]
    counts = [len(block[0]) for block in blocks]
    offsets = np.concatenate([tables.offsets, tables.offsets[-1] + np.cumsum(counts)])
    single = [len(weights) == 1 for weights in grouped.values()]
    return replace(
        tables,
        forms=tables.forms.extended(grouped),
        originals=originals,
        offsets=offsets.astype(np.int32),
        candidates=np.concatenate([tables.candidates, *(block[0] for block in blocks)]),
        log_priors=np.concatenate([tables.log_priors, *(block[1] for block in blocks)]),
        relations=np.concatenate([tables.relations, *(block[2] for block in blocks)]),
        observed=np.concatenate([tables.observed, *(block[3] for block in blocks)]),
        deterministic=np.concatenate([tables.deterministic, np.array(single, np.bool_)]),
        content_hash=_hash(tables.content_hash, rows),
    )


def _block(
    tables: Tables, form: str, weights: dict[str, float], number: dict[str, int]
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.uint8], NDArray[np.bool_]]:
    """One form's candidates: the user's by weight, then the old ones with what is left."""
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    own = np.array([number[original] for original, _ in ranked], np.int32)
    share = np.array([weight for _, weight in ranked]) / sum(weights.values())
    row = tables.forms.get(form)
    span = slice(0, 0) if row < 0 else slice(int(tables.offsets[row]), int(tables.offsets[row + 1]))
    kept = ~np.isin(tables.candidates[span], own)
    old_log = tables.log_priors[span][kept].astype(np.float64)
    own_share = USER_SHARE if len(weights) > 1 else USER_ORDER
    own_log = np.log(share * (own_share if kept.any() else 1.0))
    if kept.any():
        old_log += np.log(1 - own_share) - np.log(np.exp(old_log).sum())
        old_log = np.minimum(old_log, own_log.min())  # the user's rows come first
    user = np.full(len(own), Relation.USER, np.uint8)
    return (
        np.concatenate([own, tables.candidates[span][kept]]),
        np.concatenate([own_log, old_log]).astype(np.float32),
        np.concatenate([user, tables.relations[span][kept]]),
        np.concatenate([np.zeros(len(own), np.bool_), tables.observed[span][kept]]),
    )


def _hash(before: str, rows: Sequence[UserRow]) -> str:
    digest = hashlib.sha256(before.encode())
    for row in rows:
        digest.update(f"{row.form}\t{row.original}\t{row.weight}\n".encode())
    return digest.hexdigest()
