"""Fits the closing round (`restore.seq2seq._closing`) on what the network makes of garbled news."""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING, NamedTuple

from restore._document import Document
from restore.seq2seq._closing import beliefs
from restore.seq2seq._cloze import written_words
from restore.seq2seq._evidence import Evidence
from training.fast._examples import Example, excerpt, label
from training.fast._fit import fit_scorer, make_block
from training.fast._run import DIALECTS, FIT_PART, MEASURE_PART, drawn
from training.ngram._encode import HELD_OUT_PERCENT, is_held_out, unread_percent
from training.seq2seq._stream import garble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from corpora.garbler import Garbled
    from restore.lattice._features import Written
    from restore.lattice._scorer import Scorer
    from restore.seq2seq import Seq2SeqDecoder

# Share of inputs that stay clean, by their size: fewer than when fast mode is fitted, for by now
# most of what is honest has been told to be.
CLEAN_SHARE = {"whole": 0.3, "paragraphs": 0.6, "sentences": 0.9}
SEED = 77


class Believed(NamedTuple):
    """What the network makes of an example.

    Attributes:
        example: labelled.
        beliefs: log posterior of each row of its lattice, shape (M,).
        written: what it writes that no reading says.
    """

    example: Example
    beliefs: NDArray[np.float32]
    written: Written


def fit_closing(
    decoder: Seq2SeqDecoder, corpora: Path, documents: int, log: Callable[[str], None]
) -> Scorer | None:
    """Fit the closing round of a network; None where there are no documents to fit it on.

    Args:
        decoder: runs the network, without a closing round.
        corpora: folder of Parquet corpora; used are documents that the n-gram model has not read,
            and that do not measure.
        documents: how many of them.
        log: told about progress, a line at a time.
    """
    found = list(_examples(decoder, corpora, documents))
    if not found:
        return None
    examples, believed, written = zip(*found, strict=True)
    words = sum(example.lattice.size for example in examples)
    log(f"closing round: {len(found)} documents, {words} words")
    return fit_scorer(make_block(examples, decoder.reader.lexicon, believed, written), log=log)


def _examples(decoder: Seq2SeqDecoder, corpora: Path, documents: int) -> Iterator[Believed]:
    for name, text in kept_back(corpora, documents, unread_percent(decoder.reader.lexicon.model)):
        dialect, garbled = _garbled(name, text)
        found = read(decoder, name, dialect, garbled)
        if found is not None:
            yield found


def kept_back(corpora: Path, documents: int, unread: int) -> list[tuple[str, str]]:
    """Return documents that the language model has not read and that do not measure.

    Where it has left enough unread, the network has not read them either.
    """
    if unread == HELD_OUT_PERCENT:
        return drawn(corpora, FIT_PART, documents, unread)
    every = drawn(corpora, MEASURE_PART, sys.maxsize, unread)
    return [pair for pair in every if not is_held_out(pair[0].partition("/")[2])][:documents]


def _garbled(name: str, text: str) -> tuple[str, Garbled]:
    size, short = excerpt(text, name)
    lot = random.Random(f"closing {name}")
    dialect = lot.choices(list(DIALECTS), list(DIALECTS.values()))[0]
    if lot.random() < CLEAN_SHARE[size]:
        dialect = "clean"
    return f"{dialect} {size}", garble(dialect, SEED, short, name)


def read(decoder: Seq2SeqDecoder, name: str, dialect: str, garbled: Garbled) -> Believed | None:
    """Restore a garbled text; return its lattice, labelled, and what the network believes of it.

    None where the lattice has no position.
    """
    document = Document.parse(garbled.text)
    if not document.sentences:
        return None
    block, speeches, _ = decoder.read(document, document.sentences, Evidence(), {})
    for speech in speeches:
        speech.finish()
    if block.lattice is None:
        return None
    gold = label(document, block.lattice, garbled.edits, decoder.reader.lexicon)
    example = Example(name, dialect, block.lattice, gold, len(garbled.edits))
    network, model = decoder.network, decoder.reader.lexicon.model
    written = written_words(block, speeches, network.pieces, model)
    return Believed(example, beliefs(block, speeches), written)
