"""Builds the dictionary: links, pairs, prior, candidates, deterministic forms, file."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpora.wordnet import WordNet, compile_wordnet
from restore.dictionary import Relation, write_tables
from training.dictionary._assemble import (
    add_aligned,
    add_closed_class,
    add_observed,
    add_phrases,
    derived,
    tables,
)
from training.dictionary._broken import add_broken
from training.dictionary._deterministic import deterministic_forms
from training.dictionary._distant import walk_twice
from training.dictionary._features import Pairs, make_pairs
from training.dictionary._honest import read_honest
from training.dictionary._pairs import Columns, ColumnStore, Forms
from training.dictionary._prior import Choices, Prior, fit_prior
from training.dictionary._sources import (
    TABLES,
    aligned_words,
    read_closed_class,
    read_garbled,
    read_observed,
    read_tortured,
)
from training.dictionary._spelling import capitalised
from training.dictionary._thesaurus import add_thesaurus
from training.dictionary._vocabulary import Vocabulary, zipf
from training.dictionary._walk import Inflector, Sources, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from restore.dictionary import Tables
    from training.dictionary._honest import HonestCounts
    from training.dictionary._sources import Observed

VERSION = "1"
RIDGE = 3.0
GARBLED_WEIGHT = 0.2  # of a pair from text garbled by random dialects
ALIGNED_WEIGHT = 0.3  # of a pair from tortured phrases against one from spun news
_CHUNK = 500_000
_LOOSE = (Relation.THESAURUS, Relation.TWO_STEP)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Inputs:
    """The source tables, read."""

    closed_class: list[tuple[str, str]]
    observed: list[Observed]
    tortured: list[tuple[str, str]]
    honest: HonestCounts
    garbled: list[tuple[tuple[str, str], int]]

    @classmethod
    def read(cls, folder: Path = TABLES) -> Inputs:
        """Read every table of a folder."""
        return cls(
            read_closed_class(folder),
            read_observed(folder),
            read_tortured(folder),
            read_honest(folder / "honest_counts.tsv"),
            read_garbled(folder),
        )


@dataclass
class Linked:
    """All derived pairs with their features, before any prior is fitted."""

    words: list[str]
    forms: list[str]
    pairs: Pairs
    form_starts: NDArray[np.int64]
    _numbers: dict[str, int] = field(default_factory=dict)
    _forms: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers = {word: i for i, word in enumerate(self.words)}
        self._forms = {form: i for i, form in enumerate(self.forms)}

    def rows(self, form: str) -> range:
        """Rows of a form's candidates."""
        number = self._forms.get(form)
        if number is None:
            return range(0)
        return range(int(self.form_starts[number]), int(self.form_starts[number + 1]))

    def row(self, form: str, original: str) -> int | None:
        """Row of one pair, None where nothing links the two."""
        span, number = self.rows(form), self._numbers.get(original)
        if number is None or not span:
            return None
        at = span.start + int(np.searchsorted(self.pairs.original[span.start : span.stop], number))
        return at if at < span.stop and self.pairs.original[at] == number else None


def link_all(wordnet: WordNet, inputs: Inputs) -> Linked:
    """Walk every relation and thesaurus from every frequent word, and join the links."""
    vocabulary = Vocabulary.of_news()
    forms = Forms()
    sources = Sources(vocabulary, wordnet)
    inflector = Inflector(wordnet, forms)
    store = ColumnStore()
    walk(store, sources, inflector, wordnet)
    log.info("one step: %d links", sum(map(len, store.blocks)))
    walk_twice(store, sources, inflector, wordnet, vocabulary.zipf)
    add_thesaurus(store, forms, vocabulary)
    log.info("with two steps and the thesaurus: %d links", sum(map(len, store.blocks)))
    columns = _without_loose_phrases(store.join(), forms.texts, inputs.honest)
    columns = columns.where(forms.numbers(vocabulary.words)[columns.original] != columns.form)
    frequency = inputs.honest.log_frequency(vocabulary.words)
    pairs = make_pairs(columns, forms.texts, vocabulary.words,
                       (vocabulary.zipf, frequency, zipf(forms.texts)))  # fmt: skip
    log.info("pairs: %d", len(pairs.form))
    starts = np.searchsorted(pairs.form, np.arange(len(forms.texts) + 1))
    return Linked(vocabulary.words, forms.texts, pairs, starts)


