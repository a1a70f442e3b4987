"""Fits the closing round (`restore.seq2seq._closing`) on what the network makes of garbled news."""

from __future__ import annotations

import random
import sys
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from restore._document import Document
from restore.engines import map_in_order
from restore.seq2seq._closing import describe
from restore.seq2seq._cloze import written_words
from restore.seq2seq._evidence import Evidence
from training.fast._examples import excerpt, label
from training.fast._fit import Block, Size, fit_scorer
from training.fast._run import DIALECTS, FIT_PART, MEASURE_PART, drawn
from training.ngram._encode import HELD_OUT, is_held_out, unread
from training.seq2seq._stream import garble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from corpora.garbler import Garbled
    from restore.lattice import NgramModel
    from restore.lattice._scorer import Scorer
    from restore.seq2seq import Seq2SeqDecoder
    from training.seq2seq._source import Source

# Share of inputs that stay clean, by their size: fewer than when fast mode is fitted, for by now
# most of what is honest has been told to be.
CLEAN_SHARE = {"whole": 0.3, "paragraphs": 0.6, "sentences": 0.9}
SEED = 77
GARBLINGS = 3  # of each document, by other spinners
SIZE = Size(hidden=(128, 64), epochs=12, positions=512)


def fit_closing(
    source: Source,
    corpora: Path,
    documents: int,
    log: Callable[[str], None],
    workers: int = 1,
) -> Scorer | None:
    """Fit the closing round of a network; None where there are no documents to fit it on.

    Args:
        source: the model, without a closing round.
        corpora: folder of Parquet corpora; used are documents that the n-gram model has not read,
            and that do not measure.
        documents: how many of them.
        log: told about progress, a line at a time.
        workers: processes that read them.
    """
    if not documents:
        return None
    parts = list(_parts(source, corpora, documents, workers))
    if not parts:
        return None
    block = _joined(parts)
    log(f"closing round: {len(parts)} texts, {len(block.starts) - 1} places")
    return fit_scorer(block, size=SIZE, log=log)


def _parts(source: Source, corpora: Path, documents: int, workers: int) -> Iterator[Block]:
    pool = kept_back(corpora, documents, source.decoder.reader.lexicon.model)
    texts = ((f"{name}#{copy}", text) for copy in range(GARBLINGS) for name, text in pool)
    found = map_in_order(partial(_read_garbled, source), texts, workers=workers)
    return (block for block in found if block is not None)


def _read_garbled(source: Source, text: tuple[str, str]) -> Block | None:
    return read(source.decoder, _garbled(*text))


def _joined(parts: Sequence[Block]) -> Block:
    sizes = np.cumsum([0, *(int(part.starts[-1]) for part in parts)])
    starts = [part.starts[:-1] + size for part, size in zip(parts, sizes.tolist(), strict=False)]
    return Block(
        np.concatenate([part.features for part in parts]),
        np.concatenate([part.relation for part in parts]),
        np.append(np.concatenate(starts), sizes[-1]).astype(np.int64),
        np.concatenate([part.gold for part in parts]),
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
    block, speeches, _ = decoder.read(document, document.sentences, Evidence(), {})
    for speech in speeches:
        speech.finish()
    written = written_words(block, speeches, decoder.network.pieces, lexicon.model)
    found = describe(block, speeches, written, lexicon)
    if found is None or block.lattice is None:
        return None
    gold = label(document, block.lattice, garbled.edits, lexicon)[found.rows]
    relation = block.lattice.readings.relation[block.lattice.slot[found.rows]]
    return Block(found.features, relation, found.starts.astype(np.int64), gold)
