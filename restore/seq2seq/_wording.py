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

from restore.lattice._lexicon import ending
from restore.lattice._scorer import log_softmax_groups
from restore.seq2seq._closing import as_read, beliefs
from restore.seq2seq._cloze import LEAST as LEAST_SHARE
from restore.seq2seq._cloze import Cloze
from restore.seq2seq._evidence import over
from restore.seq2seq._links import Links
from restore.seq2seq._pieces import INSIDE
from restore.seq2seq._pool import log_shares, pooled
from restore.seq2seq._speak import best_listed
from restore.seq2seq._standing import standing
from restore.seq2seq._steps import UNKNOWN_ROW

if TYPE_CHECKING:
    from collections.abc import Sequence

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
COMPARED = 200  # words compared at a place
AT_ONCE = 64  # places whose words are asked for together: bounds memory
LEAST = -20.0  # log probability
# Which words are compared: those likeliest by the decoder, the rarer, and where links lead.
WRITTEN, USUAL, LINKED = 0.66, -0.32, 1.05
FEATURES = (
    "written", "suits", "usual", "stands", "missing", "ending", "linked", "paths", "topic", "near",
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
            `topic`, `near`, `written`; (n, 5).
    """

    pieces: NDArray[np.int64]
    about: Floats
    fits: Floats
    listed: Floats


class _Likeliest(NamedTuple):
    """Words to compare at n places: what is known of them by themselves.

    Attributes:
        pieces: (n, W).
        written: log probability by the decoder, (n, W).
        paths: how many originals of the form lead on to each, (n, W).
        listed: log probability by the decoder of the reading that is listed, (n,).
    """

    pieces: NDArray[np.int64]
    written: Floats
    paths: Floats
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
        self.links = Links(lexicon, self.words)
        self._whole = np.array([is_word(piece) for piece in self.words])
        self._ids = lexicon.model.ids(self.words)
        self._usual = lexicon.log_frequency[self._ids]

    def describe(
        self, block: Block, speeches: Sequence[Speech], places: Sequence[Place]
    ) -> Words | None:
        """Return the words that are compared at places, and what speaks for each.

        None without places, or where the lattice has no position.
        """
        if not places or block.lattice is None:
            return None
        found = self._likeliest(places)
        units = np.array([place.unit for place in places])
        listed = self._lexicon.model.ids([place.listed.split(" ")[0] for place in places])
        ids = np.concatenate([self._ids[found.pieces], listed[:, None]], 1)
        cloze = Cloze(block, speeches, self._network.pieces, self._lexicon.model)
        fits = cloze.logs(units, ids)
        topics = self._topics(block.lattice, beliefs(block, speeches), units, ids)
        stands = standing(block, speeches, self._network.pieces)
        known = np.stack([fits, self._lexicon.log_frequency[ids], *topics], 2)
        about = self._about(found, known[:, :-1], stands, [place.form for place in places])
        said = np.column_stack([known[:, -1], found.listed])
        return Words(found.pieces, about, fits[:, :-1], said)

    def _about(
        self, found: _Likeliest, known: Floats, stands: Standing, forms: list[str]
    ) -> Floats:
        """Lay out what speaks for each word, (n, W, len(FEATURES)), in their order."""
        fits, usual, topic, near = np.moveaxis(known, 2, 0)
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

    def _likeliest(self, places: Sequence[Place]) -> _Likeliest:
        """Return the words to compare, and what decoder and links say of them."""
        parts = [
            self._likeliest_of(places[first : first + AT_ONCE])
            for first in range(0, len(places), AT_ONCE)
        ]
        return _Likeliest(*(np.concatenate(part) for part in zip(*parts, strict=True)))

    def _likeliest_of(self, places: Sequence[Place]) -> _Likeliest:
        paths = np.stack([self.links.paths(place.form) for place in places])
        written = self._network.spell(np.stack([place.slot.query for place in places]))
        listed = [
            self._said_of(row, place.listed) for row, place in zip(written, places, strict=True)
        ]
        written[:, ~self._whole] = -np.inf
        value = WRITTEN * written + USUAL * self._usual + LINKED * (paths > 0)
        most = min(COMPARED, value.shape[1])
        pieces = np.argpartition(-value, most - 1, axis=1)[:, :most]
        top = np.maximum(np.take_along_axis(written, pieces, 1), LEAST)
        linked = np.take_along_axis(paths, pieces, 1)
        return _Likeliest(pieces, top, linked, np.array(listed, np.float32))

    def _topics(
        self, lattice: Lattice, believed: Floats, units: NDArray[np.int64], ids: NDArray[np.int32]
    ) -> list[Floats]:
        """Return how well words go with the text, and with what is near, each (n, W)."""
        topics = self._lexicon.topics
        vectors = topics.unit_vectors(ids)
        around = topics.around(*as_read(lattice, believed), units)
        return [np.einsum("nwd,nd->nw", vectors, context) for context in around]

    def _said_of(self, written: Floats, text: str) -> float:
        """Return the decoder's log probability of a reading, if it is a piece."""
        pieces = self._network.pieces.ids(text)
        return float(written[pieces[0]]) if len(pieces) == 1 else LEAST

    @cached_property
    def _endings(self) -> NDArray[np.int8]:
        return np.array([ending(word) for word in self.words], np.int8)


def is_word(piece: str) -> bool:
    """Tell whether a piece is a word by itself.

    >>> [is_word(piece) for piece in ("town", "##s", "a", "b", ".")]
    [True, False, True, False, False]
    """
    return piece.isalpha() and not piece.startswith(INSIDE) and (len(piece) > 1 or piece in "ai")


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
