"""Fits what best mode weighs full mode's probabilities and a language model's scores by."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore import InputError
from restore._document import Document
from restore.engines import map_in_order
from restore.lattice._scorer import log_softmax_groups
from restore.lattice._weights import save_scorers
from restore.rescoring import SmolLM2
from restore.rescoring._decoder import ask
from restore.rescoring._features import NAMES, describe
from restore.rescoring._occurrences import Occurrences
from restore.rescoring._posterior import SCORERS
from restore.seq2seq import SHIPPED
from training.fast._examples import excerpt
from training.fast._fit import Block, Size, fit_scorer
from training.fast._run import measuring
from training.seq2seq._examples import touched, trimmed
from training.seq2seq._source import decoder_of
from training.seq2seq._stream import garble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from corpora.garbler import Garbled
    from restore.lattice._scorer import Scorer
    from restore.rescoring import LanguageModel
    from restore.seq2seq import Seq2SeqDecoder
    from restore.seq2seq._choice import Reading

DIALECTS = ("A", "random", "C", "random", "E", "random", "noise")
SEED = 4711  # of the garbling
SIZE = Size(hidden=(24, 12), epochs=24, positions=64)
SELDOM = 3  # of so many documents one is cut down, by lot
LONGEST = 5000  # characters of the others
PARTS = 5  # of the documents one of so many is measured on


class Place(NamedTuple):
    """What is known of one unsure place.

    Attributes:
        about: of its readings, (R, F).
        codes: kinds of its readings, (R,).
        gold: which of them is right, (R,); none, where the right one was not asked about.
    """

    about: NDArray[np.float32]
    codes: NDArray[np.int32]
    gold: NDArray[np.bool_]


def fit_rescoring(
    corpora: Path, out: Path, *, documents: int, workers: int, log: Callable[[str], None]
) -> None:
    """Fit the scorer, write it, and say what it is worth on documents that it was not fitted on.

    Args:
        corpora: folder of Parquet corpora; used are documents that nothing else was fitted on.
        out: the file to write.
        documents: how many.
        workers: processes that read them; the fit is the same.
        log: told the figures, a line at a time.

    Raises:
        InputError: the documents hold no unsure place.
    """
    pool = list(enumerate(measuring(corpora, documents)))
    every: list[list[Place]] = []
    for number, found in enumerate(map_in_order(places, pool, workers=workers), start=1):
        every.append(found)
        if not number % 20:
            log(f"{number} documents, {sum(map(len, every)):,} unsure places")
    measured = [place for found in every[::PARTS] for place in found]
    fitted = [p for at, found in enumerate(every) if at % PARTS for p in found]
    if not any(place.gold.any() for place in fitted):
        message = f"{documents} documents of {corpora} hold no unsure place: use more"
        raise InputError(message)
    block = blocked(fitted)
    scorer = fit_scorer(block, size=SIZE)
    log(_worth(measured, None))
    log(_worth(measured, scorer))
    save_scorers({"reading": scorer}, out, SCORERS)


def places(numbered: tuple[int, tuple[str, str]]) -> list[Place]:
    """Garble a document, and return its unsure places: what full mode and the model say of them."""
    number, (name, text) = numbered
    short = text[:LONGEST] if number % SELDOM else excerpt(text, name)[1]
    garbled = garble(DIALECTS[number % len(DIALECTS)], SEED, short, name)
    return list(_places(garbled, *_models()))


@cache
def _models() -> tuple[Seq2SeqDecoder, SmolLM2]:
    return decoder_of(SHIPPED), SmolLM2()


def _places(garbled: Garbled, full: Seq2SeqDecoder, model: LanguageModel) -> Iterator[Place]:
    document, occurrences = Document.parse(garbled.text), Occurrences()
    answers = list(ask(document, list(full.hear(document)), full, model))
    for asked, scores in answers:
        occurrences.hear(asked.choice, asked.readings, scores)
    edits = [edit for edit in map(trimmed, garbled.edits) if edit.before != edit.after]
    originals = {(edit.start, edit.end): edit.after.lower() for edit in edits}
    spun = touched(edits)
    for (choice, readings, _), scores in answers:
        original = originals.get((choice.start, choice.end))
        if original is None and not spun.isdisjoint(range(choice.start, choice.end)):
            continue  # a part of what was garbled: neither right nor wrong
        gold = [_is_right(reading, original) for reading in readings]
        about, codes = describe(choice, readings, scores, occurrences)
        yield Place(about, codes, np.array(gold))


def _is_right(reading: Reading, original: str | None) -> bool:
    if reading.source == "keep":
        return original is None
    return reading.text.lower() == original


def blocked(every: Sequence[Place]) -> Block:
    """Lay out the rows of the places that hold the right reading."""
    kept = [place for place in every if place.gold.any()]
    sizes = [len(place.gold) for place in kept]
    return Block(
        np.concatenate([place.about for place in kept]),
        np.concatenate([place.codes for place in kept]),
        np.cumsum([0, *sizes]),
        np.concatenate([place.gold for place in kept]),
    )


def _worth(every: Sequence[Place], scorer: Scorer | None) -> str:
    """Say how often the likeliest reading is right, by full mode alone without a scorer."""
    block = blocked(every)
    share = block.features[:, NAMES.index("share")].astype(np.float32)
    raw = share if scorer is None else scorer.scores(block.features, block.relation)
    logs = log_softmax_groups(raw, block.starts.astype(np.int32))
    loss = -np.logaddexp.reduceat(np.where(block.gold, logs, -np.inf), block.starts[:-1]).mean()
    best = [
        block.gold[low + raw[low:high].argmax()] for low, high in pairwise(block.starts.tolist())
    ]
    who = "full mode" if scorer is None else "best mode"
    return (
        f"{who}: right at {sum(best):,} of {len(every):,} unsure places; {len(best):,} have the "
        f"right reading, log loss of these {loss:.4f}"
    )
