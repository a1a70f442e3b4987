"""Fits what is written is judged by (`restore.seq2seq._wording.Weights`) on garbled news."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from restore._document import Document
from restore.seq2seq._evidence import Evidence
from restore.seq2seq._wording import Weights, asked
from training.seq2seq._keys import garbled_excerpt, halves
from training.seq2seq._logit import fit_logit, log_loss

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from restore.seq2seq import Seq2SeqDecoder

SEED = 56


class Fitted(NamedTuple):
    """The weights, and what they are worth on every second document when fitted on the others.

    Attributes:
        weights: fitted on all documents.
        places: garbled words whose original no list holds and is among the words compared.
        loss: mean negative log likelihood of the original.
        plain: the same by the decoder alone.
    """

    weights: Weights
    places: int
    loss: float
    plain: float


class Compared(NamedTuple):
    """A place: what speaks for each word (W, F), and the number of the original."""

    about: NDArray[np.float32]
    gold: int


def fit_wordings(decoder: Seq2SeqDecoder, corpora: Path, documents: int) -> Fitted:
    """Fit the weights of a network's `Wording`; see `training.seq2seq._keys.fit_keys`."""
    parts = halves(_compared, decoder, corpora, documents)
    if not all(parts):
        message = f"{documents} documents hold too few words that no list has: use more"
        raise ValueError(message)
    (first, second), every = map(_columns, parts), _columns(parts[0] + parts[1])
    plain = [1.0] + [0.0] * (len(Weights._fields) - 1)
    losses = log_loss(*second, fit_logit(*first)), log_loss(*second, plain)
    return Fitted(Weights(*fit_logit(*every)), len(every[1]), *losses)


def _columns(places: list[Compared]) -> tuple[list[NDArray[np.float32]], list[int]]:
    return [place.about for place in places], [place.gold for place in places]


def _compared(decoder: Seq2SeqDecoder, name: str, text: str) -> Iterator[Compared]:
    garbled = garbled_excerpt(name, text, SEED)
    document = Document.parse(garbled.text)
    if not document.sentences:
        return
    block, speeches, _ = decoder.read(document, document.sentences, Evidence(), {})
    for speech in speeches:
        speech.finish()
    decoder.close(block, speeches)
    places = asked(block, speeches)
    if not places:
        return
    pieces, about, _ = decoder.wording.describe(block, speeches, places)
    originals = {edit.start: edit.after.lower() for edit in garbled.edits}
    for place, row, features in zip(places, pieces.tolist(), about, strict=True):
        original = originals.get(document.starts[int(block.units.token[place.unit])])
        words = [decoder.wording.words[piece] for piece in row]
        if original in words and original not in decoder.wording.links.listed(place.form):
            yield Compared(features, words.index(original))
