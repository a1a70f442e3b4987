"""Fits what the document's key is judged by (`restore.seq2seq._key.Weights`) on garbled news."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from restore._document import Document
from restore.seq2seq._encode import encode
from restore.seq2seq._key import WORDS, Weights
from training.fast._examples import excerpt
from training.ngram._encode import unread_percent
from training.seq2seq._closing import kept_back
from training.seq2seq._stream import garble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from corpora.garbler import Garbled
    from restore.seq2seq import Seq2SeqDecoder

DIALECTS = ("A", "C", "E", *["random"] * 4)
SEED = 55
MOST = 6  # occurrences of a form beyond which it counts no more
PENALTY = 1e-4  # of squared weights
Evidenced = tuple["NDArray[np.float64]", "NDArray[np.float64]", int, float]


class Fitted(NamedTuple):
    """The weights, and what they are worth on every second document when fitted on the others.

    Attributes:
        weights: fitted on all documents.
        forms: how many forms may stand for a function word.
        loss: mean negative log likelihood of what they stand for, by occurrences.
        right: share of the forms that stand for one whose word is the likeliest.
        false: share of the others that are likeliest to stand for one.
    """

    weights: Weights
    forms: int
    loss: float
    right: float
    false: float


def fit_keys(decoder: Seq2SeqDecoder, corpora: Path, documents: int) -> Fitted:
    """Fit the weights of a network's solver.

    Args:
        decoder: runs the network.
        corpora: folder of Parquet corpora; used are documents that the n-gram model has not read,
            that do not measure, and where possible that the network has not read.
        documents: how many of them.

    Raises:
        ValueError: none of them holds a form that may stand for a function word.
    """
    pool = kept_back(corpora, documents, unread_percent(decoder.reader.lexicon.model))
    parts: tuple[list[Evidenced], list[Evidenced]] = ([], [])
    for number, (name, text) in enumerate(pool):
        parts[number % 2].extend(_evidence(decoder, name, text))
    if not all(parts):
        message = f"{documents} documents hold too few forms for a key: use more"
        raise ValueError(message)
    loss, right, false = _measured(parts[1], _fit(parts[0]))
    return Fitted(_fit(parts[0] + parts[1]), len(parts[0] + parts[1]), loss, right, false)


def _evidence(decoder: Seq2SeqDecoder, name: str, text: str) -> Iterator[Evidenced]:
    """Yield what is said of each form at the first reading, what it is, and its weight.

    What it is: the number of a function word, or how many there are for anything else.
    """
    lot = random.Random(f"key {name}")
    _, short = excerpt(text, name)
    garbled = garble(lot.choice(DIALECTS), SEED, short, name)
    document, solver = Document.parse(garbled.text), decoder.solver
    if not document.sentences:
        return
    block = encode(document, document.sentences, decoder.reader, {}, whole=False)
    evidence = solver.evidence(block, list(decoder.begin(block)))
    gold = _originals(garbled)
    numbers = {word: number for number, word in enumerate(solver.words)}
    for form, (about, rest) in zip(evidence.forms, solver.describe(evidence), strict=True):
        weight = float(min(MOST, evidence.counts[form]))
        yield about, rest, numbers.get(gold.get(form, ""), len(numbers)), weight


def _originals(garbled: Garbled) -> dict[str, str]:
    """Return what each form of a text mostly stands for, in small letters."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for edit in garbled.edits:
        found[edit.before.lower()][edit.after.lower()] += 1
    return {form: words.most_common(1)[0][0] for form, words in found.items()}


def _fit(examples: list[Evidenced]) -> Weights:
    """Maximise the likelihood of what the forms stand for."""
    import torch
    from torch.nn import functional as F  # noqa: N812 - torch's own custom

    about, rest, gold, weight = _stacked(examples)
    weights = torch.zeros(len(Weights._fields), dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights], max_iter=300, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        scores = torch.cat([about @ weights[:WORDS], (rest @ weights[WORDS:])[:, None]], 1)
        losses = F.cross_entropy(scores, gold, reduction="none")
        loss = (losses * weight).sum() / weight.sum() + PENALTY * (weights**2).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(closure)
    return Weights(*(round(value, 3) for value in weights.tolist()))


def _stacked(examples: list[Evidenced]) -> Iterator[Any]:
    import torch

    return (torch.from_numpy(np.stack(column)) for column in zip(*examples, strict=True))


def _measured(examples: list[Evidenced], weights: Weights) -> tuple[float, float, float]:
    words, other = np.array(weights[:WORDS]), np.array(weights[WORDS:])
    losses, sizes = [], []
    counts: Counter[tuple[bool, bool]] = Counter()
    for about, rest, gold, weight in examples:
        scores = np.append(about @ words, rest @ other)
        losses.append(weight * float(np.logaddexp.reduce(scores) - scores[gold]))
        sizes.append(weight)
        counts[gold < len(about), bool(scores.argmax() == gold)] += 1
    right = counts[True, True] / max(1, counts[True, True] + counts[True, False])
    false = counts[False, False] / max(1, counts[False, True] + counts[False, False])
    return sum(losses) / sum(sizes), right, false
