"""Fits the closing round (`restore.seq2seq._closing`) on what the network makes of garbled news."""

from __future__ import annotations

import random
import sys
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from restore._document import Document
from restore.engines import map_in_order
from restore.lattice._scorer import Ensemble
from restore.seq2seq._closing import CLOSING_NAMES, describe
from restore.seq2seq._cloze import written_words
from restore.seq2seq._evidence import Evidence
from training.fast._examples import excerpt, label
from training.fast._fit import Block, Size, fit_scorer
from training.fast._run import DIALECTS, FIT_PART, MEASURE_PART, drawn
from training.ngram._encode import HELD_OUT, is_held_out, unread
from training.seq2seq._average import mean_of
from training.seq2seq._stream import garble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from corpora.garbler import Garbled
    from restore.lattice import NgramModel
    from restore.seq2seq import Seq2SeqDecoder
    from training.seq2seq._source import Source, Texts

# Share of inputs that stay clean, by their size: fewer than when fast mode is fitted, for by now
# most of what is honest has been told to be.
CLEAN_SHARE = {"whole": 0.3, "paragraphs": 0.6, "sentences": 0.9}
SEED = 77
MEMBERS = 2  # scorers, fitted from different beginnings: their mean is better than each
SIZE = Size(hidden=(128, 64), epochs=8, positions=512)


def fit_closing(
    sources: Sequence[Source], corpora: Path, texts: Texts, log: Callable[[str], None]
) -> Ensemble | None:
    """Fit the closing round of a network; None where there are no documents to fit it on.

    Args:
        sources: the model, without a closing round, with each of the language models.
        corpora: folder of Parquet corpora; used are documents that the n-gram model has not read,
            and that do not measure.
        texts: how many of them, and how they are read.
        log: told about progress, a line at a time.
    """
    if not texts.closing:
        return None
    block = _joined(_parts(sources, corpora, texts, log))
    if not len(block.relation):
        return None
    log(f"closing round: {len(block.starts) - 1} places")
    seeds = range(SEED, SEED + MEMBERS)
    members = [fit_scorer(block, size=SIZE, seed=seed, log=log) for seed in seeds]
    return mean_of(*(Ensemble((member,)) for member in members))


def _parts(
    sources: Sequence[Source], corpora: Path, texts: Texts, log: Callable[[str], None]
) -> Iterator[Block]:
    for source in sources:
        pool = kept_back(corpora, texts.closing, source.decoder.reader.lexicon.model)
        log(f"closing round: {len(pool)} documents, garbled {texts.garblings} times")
        copies = range(texts.garblings)
        every = ((f"{name}#{copy}", text) for copy in copies for name, text in pool)
        found = map_in_order(partial(_read_garbled, source), every, workers=texts.workers)
        yield from (block for block in found if block is not None)


def _read_garbled(source: Source, text: tuple[str, str]) -> Block | None:
    return read(source.decoder, _garbled(*text))


def _joined(parts: Iterable[Block]) -> Block:
    """Put blocks one behind another as they come, in 16 bits: more might not fit in memory."""
    features, relation, lengths, gold = (bytearray() for _ in range(4))
    for part in parts:
        features += part.features.astype(np.float16).tobytes()
        relation += part.relation.astype(np.int32).tobytes()
        lengths += np.diff(part.starts).tobytes()
        gold += part.gold.tobytes()
    return Block(
        np.frombuffer(features, np.float16).reshape(-1, len(CLOSING_NAMES)),
        np.frombuffer(relation, np.int32),
        np.append(0, np.cumsum(np.frombuffer(lengths, np.int64))),
        np.frombuffer(gold, np.bool_),
    )


def kept_back(corpora: Path, documents: int, model: NgramModel) -> list[tuple[str, str]]:
    """Return documents that a language model has not read and that do not measure.

    Where it has left enough unread, the network has not read them either.
    """
    hundredths = unread(model)
    if hundredths == HELD_OUT:
        return drawn(corpora, FIT_PART, documents, hundredths)
    every = drawn(corpora, MEASURE_PART, sys.maxsize, hundredths)
    return [pair for pair in every if not is_held_out(pair[0].partition("/")[2])][:documents]


def _garbled(name: str, text: str) -> Garbled:
    size, short = excerpt(text, name)
    lot = random.Random(f"closing {name}")
    dialect = lot.choices(list(DIALECTS), list(DIALECTS.values()))[0]
    if lot.random() < CLEAN_SHARE[size]:
        dialect = "clean"
    return garble(dialect, SEED, short, name)


def read(decoder: Seq2SeqDecoder, garbled: Garbled) -> Block | None:
    """Restore a garbled text; describe the readings of the places that the network was asked about.

    None where there is no such place.
    """
    document, lexicon = Document.parse(garbled.text), decoder.reader.lexicon
    if not document.sentences:
        return None
    block, speeches, _, _ = decoder.read(document, document.sentences, Evidence(), {})
    for speech in speeches:
        speech.finish()
    written = written_words(block, speeches, decoder.network.pieces, lexicon.model)
    found = describe(block, speeches, written, lexicon)
    if found is None or block.lattice is None:
        return None
    gold = label(document, block.lattice, garbled.edits, lexicon)[found.rows]
    relation = block.lattice.readings.relation[block.lattice.slot[found.rows]]
    return Block(found.features, relation, found.starts.astype(np.int64), gold)
