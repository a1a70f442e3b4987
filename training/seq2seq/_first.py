"""What the network may be shown as a second reading: a text that one has read already.

A network sees a word's neighbours through the posteriors that it is given. Fast mode's are right
far less often than its own of a first reading, so these may be joined with them. Full mode itself
tells a second reading the key that was found, and nothing else of the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore.lattice._lattice import UNKNOWN
from restore.lattice._scorer import log_softmax_groups
from restore.seq2seq import OnnxNetwork, Seq2SeqDecoder
from restore.seq2seq._block import FLOOR, Texts
from restore.seq2seq._closing import beliefs
from restore.seq2seq._evidence import Evidence
from restore.seq2seq._key import Told
from restore.seq2seq._rows import lattice_rows

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from restore._document import Document
    from restore.lattice._lattice import Lattice
    from restore.lattice._lexicon import Lexicon
    from restore.seq2seq._block import Block
    from restore.seq2seq._encode import Reader


class Believed(NamedTuple):
    """What was believed of the readings of a text.

    Attributes:
        names: what tells readings apart, ascending, (M,); see `_names`.
        scores: their log posteriors, (M,).
        share: theirs in the pool with fast mode's, 0 to 1.
    """

    names: NDArray[np.int64]
    scores: NDArray[np.float32]
    share: float


@dataclass(frozen=True)
class FirstReader:
    """Reads garbled text once, as full mode does.

    Attributes:
        reader: dictionary, language model, fast mode's weights.
        folder: an exported model.
        joined: share of its posteriors in the log-linear pool with fast mode's, 0 to 1.
    """

    reader: Reader
    folder: Path
    joined: float = 0.0

    @cached_property
    def decoder(self) -> Seq2SeqDecoder:
        """Runs the model; loaded at the first text, in the process that prepares batches."""
        network = OnnxNetwork(self.folder)
        return Seq2SeqDecoder(self.reader.lexicon, self.reader.weights, network)

    def read(self, document: Document) -> tuple[dict[str, str], Believed | None]:
        """Return the key that follows from one reading, and what it made of each word.

        The latter is None where nothing is joined.
        """
        untold = Told({}, Evidence(), Evidence())
        block, speeches, _, key = self.decoder.look(document, document.sentences, untold)
        if block.lattice is None or not self.joined:
            return key, None
        names = _names(block.lattice)
        order = np.argsort(names, kind="stable")
        return key, Believed(names[order], beliefs(block, speeches)[order], self.joined)


def show(block: Block, before: Believed | None, lexicon: Lexicon) -> None:
    """Lay out a text's readings anew, by fast mode's posteriors joined with a first reading's.

    Args:
        block: of the same text, perhaps with a key; changed in place.
        before: what was believed.
        lexicon: gives the texts of readings.
    """
    if block.lattice is None or before is None:
        return
    block.scores = joined(block.lattice, block.scores, before)
    texts = Texts(block.texts)
    lattice_rows(block, lexicon, texts, ~block.strange)  # those are the speller's
    block.texts = texts.items


def joined(lattice: Lattice, scores: NDArray[np.float32], before: Believed) -> NDArray[np.float32]:
    """Return fast mode's log posteriors joined with those of the reading before, (M,).

    Readings that were not there before, such as the key's words, keep fast mode's.

    Args:
        lattice: of the same text, perhaps with other readings.
        scores: fast mode's log posteriors, (M,).
        before: what was believed.
    """
    names = _names(lattice)
    at = np.minimum(np.searchsorted(before.names, names), len(before.names) - 1)
    told, said = np.maximum(before.scores[at], FLOOR), np.maximum(scores, FLOOR)
    pool = before.share * told + (1 - before.share) * said
    known = before.names[at] == names
    return log_softmax_groups(np.where(known, pool, scores).astype(np.float32), lattice.starts)


def _names(lattice: Lattice) -> NDArray[np.int64]:
    """Return a number for each row, of its unit and what it reads: the same in every lattice."""
    relation = lattice.readings.relation[lattice.slot].astype(np.int64)
    text = lattice.readings.text[lattice.slot].astype(np.int64)
    # Keep and unknown have no text of the lexicon's.
    reads = np.where(relation <= UNKNOWN, relation, text + UNKNOWN + 1)
    return (lattice.unit[lattice.owner].astype(np.int64) << 32) | reads
