"""What no list holds, weighed again at the end: the decoder's words in the light of all the rest.

The decoder writes off one window, and knows neither the language model nor the rest of the text.
Here words are compared once more at each place: by what the decoder says of them, by how well they
go with their neighbours and with what the text is about, by whether it has them elsewhere, by
whether two links of the dictionary lead to them (stacking; Wolpert 1992), and, as a document has
one key, by all places where the form stands. A verdict between the likeliest of them and the
likeliest reading that is listed follows (`_verdict.py`).
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore.lattice._gaps import LEAST as LEAST_SHARE
from restore.lattice._lexicon import ending
from restore.lattice._scorer import log_softmax_groups
from restore.seq2seq._closing import as_read, beliefs
from restore.seq2seq._cloze import Cloze
from restore.seq2seq._evidence import over
from restore.seq2seq._links import Links
from restore.seq2seq._pool import log_shares, pooled
from restore.seq2seq._shortlist import Likeliest, Shortlist
from restore.seq2seq._speak import best_listed
from restore.seq2seq._standing import standing
from restore.seq2seq._steps import UNKNOWN_ROW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from restore.lattice._lattice import Lattice
    from restore.lattice._lexicon import Lexicon
    from restore.lattice._scorer import Scorer
    from restore.seq2seq._block import Block
    from restore.seq2seq._network import Network
    from restore.seq2seq._speak import Speech
    from restore.seq2seq._standing import Standing
    from restore.seq2seq._steps import Slot

    Floats = NDArray[np.float32]

ASKED = np.log(0.2)  # "not listed" is less probable than this: what is written is no matter
FEATURES = (
    "written", "suits", "usual", "stands", "missing", "ending", "linked", "paths", "topic", "near",
    "gap", "keyed",
)  # fmt: skip
WORD_NAMES = (*FEATURES, *(f"{name}_under_best" for name in FEATURES))


class Place(NamedTuple):
    """A place where something is written that no list holds.

    Attributes:
        slot: what has been said of it.
        unit: where it is.
        form: the word that stands there.
        best: row of the likeliest reading that is listed.
        listed: its text.
        often: how often the form stands in the sentences.
        case: `Units.case` of the word.
    """

    slot: Slot
    unit: int
    form: str
    best: int
    listed: str
    often: int
    case: int


class Words(NamedTuple):
    """Words compared at n places, W at each.

    Attributes:
        pieces: the words, (n, W).
        about: what speaks for each, (n, W, len(FEATURES)), in their order.
        fits: log probability of the three trigrams that hold it, (n, W).
        listed: what speaks for the likeliest reading that is listed: `fits`, usual log frequency,
            `topic`, `near`, `gap`, `keyed`, `written`; (n, 7).
    """

    pieces: NDArray[np.int64]
    about: Floats
    fits: Floats
    listed: Floats


class Wording:
    """Compares what may be written; read-only after construction.

    Args:
        lexicon: dictionary and language model.
        network: says what it would write.
    """

    def __init__(self, lexicon: Lexicon, network: Network) -> None:
        self._lexicon, self._network = lexicon, network
        self.words = network.pieces.pieces
        self._ids = lexicon.model.ids(self.words)
        self.links = Links(lexicon, self.words)
        self._shortlist = Shortlist(self.links, network, lexicon.log_frequency[self._ids])

    def describe(
        self,
        block: Block,
        speeches: Sequence[Speech],
        places: Sequence[Place],
        key: Mapping[str, str],
    ) -> Words | None:
        """Return the words that are compared at places, and what speaks for each.

        None without places, or where the lattice has no position.

        Args:
            block: the sentences.
            speeches: what has been said of them.
            places: of these sentences.
            key: function words that forms stand for.
        """
        if not places or block.lattice is None:
            return None
        found = self._shortlist.of(places)
        units = np.array([place.unit for place in places])
        listed = self._lexicon.model.ids([place.listed.split(" ")[0] for place in places])
        ids = np.concatenate([self._ids[found.pieces], listed[:, None]], 1)
        cloze = Cloze(block, speeches, self._network.pieces, self._lexicon.model)
        fits = cloze.logs(units, ids)
        topics = self._topics(block.lattice, beliefs(block, speeches), units, ids)
        gaps = self._lexicon.gaps
        gap = np.take_along_axis(cloze.gaps(units, gaps), gaps.column[ids], 1)
        stands = standing(block, speeches, self._network.pieces)
        keyed = self._keyed(found.pieces, places, key)
        known = np.stack([fits, self._lexicon.log_frequency[ids], *topics, gap, keyed], 2)
        about = self._about(found, known[:, :-1], stands, [place.form for place in places])
        said = np.column_stack([known[:, -1], found.listed])
        return Words(found.pieces, about, fits[:, :-1], said)

    def _about(self, found: Likeliest, known: Floats, stands: Standing, forms: list[str]) -> Floats:
        """Lay out what speaks for each word, (n, W, len(FEATURES)), in their order."""
        fits, usual, topic, near, gap, keyed = np.moveaxis(known, 2, 0)
        endings = np.array([ending(form) for form in forms])[:, None]
        columns = [
            found.written,
            np.maximum(log_shares(fits), LEAST_SHARE),
            usual,
            np.log1p(stands.counts[found.pieces]),
            over(stands.counts[found.pieces], np.exp(usual) * stands.words),
            (self._endings[found.pieces] == endings) & (endings > 0),
            found.paths > 0,
            np.log1p(found.paths),
            topic,
            near,
            gap,
            keyed,
        ]
        return np.stack(columns, 2, dtype=np.float32)

    def shares(self, scorer: Scorer, words: Words, places: Sequence[Place]) -> Floats:
        """Return the log share of each word at each place, those of a form pooled, (n, W)."""
        count, width = words.pieces.shape
        flat = with_best(words.about).reshape(count * width, -1)
        raw = scorer.scores(flat, np.zeros(len(flat), np.int32))
        starts = np.arange(count + 1, dtype=np.int32) * width
        shares = log_softmax_groups(raw, starts).reshape(count, width)
        return pooled([place.form for place in places], words.pieces, shares, len(self.words))

    def _keyed(
        self, pieces: NDArray[np.int64], places: Sequence[Place], key: Mapping[str, str]
    ) -> Floats:
        """Tell which words, and last what is listed, the document's key has there, (n, W + 1)."""
        words = [key.get(place.form, "") for place in places]
        listed = np.array([word == place.listed for word, place in zip(words, places, strict=True)])
        wanted = np.array([self._piece.get(word, -1) for word in words])
        out = np.column_stack([pieces == wanted[:, None], listed])
        return out.astype(np.float32)

    @cached_property
    def _piece(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words)}

    def _topics(
        self, lattice: Lattice, believed: Floats, units: NDArray[np.int64], ids: NDArray[np.int32]
    ) -> list[Floats]:
        """Return how well words go with the text, and with what is near, each (n, W)."""
        topics = self._lexicon.topics
        vectors = topics.unit_vectors(ids)
        around = topics.around(*as_read(lattice, believed), units)
        return [np.einsum("nwd,nd->nw", vectors, context) for context in around]

    @cached_property
    def _endings(self) -> NDArray[np.int8]:
        return np.array([ending(word) for word in self.words], np.int8)


def asked(block: Block, speeches: Sequence[Speech]) -> list[Place]:
    """Return the places where the original may be one that no list holds.

    What the decoder deletes is not asked about: deletions are parts of phrases.
    """
    counts = Counter(block.units.names)
    out = []
    for speech in speeches:
        row_text = speech.view.inputs["row_text"]
        for slot in speech.slots:
            deleted = slot.choice == UNKNOWN_ROW and slot.written == []
            if slot.rows[UNKNOWN_ROW] > ASKED and len(slot.query) and not deleted:
                unit = block.unit_of(speech.view, slot)
                form, case = block.units.names[unit], int(block.units.case[unit])
                best = best_listed(slot)
                listed = block.texts[int(row_text[slot.position, best])]
                out.append(Place(slot, unit, form, best, listed, counts[form], case))
    return out


def with_best(about: Floats) -> Floats:
    """Put beside what speaks for words how far that is from the best of their place."""
    return np.concatenate([about, about - about.max(axis=1, keepdims=True)], 2)
