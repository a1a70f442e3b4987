"""Fits the scorer of divisions on damaged news, and measures it on news it was not fitted on."""

from __future__ import annotations

import random
import re
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corpora.garbler import Garbled
from restore import Edit, InputError, apply_edits
from restore._document import Document
from restore._edits import invert_edits
from restore.lattice._weights import save_scorers
from restore.seq2seq._divide import SCORERS, Divider, Division, divide
from restore.seq2seq._place import Place
from restore.seq2seq._spaces import is_asked
from restore.seq2seq._spelling import Speller
from training.fast._fit import Size, fit_scorer, opposed_block
from training.fast._run import FIT_PART, MEASURE_PART, drawn
from training.seq2seq._stream import garble

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator
    from pathlib import Path

    from restore.lattice import Lexicon

SIZE = Size(hidden=(24, 12), epochs=16, positions=256)
SEEDS, MEASURE_SEED = (5, 6, 7), 11  # of the garblings
LONGEST = 4000  # characters of a document
RUNS = 0.02  # share of spaces that runs of joined words begin at
ON = (0.3, 0.6, 0.85)  # share of those that one goes on over: one of these a text
SELDOM = 3  # of so many documents one is shown with such runs
SPACE = re.compile(r"(?<=[A-Za-z]) (?=[A-Za-z])")
SHOWN = (0.35, 0.5, 0.7, 0.9)  # confidences that figures are given for


class Example(NamedTuple):
    """An unknown word that can be divided.

    Attributes:
        division: the likeliest one.
        right: whether it undoes what was done.
    """

    division: Division
    right: bool


def fit_divisions(
    corpora: Path,
    lexicon: Lexicon,
    out: Path,
    *,
    documents: int,
    log: Callable[[str], None],
) -> None:
    """Fit the scorer, write it, and say what it is worth in damaged and in clean news.

    Args:
        corpora: folder of Parquet corpora.
        lexicon: tells usual words; its dictionary's are never divided.
        out: the file to write.
        documents: how many to fit on, garbled in several ways; as many measure, if there are.
        log: told the figures, a line at a time.

    Raises:
        InputError: the documents hold no such words.
    """
    listed, speller = lexicon.table.forms, Speller(lexicon.model)
    pool = drawn(corpora, FIT_PART, documents)
    texts = chain(_joined(pool[::SELDOM], SEEDS[0]), *(_noisy(pool, seed) for seed in SEEDS))
    every = list(_examples(texts, listed, speller))
    if not every:
        message = f"{documents} documents of {corpora} hold no words run together: use more"
        raise InputError(message)
    about = np.stack([one.division.about for one in every])
    right = np.array([one.right for one in every])
    log(f"{len(every):,} words, {right.sum():,} of them run together")
    scorer = fit_scorer(opposed_block(about, right), size=SIZE)
    save_scorers({"division": scorer}, out, SCORERS)
    divider = Divider(speller, scorer)
    other = drawn(corpora, MEASURE_PART, documents)
    runs = _examples(_joined(other, MEASURE_SEED), listed, speller)
    log(f"runs of words: {_measured(divider, runs)}")
    log(f"damaged: {_measured(divider, _examples(_noisy(other, MEASURE_SEED), listed, speller))}")
    clean = (garble("clean", MEASURE_SEED, text[:LONGEST], name) for name, text in other)
    log(f"clean: {_measured(divider, _examples(clean, listed, speller))}")


def _noisy(pool: Iterable[tuple[str, str]], seed: int) -> Iterator[Garbled]:
    return (garble("noise", seed, text[:LONGEST], name) for name, text in pool)


def _joined(pool: Iterable[tuple[str, str]], seed: int) -> Iterator[Garbled]:
    """Yield texts that have lost spaces in runs: the garbler joins two words, seldom three."""
    for name, text in pool:
        lot, before = random.Random(f"{seed} {name}"), -2
        on, lost = lot.choice(ON), []
        for number, space in enumerate(SPACE.finditer(text[:LONGEST])):
            if lot.random() < (on if before == number - 1 else RUNS):
                lost.append(Edit(*space.span(), " ", "", "garble:join"))
                before = number
        yield Garbled(apply_edits(text[:LONGEST], lost), invert_edits(lost), "joined")


def _examples(
    texts: Iterable[Garbled], listed: Container[str], speller: Speller
) -> Iterator[Example]:
    """Yield the words of garbled texts that the restorer would ask about."""
    for garbled in texts:
        document = Document.parse(garbled.text)
        lost = [e.start for e in garbled.edits if not e.before and e.after == " "]
        for first, end in document.sentences:
            for at in range(first, end):
                word, kind = document.tokens[at], document.kinds[at]
                if not is_asked(word, kind, listed, speller.model):
                    continue
                place = Place.of(document, (at, at + 1), (first, end), speller.model)
                found = divide(word, kind, place, speller)
                if found is not None:
                    gold = _parts(word, document.starts[at], lost)
                    yield Example(found, found.parts == gold)


def _parts(word: str, start: int, lost: Iterable[int]) -> list[str]:
    """Return the words that a word was, by the offsets of lost spaces."""
    cuts = sorted(at - start for at in lost if start < at < start + len(word))
    return [word[low:high] for low, high in zip([0, *cuts], [*cuts, len(word)], strict=True)]


def _measured(divider: Divider, examples: Iterable[Example]) -> str:
    every = [(divider.confidence(one.division), one) for one in examples]
    found = sum(one.right for _, one in every)
    shown = []
    for least in SHOWN:
        made = [one for confidence, one in every if confidence >= least]
        told = sum(not one.division.may_be_one for one in made)
        right = sum(one.right for one in made)
        shown.append(f"at {least} {len(made)} divided ({told} by a function word), {right} rightly")
    return f"{len(every):,} words, {found} run together; {'; '.join(shown)}"
