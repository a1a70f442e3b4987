"""The whole fit: examples, channel, rounds, threshold, file."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from restore import InputError
from restore.lattice._forward import Channel
from restore.lattice._weights import Weights, save_weights
from training._garblers import garbler
from training.fast._examples import MAX_WORDS, SIZES, excerpt, make_example, read_held_out
from training.fast._fit import first_round, fit_scorer, make_block, next_round, prune
from training.fast._measure import THRESHOLDS, as_text, choose_threshold, table
from training.ngram._encode import HELD_OUT, unread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from restore.lattice import Lexicon
    from training.fast._examples import Example

# How spun documents are spun, and what share stays clean. A short input says little about itself;
# a user who has it restored would rather have it left alone when in doubt.
DIALECTS = {"A": 0.2, "C": 0.14, "E": 0.14, "random": 0.52}
CLEAN_SHARE = {"whole": 0.35, "paragraphs": 0.75, "sentences": 0.94}
FIT_PART = (0, 85)
MEASURE_PART = (85, 100)
# Words changed in 1,000 of clean text that the default threshold may cost, by the input's size.
CLEAN_LIMITS = {"whole": 0.3, "paragraphs": 0.5, "sentences": 0.6}
ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Settings:
    """What a fit depends on, beside the corpora, the dictionary and the language model."""

    documents: int = 4000
    measured: int = 600
    garblings: int = 3
    seed: int = 1


def make_examples(
    corpora: Path, part: tuple[int, int], documents: int, settings: Settings, lexicon: Lexicon
) -> list[Example]:
    """Garble `documents` of a part, `garblings` times each.

    See `drawn` for which documents.
    """
    out: list[Example] = []
    for name, text in drawn(corpora, part, documents, unread(lexicon.model)):
        for copy in range(settings.garblings):
            out += _garbled(f"{name}#{copy}", text, settings.seed, lexicon)
    return out


def drawn(
    corpora: Path, part: tuple[int, int], documents: int, held_out: range = HELD_OUT
) -> list[tuple[str, str]]:
    """Return id and text of documents of a part that the language model has not read.

    They are drawn without replacement, in proportion to their words (Efraimidis and Spirakis
    2006, algorithm A): most of the corpora are leads of a few lines, most of the work is not.
    """
    return sorted(read_held_out(corpora, part, held_out), key=_draw)[:documents]


def measuring(corpora: Path, documents: int) -> list[tuple[str, str]]:
    """Return documents that nothing is fitted on, as `drawn` does.

    Raises:
        InputError: there is none. What would be measured of nothing looks perfect.
    """
    found = drawn(corpora, MEASURE_PART, documents)
    if not found:
        message = (
            f"no document of {corpora} falls into the measured part (one in 700, by a hash of its "
            "id): give more documents"
        )
        raise InputError(message)
    return found


def _draw(pair: tuple[str, str]) -> float:
    name, text = pair
    return -float(_lot(name, "order").random() ** (1 / min(MAX_WORDS, 1 + text.count(" "))))


def _lot(name: str, purpose: str) -> random.Random:
    return random.Random(f"{purpose} {name}")


def _garbled(name: str, text: str, seed: int, lexicon: Lexicon) -> Iterator[Example]:
    from corpora.garbler import Garbled

    size, short = excerpt(text, name)
    lot = _lot(name, f"dialect {seed}")
    dialect = lot.choices(list(DIALECTS), list(DIALECTS.values()))[0]
    if lot.random() < CLEAN_SHARE[size]:
        dialect, garbled = "clean", Garbled(short, [])
    else:
        garbled = garbler(dialect, seed).garble(short, name)
    example = make_example(name, f"{dialect} {size}", garbled, lexicon)
    if example is not None:
        yield example


def fit_channel(examples: Sequence[Example], lexicon: Lexicon, trials: int, seed: int) -> Channel:
    """Random search for the channel weights that give the gold rows the highest log posterior."""
    lot = random.Random(seed)
    best, best_score = Channel(), _channel_score(examples, lexicon, Channel())
    for _ in range(trials):
        trial = replace(
            best,
            prior_weight=max(0.05, best.prior_weight + lot.gauss(0, 0.25)),
            frequency_weight=max(0.0, best.frequency_weight + lot.gauss(0, 0.15)),
            bias=best.bias + lot.gauss(0, 0.8),
            key_bias=best.key_bias + lot.gauss(0, 0.8),
            lm_weight=max(0.1, best.lm_weight + lot.gauss(0, 0.15)),
        )
        score = _channel_score(examples, lexicon, trial)
        if score > best_score:
            best, best_score = trial, score
    return best


def _channel_score(examples: Sequence[Example], lexicon: Lexicon, channel: Channel) -> float:
    total, positions = 0.0, 0
    for example, scores in zip(examples, first_round(examples, lexicon, channel), strict=True):
        gold = np.where(example.gold, scores, -np.inf)
        best = np.maximum.reduceat(gold, example.lattice.starts[:-1])
        total += float(np.maximum(best, -8).sum())
        positions += len(best)
    return total / positions


def fit(
    corpora: Path,
    out: Path,
    lexicon: Lexicon,
    settings: Settings | None = None,
    log: Callable[[str], None] = print,
) -> Weights:
    """Fit all weights and write them to `out`.

    Args:
        corpora: folder of Parquet corpora; used are documents held out from the n-gram model.
        out: file to write.
        lexicon: dictionary and language model that the weights are for.
        settings: sizes and seed.
        log: told about progress and figures, a line at a time.
    """
    settings = settings or Settings()
    examples = make_examples(corpora, FIT_PART, settings.documents, settings, lexicon)
    log(f"{len(examples)} documents to fit, {sum(e.lattice.size for e in examples)} words")
    channel = fit_channel(examples[:40], lexicon, trials=40, seed=settings.seed)
    log(f"channel: {channel}")
    measured = make_examples(corpora, MEASURE_PART, settings.measured, settings, lexicon)
    examples, scores = prune(examples, lexicon, first_round(examples, lexicon, channel))
    measured, held_out = prune(measured, lexicon, first_round(measured, lexicon, channel))
    log(as_text(table(measured, held_out), 0.5))
    rounds = []
    for number in range(ROUNDS):
        scorer = fit_scorer(make_block(examples, lexicon, scores), seed=settings.seed, log=log)
        scores = next_round(examples, lexicon, scores, scorer)
        held_out = next_round(measured, lexicon, held_out, scorer)
        rounds.append(scorer)
        log(f"after round {number + 1}:\n{as_text(table(measured, held_out), 0.5)}")
    result = table(measured, held_out)
    threshold = choose_threshold(result, CLEAN_LIMITS)
    for at in THRESHOLDS:
        clean = ", ".join(
            f"{size} {result[f'clean {size}', at].broken_per_1000:.2f}" for size in SIZES
        )
        log(f"threshold {at}: ERR {result['all', at].error_reduction:.3f}, changed/1000 {clean}")
    weights = Weights(channel, tuple(rounds), threshold)
    save_weights(weights, out, _record(settings, lexicon))
    return weights


def _record(settings: Settings, lexicon: Lexicon) -> dict[str, object]:
    return {
        "settings": asdict(settings),
        "dialects": DIALECTS,
        "clean_share": CLEAN_SHARE,
        "sizes": SIZES,
        "clean_limits": CLEAN_LIMITS,
        "dictionary": lexicon.table.content_hash,
        "ngrams": lexicon.model.sha256,
    }
