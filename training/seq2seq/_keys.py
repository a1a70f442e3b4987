"""Fits what the document's key is judged by (`restore.seq2seq._key.Weights`) on garbled news."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from restore._document import Document
from restore.seq2seq._encode import encode
from restore.seq2seq._key import WORDS, Weights
from training.fast._examples import excerpt
from training.seq2seq._closing import kept_back
from training.seq2seq._logit import fit_logit, log_loss
from training.seq2seq._stream import garble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from corpora.garbler import Garbled
    from restore.seq2seq import Seq2SeqDecoder

    Floats = NDArray[np.float64]

DIALECTS = ("A", "C", "E", *["random"] * 4)
SEED = 55
T = TypeVar("T")
MOST = 6  # occurrences of a form beyond which it counts no more
ARBITRARY = 2.0  # a form that no list explains counts so much: the others are known anyway


class Evidenced(NamedTuple):
    """A form.

    Attributes:
        about: what speaks for each of F words, (F, `WORDS`).
        rest: what speaks for anything else.
        gold: number of the word that it stands for, F for anything else.
        weight: how much it counts.
    """

    about: Floats
    rest: Floats
    gold: int
    weight: float


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
    parts = halves(_evidence, decoder, corpora, documents)
    if not all(parts):
        message = f"{documents} documents hold too few forms for a key: use more"
        raise ValueError(message)
    loss, right, false = _measured(parts[1], _fit(parts[0]))
    return Fitted(_fit(parts[0] + parts[1]), len(parts[0] + parts[1]), loss, right, false)


def halves(
    examine: Callable[[Seq2SeqDecoder, str, str], Iterable[T]],
    decoder: Seq2SeqDecoder,
    corpora: Path,
    documents: int,
) -> tuple[list[T], list[T]]:
    """Return what is found in documents that are kept back: every second one, and the others.

    Args:
        examine: finds it, given the decoder and a document's name and text.
        decoder: tells by its language model what has not been read.
        corpora: folder of Parquet corpora.
        documents: how many of them.
    """
    parts: tuple[list[T], list[T]] = ([], [])
    pool = kept_back(corpora, documents, decoder.reader.lexicon.model)
    for number, (name, text) in enumerate(pool):
        parts[number % 2].extend(examine(decoder, name, text))
    return parts


def _evidence(decoder: Seq2SeqDecoder, name: str, text: str) -> Iterator[Evidenced]:
    """Yield what is said of each form at the first reading, and what it is."""
    garbled = garbled_excerpt(name, text, SEED)
    document, solver = Document.parse(garbled.text), decoder.solver
    if not document.sentences:
        return
    block = encode(document, document.sentences, decoder.reader, {}, whole=False)
    evidence = solver.evidence(block, list(decoder.begin(block)))
    gold = _originals(garbled)
    arbitrary = {e.before.lower() for e in garbled.edits if e.source.endswith("arbitrary")}
    numbers = {word: number for number, word in enumerate(solver.words)}
    for form, (about, rest) in zip(evidence.forms, solver.describe(evidence), strict=True):
        weight = min(MOST, evidence.counts[form]) * (ARBITRARY if form in arbitrary else 1.0)
        yield Evidenced(about, rest, numbers.get(gold.get(form, ""), len(numbers)), weight)


def garbled_excerpt(name: str, text: str, seed: int) -> Garbled:
    """Garble a stretch of a document by a spinner drawn by its name."""
    _, short = excerpt(text, name)
    dialect = random.Random(f"key {name}").choice(DIALECTS)
    return garble(dialect, seed, short, name)


def _originals(garbled: Garbled) -> dict[str, str]:
    """Return what each form of a text mostly stands for, in small letters."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for edit in garbled.edits:
        found[edit.before.lower()][edit.after.lower()] += 1
    return {form: words.most_common(1)[0][0] for form, words in found.items()}


def _fit(examples: list[Evidenced]) -> Weights:
    """Maximise the likelihood of what the forms stand for."""
    return Weights(*fit_logit(*_columns(examples)))


def _columns(examples: list[Evidenced]) -> tuple[list[Floats], list[int], list[float]]:
    """Lay words and anything else side by side, as alternatives with features of both kinds."""
    rest = len(Weights._fields) - WORDS
    about = [
        np.block([[one.about, np.zeros((len(one.about), rest))], [np.zeros(WORDS), one.rest]])
        for one in examples
    ]
    return about, [one.gold for one in examples], [one.weight for one in examples]


def _measured(examples: list[Evidenced], weights: Weights) -> tuple[float, float, float]:
    about, gold, sizes = _columns(examples)
    best = [int((scores @ np.array(weights)).argmax()) for scores in about]
    is_word = [at < len(one.about) for at, one in zip(gold, examples, strict=True)]
    right = [at == found for at, found in zip(gold, best, strict=True)]
    hits = [hit for hit, word in zip(right, is_word, strict=True) if word]
    misses = [not hit for hit, word in zip(right, is_word, strict=True) if not word]
    loss = log_loss(about, gold, weights, sizes)
    return loss, sum(hits) / max(1, len(hits)), sum(misses) / max(1, len(misses))
