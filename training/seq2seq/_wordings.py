"""Fits what weighs written words (`restore.seq2seq._verdict.Weighers`) on garbled news."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore import InputError
from restore._document import Document
from restore.lattice._lattice import KEEP
from restore.seq2seq._evidence import Evidence
from restore.seq2seq._verdict import Weighers, candidates
from restore.seq2seq._wording import asked, with_best
from training.fast._fit import Block, Size, fit_scorer, opposed_block
from training.seq2seq._closing import kept_back
from training.seq2seq._keys import garbled_excerpt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from corpora.garbler import Garbled
    from restore.lattice._scorer import Scorer
    from restore.seq2seq import Seq2SeqDecoder
    from restore.seq2seq._wording import Place, Words

SEED = 56
OF_WORDS = Size(hidden=(32, 16), epochs=10, positions=32)
OF_CHOICE = Size(hidden=(16, 16), epochs=20, positions=64)


class Read(NamedTuple):
    """The places of a garbled text where something may be written.

    Attributes:
        places: in order.
        words: compared there.
        originals: of each, in small letters; None for an honest word.
    """

    places: list[Place]
    words: Words
    originals: list[str | None]


def fit_wordings(
    decoder: Seq2SeqDecoder, corpora: Path, documents: int, log: Callable[[str], None]
) -> Weighers:
    """Fit what weighs a network's written words.

    Args:
        decoder: runs the network, with its closing round if it has one.
        corpora: folder of Parquet corpora; used are documents that the n-gram model has not read,
            that do not measure, and where possible that the network has not read.
        documents: how many of them.
        log: told about progress, a line at a time.

    Raises:
        InputError: too little is found in them.
    """
    texts = list(_texts(decoder, corpora, documents))
    names = np.array(decoder.wording.words)
    examples = [example for text in texts for example in _of_words(decoder, names, text)]
    if not examples:
        message = f"{documents} documents hold no word that no list has: use more"
        raise InputError(message)
    log(f"written words: {len(texts)} documents, {len(examples)} places")
    words = fit_scorer(_grouped(*zip(*examples, strict=True)), size=OF_WORDS, log=log)
    chosen = [example for text in texts for example in _of_choice(decoder, text, words)]
    if not chosen:
        message = f"{documents} documents hold no place where a choice is right: use more"
        raise InputError(message)
    log(f"written or listed: {len(chosen)} places")
    about, written = map(np.stack, zip(*chosen, strict=True))
    choice = fit_scorer(opposed_block(about, written), size=OF_CHOICE, log=log)
    return Weighers(words, choice)


def _texts(decoder: Seq2SeqDecoder, corpora: Path, documents: int) -> Iterator[Read]:
    for name, text in kept_back(corpora, documents, decoder.reader.lexicon.model):
        found = _read(decoder, garbled_excerpt(name, text, SEED))
        if found is not None:
            yield found


def _read(decoder: Seq2SeqDecoder, garbled: Garbled) -> Read | None:
    document = Document.parse(garbled.text)
    if not document.sentences:
        return None
    block, speeches, _, key = decoder.read(document, document.sentences, Evidence(), {})
    for speech in speeches:
        speech.finish()
    decoder.close(block, speeches)
    places = asked(block, speeches)
    words = decoder.wording.describe(block, speeches, places, key)
    if words is None:
        return None
    found = {edit.start: edit.after.lower() for edit in garbled.edits}
    starts = (document.starts[int(block.units.token[place.unit])] for place in places)
    return Read(places, words, [found.get(start) for start in starts])


def _of_words(
    decoder: Seq2SeqDecoder, names: NDArray[np.str_], text: Read
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.bool_]]]:
    """Yield what speaks for the words of each place that has an original that no list holds."""
    about = with_best(text.words.about)
    for place, row, features, original in zip(
        text.places, text.words.pieces, about, text.originals, strict=True
    ):
        right = names[row] == original
        if right.any() and original not in decoder.wording.links.listed(place.form):
            yield features, right


def _of_choice(
    decoder: Seq2SeqDecoder, text: Read, words: Scorer
) -> Iterator[tuple[NDArray[np.float32], bool]]:
    """Yield what speaks for what is written where that alone is right, or what is listed alone."""
    shares = decoder.wording.shares(words, text.words, text.places)
    found = candidates(text.places, text.words, shares)
    for place, pieces, about, original in zip(
        text.places, found.pieces, found.about, text.originals, strict=True
    ):
        kept = place.best == KEEP
        listed = kept if original is None else not kept and place.listed == original
        written = decoder.network.pieces.text(pieces) == original
        if listed != written:
            yield about, written


def _grouped(about: tuple[NDArray[np.float32], ...], right: tuple[NDArray[np.bool_], ...]) -> Block:
    features = np.concatenate(about)
    starts = np.cumsum([0, *map(len, about)])
    return Block(features, np.zeros(len(features), np.int32), starts, np.concatenate(right))
