"""Which forms may be undone without a look at the context.

A form is deterministic when it is practically never honest English and has one plain reading:

- it is rare: in clean news at most `MAX_RATE` uses a million words in lower case and at most
  `MAX_RATE_CAPITAL` with a capital; in English at large (wordfreq, times the share of lower case
  among its uses in news, since wordfreq counts names and programs too) at most `MAX_RATE_AT_LARGE`;
  phrases are not seen in clean news at all, and are not WordNet's;
- its first candidate has at least `DOMINANT` of the probability, and is one of the `FREQUENT` most
  frequent words of news (phrases: anything): a rare word that stands for a frequent one is the
  mark of a spinner, a rare word that stands for another is a matter of style;
- it is known from spun text or from the hand-made tables: a rare word that only WordNet links to
  something is more often a rare word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from restore.dictionary import Relation, normalise_form
from training.dictionary._vocabulary import zipf

if TYPE_CHECKING:
    from training.dictionary._assemble import Draft
    from training.dictionary._build import Inputs

MAX_RATE = 0.2
MAX_RATE_CAPITAL = 1.0
MAX_RATE_AT_LARGE = 0.6
DOMINANT = 0.6
FREQUENT = 600
_MILLION = 1_000_000


def deterministic_forms(draft: Draft, inputs: Inputs) -> set[str]:
    """Choose among the forms of the observed, closed-class and tortured tables."""
    listed = {normalise_form(garbled) for garbled, _ in inputs.closed_class}
    listed |= {normalise_form(pair.garbled) for pair in inputs.observed}
    listed |= {normalise_form(garbled) for garbled, _ in inputs.tortured if " " in garbled}
    forms = sorted(form for form in listed if form in draft.rows)
    frequent = set(inputs.honest.most_frequent(FREQUENT))
    common = dict(zip(forms, zipf(forms).tolist(), strict=True))
    return {
        form
        for form in forms
        if _is_dominant(draft, form, frequent) and _is_rare(form, common[form], inputs)
    }


def _is_dominant(draft: Draft, form: str, frequent: set[str]) -> bool:
    best, row = max(draft.rows[form].items(), key=lambda item: item[1].prior)
    if " " in form:
        return row.prior >= DOMINANT and row.relation in (Relation.PHRASE, Relation.OBSERVED)
    return row.prior >= DOMINANT and best in frequent


def _is_rare(form: str, zipf_frequency: float, inputs: Inputs) -> bool:
    honest = inputs.honest.get(form)
    if " " in form:
        return honest.lower + honest.capital == 0
    per_million = _MILLION / inputs.honest.words_read
    if honest.lower * per_million > MAX_RATE or honest.capital * per_million > MAX_RATE_CAPITAL:
        return False
    share = (honest.lower + 0.5) / (honest.lower + honest.capital + 0.5)
    return 10 ** (zipf_frequency - 3) * share <= MAX_RATE_AT_LARGE