def _without_loose_phrases(columns: Columns, forms: list[str], honest: HonestCounts) -> Columns:
    """Drop phrases that spinners hardly reach: opposites, and distant ones that news has."""
    is_phrase = np.array([" " in form for form in forms], np.bool_)
    is_honest = np.array([sum(honest.get(form)) > 0 for form in forms], np.bool_)
    far = np.isin(columns.link, _LOOSE) & is_honest[columns.form]
    hardly = far | (columns.link == Relation.ANTONYM)
    return columns.where(~(is_phrase[columns.form] & hardly))


def choices(linked: Linked, pairs: Iterable[tuple[str, str, float]]) -> tuple[Choices, float]:
    """Set up choice problems for known pairs (form, original, weight).

    Args:
        linked: all derived pairs.
        pairs: what stood for what.

    Returns:
        The problems, and the weight of the pairs whose original is no candidate.
    """
    blocks: list[NDArray[Any]] = []
    starts: list[int] = []
    right: list[int] = []
    weights: list[float] = []
    missing, at = 0.0, 0
    for form, original, weight in pairs:
        row = linked.row(form, original)
        if row is None:
            missing += weight
            continue
        span = linked.rows(form)
        blocks.append(linked.pairs.features[span.start : span.stop].astype(np.float64))
        starts.append(at)
        right.append(at + row - span.start)
        weights.append(weight)
        at += len(span)
    features = np.concatenate(blocks)
    return Choices(features, np.array(starts), np.array(right), np.array(weights)), missing


def development_pairs(
    inputs: Inputs, *, without: Callable[[Observed], bool] = lambda _: False
) -> list[tuple[str, str, float]]:
    """Single-word pairs to fit the prior on: observed, of tortured phrases, of garbled news."""
    seen = [
        (pair.garbled, pair.original, 1.0)
        for pair in inputs.observed
        if not without(pair) and " " not in pair.garbled + pair.original
    ]
    aligned = sorted(aligned_words(inputs.tortured).items())
    return [
        *seen,
        *((*pair, ALIGNED_WEIGHT * float(np.log1p(count))) for pair, count in aligned),
        *((*pair, GARBLED_WEIGHT * float(np.log1p(count))) for pair, count in inputs.garbled),
    ]


def score_all(prior: Prior, features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Score pairs block by block."""
    blocks = range(0, len(features), _CHUNK)
    return np.concatenate([prior.score(features[at : at + _CHUNK]) for at in blocks])


def compile_tables(linked: Linked, inputs: Inputs, prior: Prior, wordnet: WordNet) -> Tables:
    """Rank, mix the tables in, and decide which forms are deterministic."""
    scores = score_all(prior, linked.pairs.features)
    draft = derived(linked.pairs, scores, linked.forms, linked.words)
    add_closed_class(draft, inputs.closed_class, inputs.honest)
    add_broken(draft)
    add_aligned(draft, aligned_words(inputs.tortured))
    add_phrases(draft, inputs.tortured)
    add_observed(draft, inputs.observed)
    chosen = deterministic_forms(draft, inputs)
    log.info("deterministic forms: %d", len(chosen))
    return tables(draft, capitalised(linked.words, wordnet), chosen, VERSION)


def _wordnet(folder: Path | None) -> WordNet:
    """Load the shipped table, or compile another WordNet."""
    if folder is None:
        return WordNet.load()
    with tempfile.TemporaryDirectory() as scratch:
        table = Path(scratch) / "wordnet.npz"
        compile_wordnet(folder, table)
        return WordNet.load(table)


def build(out: Path, tables_folder: Path = TABLES, wordnet: Path | None = None) -> str:
    """Build the dictionary; the same inputs give the same bytes.

    Args:
        out: the file to write, whole or not at all.
        tables_folder: the source tables.
        wordnet: WordNet's own `dict` folder; by default the table that ships with `corpora`.

    Returns:
        The content hash.
    """
    inputs = Inputs.read(tables_folder)
    words = _wordnet(wordnet)
    linked = link_all(words, inputs)
    prior = fit_prior(choices(linked, development_pairs(inputs))[0], RIDGE)
    return write_tables(compile_tables(linked, inputs, prior, words), out)
