"""From scored pairs and the source tables to the candidates of each form."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from restore.dictionary import FormIndex, Relation, Tables, normalise_form

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.dictionary._features import Pairs
    from training.dictionary._honest import HonestCounts
    from training.dictionary._sources import Observed

CAP = 64
OBSERVED_SHARE = 0.6  # probability given to originals seen in spun text, the more often the nearer
CLOSED_SHARE = 0.5  # probability given to the function words that the hand-made table lists
ALIGNED_SHARE = 0.3  # the same for word pairs read off tortured phrases, at most
UNLINKED = 0.02  # added to the prior of observed originals, for those that nothing else links
TAIL = 0.0015  # derived candidates below this probability are dropped, but for the first few
KEPT_ANYHOW = 8


@dataclass(slots=True)
class Row:
    """A candidate while the dictionary is being put together."""

    prior: float
    relation: Relation
    observed: bool = False


@dataclass
class Draft:
    """Candidates of every form, by original."""

    rows: dict[str, dict[str, Row]] = field(default_factory=dict)

    def mix(self, form: str, weights: dict[str, float], share: float, relation: Relation,
            *, observed: bool = False) -> None:  # fmt: skip
        """Give `share` of a form's probability to the originals in `weights`, keep the order."""
        here = self.rows.setdefault(form, {})
        if not here:
            share = 1.0
        for row in here.values():
            row.prior *= 1 - share
        total = sum(weights.values())
        for original, weight in weights.items():
            row = here.setdefault(original, Row(0.0, relation))
            row.prior += share * weight / total
            row.observed |= observed
        if observed:
            self._seen_first(form)

    def _seen_first(self, form: str) -> None:
        """Let nothing derived come before what was observed."""
        here = self.rows[form]
        least = min(row.prior for row in here.values() if row.observed)
        for row in here.values():
            if not row.observed and row.prior > least:
                row.prior = least


def derived(pairs: Pairs, scores: NDArray[np.float32], forms: list[str], words: list[str]) -> Draft:
    """Softmax the scores within each form; keep the best and drop the hopeless tail."""
    starts = np.flatnonzero(np.concatenate([[True], np.diff(pairs.form) != 0]))
    counts = np.diff(np.append(starts, len(pairs.form)))
    odds = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), counts))
    share = odds / np.repeat(np.add.reduceat(odds, starts), counts)
    order = np.lexsort((pairs.original, -share, pairs.form))
    rank = np.arange(len(order)) - np.repeat(starts, counts)
    keep = (rank < KEPT_ANYHOW) | ((rank < CAP) & (share[order] >= TAIL))
    order = order[keep]
    draft = Draft()
    columns = (pairs.form, pairs.original, pairs.relation, share)
    for form, original, relation, prior in zip(*(c[order].tolist() for c in columns), strict=True):
        here = draft.rows.setdefault(forms[form], {})
        here[words[original]] = Row(prior, Relation(relation))
    return draft


def add_closed_class(draft: Draft, rows: list[tuple[str, str]], honest: HonestCounts) -> None:
    """Mix in function words, the frequent ones first: nearly half of all running words are such."""
    by_form: dict[str, dict[str, float]] = {}
    for garbled, original in rows:
        frequency = float(honest.log_frequency([original])[0])
        by_form.setdefault(normalise_form(garbled), {})[original] = 10 ** (frequency / 2)
    for form, weights in by_form.items():
        draft.mix(form, weights, CLOSED_SHARE, Relation.CLOSED_CLASS)


def add_aligned(draft: Draft, aligned: dict[tuple[str, str], int]) -> None:
    """Mix in word pairs of tortured phrases, if they recur or are linked otherwise."""
    by_form: dict[str, dict[str, float]] = {}
    for (garbled, original), count in aligned.items():
        if count > 1 or original in draft.rows.get(garbled, {}):
            by_form.setdefault(garbled, {})[original] = math.log2(1 + count)
    for form, weights in by_form.items():
        seen = sum(weights.values())
        draft.mix(form, weights, ALIGNED_SHARE * seen / (1 + seen), Relation.PHRASE)


def add_phrases(draft: Draft, phrases: list[tuple[str, str]]) -> None:
    """Add whole tortured phrases of two or more words."""
    by_form: dict[str, dict[str, float]] = {}
    for garbled, original in phrases:
        if " " in garbled:
            weights = by_form.setdefault(normalise_form(garbled), {})
            weights[original] = weights.get(original, 0.0) + 1.0
    for form, weights in by_form.items():
        draft.mix(form, weights, OBSERVED_SHARE, Relation.PHRASE)


def add_observed(draft: Draft, observed: list[Observed]) -> None:
    """Put pairs seen in spun text before derived ones."""
    by_form: dict[str, dict[str, float]] = {}
    for pair in observed:
        form = normalise_form(pair.garbled)
        weights = by_form.setdefault(form, {})
        # The uses are the form's: what they stood for is shared out as the prior has it.
        row = draft.rows.get(form, {}).get(pair.original)
        likely = UNLINKED + (row.prior if row else 0.0)
        if pair.original != pair.garbled:
            more = math.log2(1 + pair.uses) * likely
            weights[pair.original] = weights.get(pair.original, 0.0) + more
    uses = {normalise_form(pair.garbled): pair.uses for pair in observed}
    for form, weights in by_form.items():
        share = OBSERVED_SHARE * uses[form] / (1 + uses[form])
        draft.mix(form, weights, share, Relation.OBSERVED, observed=True)


def tables(draft: Draft, spelling: dict[str, str], deterministic: set[str], version: str) -> Tables:
    """Lay the draft out as arrays: single words first, candidates best first.

    Args:
        draft: candidates of every form.
        spelling: originals that are written with capitals in mid-sentence.
        deterministic: forms that may be applied without looking at the context.
        version: what the builder says about the dictionary.
    """
    filled = (form for form, here in draft.rows.items() if here)
    forms = sorted(filled, key=lambda form: (" " in form, form))
    ranked = [
        sorted(draft.rows[form].items(), key=lambda item: (-item[1].prior, item[0]))[:CAP]
        for form in forms
    ]
    flat = [item for row in ranked for item in row]
    originals = sorted({original for original, _ in flat})
    number = {original: i for i, original in enumerate(originals)}
    counts = [len(row) for row in ranked]
    prior = np.maximum(np.array([row.prior for _, row in flat], np.float64), 1e-7)
    prior /= np.repeat(np.add.reduceat(prior, np.cumsum([0, *counts[:-1]])), counts)
    return Tables(
        forms=FormIndex(forms),
        originals=[spelling.get(original, original) for original in originals],
        offsets=_offsets(ranked),
        candidates=np.array([number[original] for original, _ in flat], np.int32),
        log_priors=np.log(prior).astype(np.float32),
        relations=np.array([row.relation for _, row in flat], np.uint8),
        observed=np.array([row.observed for _, row in flat], np.bool_),
        deterministic=np.array([form in deterministic for form in forms], np.bool_),
        version=version,
    )


def _offsets(ranked: list[Any]) -> NDArray[np.int32]:
    return np.cumsum([0, *(len(row) for row in ranked)]).astype(np.int32)
