"""Fillers that a spinner puts between a verb and what follows: ``is simply a`` for ``is a``.

Each of them is honest English at times. One spinner uses one filler, at some or all of the places
where it could stand. So the places of a text are counted, with it and without it, and a spinner
(beta-binomial) is weighed against news, where such words are rare there.
"""

from __future__ import annotations

from collections import Counter
from math import exp, lgamma, log
from typing import TYPE_CHECKING

import numpy as np

from restore._edits import Edit
from restore._sources import FILLER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from restore._document import Document
    from restore.seq2seq._choice import Choice

SOURCE = f"full:{FILLER}"
VERBS = frozenset({"is", "are", "was", "were", "be", "isn't", "isn\u2019t"})
AFTER = frozenset({"a", "an", "the", "not", "one"})
# How often news has each between these, among 33,000 such places.
HONEST = {
    "just": 0.0108, "simply": 0.002, "actually": 0.0017, "really": 0.0015, "truly": 0.0011,
    "basically": 0.0003,
}  # fmt: skip
SPINNERS = 0.1  # share of spinners that put fillers in
ALWAYS = 0.5  # share of these that do at all places
NEARLY = 0.97  # ... which means so many
SIMPLY = 0.6  # of these use this one, the rest any of the others
LEAST = 0.5  # confidence worth proposing


def drop_fillers(
    document: Document, sentences: Sequence[tuple[int, int]], choices: Iterable[Choice]
) -> Iterator[Edit]:
    """Yield the edits that delete a spinner's fillers, in order.

    Args:
        document: a spun text.
        sentences: first and end token of those looked at.
        choices: what their words are read as.
    """
    read = {c.start: c.readings[0].text.lower() for c in choices if not c.keeps}
    places = list(_places(document, sentences, read))
    counts = Counter(filler for _, filler in places)
    shares = {f: confidence(f, counts[f], len(places)) for f in counts if f}
    for token, filler in places:
        if filler and shares[filler] >= LEAST:
            start, end = document.starts[token], document.starts[token + 1]
            yield Edit(start, end, document.text[start:end], "", SOURCE, shares[filler])


def confidence(filler: str, used: int, places: int) -> float:
    """Return the probability that a spinner put in a filler that `used` of `places` have.

    >>> confidence("simply", 3, 3) > 0.99, confidence("just", 1, 12) < 0.1
    (True, True)
    """
    without = places - used
    share = SIMPLY if filler == "simply" else (1 - SIMPLY) / (len(HONEST) - 1)
    sometimes = lgamma(used + 1) + lgamma(without + 1) - lgamma(places + 2)
    always = used * log(NEARLY) + without * log(1 - NEARLY)
    spun = np.logaddexp(log(ALWAYS) + always, log(1 - ALWAYS) + sometimes)
    honest = used * log(HONEST[filler]) + without * log(1 - HONEST[filler])
    odds = log(SPINNERS * share) + float(spun) - honest
    return round(exp(min(odds, 0)) / (1 + exp(-abs(odds))), 4)


def _places(
    document: Document, sentences: Sequence[tuple[int, int]], read: Mapping[int, str]
) -> Iterator[tuple[int, str]]:
    """Yield where a filler could stand: the token after the verb, and the filler if it is one."""

    def word(at: int) -> str:
        return read.get(document.starts[at], document.tokens[at].lower())

    for first, end in sentences:
        for at in range(first, end - 2):
            if word(at) not in VERBS:
                continue
            token = document.tokens[at + 1]
            if token in HONEST and word(at + 2) in AFTER and document.gap(at + 1) == " ":
                yield at + 1, token
            elif word(at + 1) in AFTER:
                yield at + 1, ""
