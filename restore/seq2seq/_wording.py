"""What no list holds, weighed again at the end: the decoder's words in the light of all the rest.

The decoder writes off one window, and knows neither the language model nor the rest of the text.
Here its likeliest words at a place are compared once more: by what it says of each, by how well
each goes with its neighbours, by whether the text has it elsewhere, by whether two links of the
dictionary lead from the form to it (a log-linear pool; Genest & Zidek 1986, section 3.3), and, as
a document has one key, by all places where the form stands.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore.lattice._lattice import KEEP
from restore.lattice._lexicon import ending
from restore.seq2seq._cloze import Cloze
from restore.seq2seq._key import AGREE
from restore.seq2seq._links import Links
from restore.seq2seq._pieces import INSIDE
from restore.seq2seq._speak import best_listed
from restore.seq2seq._steps import UNKNOWN_ROW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from restore.lattice._lexicon import Lexicon
    from restore.seq2seq._block import Block
    from restore.seq2seq._network import Network
    from restore.seq2seq._speak import Speech
    from restore.seq2seq._steps import Slot

    Floats = NDArray[np.float32]

ASKED = np.log(0.2)  # "not listed" is less probable than this: what is written is no matter
LOOKED_AT = 200  # words compared at a place
AT_ONCE = 64  # places whose words are asked for together: bounds memory
FLOOR = -7.0  # log share of a word at a place where it is not among these


class Weights(NamedTuple):
    """Log-linear weights of what speaks for a word; fitted by `training.seq2seq._wordings`.

    Attributes:
        written: its log probability under the decoder.
        suits: the same under the language model, in its context.
        usual: its usual log frequency: both of these know it.
        stands: log of 1 + how often it stands in the text and means itself.
        ending: 1 if it ends as the form does, and both are inflected.
        linked: 1 if two links of the dictionary lead to it.
    """

    written: float = 0.66
    suits: float = 0.562
    usual: float = -0.324
    stands: float = -0.324
    ending: float = 1.075
    linked: float = 1.048


FITTED = Weights()


class Place(NamedTuple):
    """A place where something is written that no list holds.

    Attributes:
        slot: what has been said of it.
        unit: where it is.
        form: the word that stands there.
    """

    slot: Slot
    unit: int
    form: str


class Wording:
    """Compares what may be written; read-only after construction.

    Args:
        lexicon: dictionary and language model.
        network: says what it would write.
        weights: of what speaks for a word.
    """

    def __init__(self, lexicon: Lexicon, network: Network, weights: Weights = FITTED) -> None:
        self._lexicon, self._network, self.weights = lexicon, network, weights
        self.words = network.pieces.pieces
        self.links = Links(lexicon, self.words)
        self._whole = np.array([is_word(piece) for piece in self.words])
        self._ids = lexicon.model.ids(self.words)
        self._usual = lexicon.log_frequency[self._ids]

    def reword(self, block: Block, speeches: Sequence[Speech]) -> None:
        """Write anew where that is likelier, and say how likely it is.

        Args:
            block: the sentences.
            speeches: all that was said of them, finished; changed in place.
        """
        places = asked(block, speeches)
        if not places:
            return
        pieces, about, covered = self.describe(block, speeches, places)
        shares = log_shares(about @ np.array(self.weights, np.float32))
        shares = pooled([place.form for place in places], pieces, shares, len(self.words))
        best = shares.argmax(1)
        for n, (place, word) in enumerate(zip(places, best.tolist(), strict=True)):
            _rewrite(place.slot, int(pieces[n, word]), float(covered[n] + shares[n, word]))

    def describe(
        self, block: Block, speeches: Sequence[Speech], places: Sequence[Place]
    ) -> tuple[NDArray[np.int64], Floats, Floats]:
        """Return the likeliest words of places, and what speaks for each.

        Returns:
            Pieces (n, W), features (n, W, F) in the order of `Weights`, and the log probability
            that the decoder gives all of these together (n,).
        """
        pieces, logs = self._likeliest(places)
        cloze = Cloze(block, speeches, self._network.pieces, self._lexicon.model)
        stands = self._standing(block, speeches)
        about = np.zeros((*pieces.shape, len(Weights._fields)), np.float32)
        about[..., 0], about[..., 2] = logs, self._usual[pieces]
        about[..., 1] = cloze.shares([place.unit for place in places], self._ids[pieces])
        about[..., 3] = np.log1p(stands[pieces])
        endings = np.array([ending(place.form) for place in places])[:, None]
        about[..., 4] = (self._endings[pieces] == endings) & (endings > 0)
        for n, (place, row) in enumerate(zip(places, pieces, strict=True)):
            about[n, :, 5] = self.links.two_links(place.form)[row]
        covered = np.minimum(np.logaddexp.reduce(logs, axis=1), 0)
        return pieces, about, covered

    @cached_property
    def _endings(self) -> NDArray[np.int8]:
        return np.array([ending(word) for word in self.words], np.int8)

    def _standing(self, block: Block, speeches: Sequence[Speech]) -> NDArray[np.int64]:
        """Count the words of a block that are not read as something else, by their pieces."""
        changed = {
            int(block.unit[speech.view.positions[slot.position]])
            for speech in speeches
            for slot in speech.slots
            if slot.choice != KEEP
        }
        out = np.zeros(len(self.words), np.int64)
        for unit in np.flatnonzero(block.units.is_word).tolist():
            ids = self._network.pieces.ids(block.units.names[unit])
            if len(ids) == 1 and unit not in changed:
                out[ids[0]] += 1
        return out

    def _likeliest(self, places: Sequence[Place]) -> tuple[NDArray[np.int64], Floats]:
        """Return the words that the decoder thinks likeliest, and their log probabilities."""
        found, logs = [], []
        for first in range(0, len(places), AT_ONCE):
            group = places[first : first + AT_ONCE]
            scores = self._network.spell(np.stack([place.slot.query for place in group]))
            scores[:, ~self._whole] = -np.inf
            most = min(LOOKED_AT, scores.shape[1])
            top = np.argpartition(-scores, most - 1, axis=1)[:, :most]
            found.append(top)
            logs.append(np.take_along_axis(scores, top, 1))
        return np.concatenate(found), np.concatenate(logs)


def is_word(piece: str) -> bool:
    """Tell whether a piece is a word by itself.

    >>> [is_word(piece) for piece in ("town", "##s", "a", "b", ".")]
    [True, False, True, False, False]
    """
    return piece.isalpha() and not piece.startswith(INSIDE) and (len(piece) > 1 or piece in "ai")


def asked(block: Block, speeches: Sequence[Speech]) -> list[Place]:
    """Return the places where the original may be one that no list holds."""
    return [
        Place(slot, unit, block.units.names[unit])
        for speech in speeches
        for slot in speech.slots
        if slot.rows[UNKNOWN_ROW] > ASKED and len(slot.query)
        for unit in [int(block.unit[speech.view.positions[slot.position]])]
    ]


def log_shares(scores: Floats) -> Floats:
    """Normalise scores along the last axis."""
    shares: Floats = scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True)
    return shares


def pooled(forms: Sequence[str], pieces: NDArray[np.int64], shares: Floats, size: int) -> Floats:
    """Join what is said of words at all places of a form: a product of experts (Hinton 2002).

    Args:
        forms: of the places, (n,).
        pieces: the words compared there, (n, W).
        shares: their log shares.
        size: of the vocabulary.

    Returns:
        The log shares (n, W); those of n places count as n to the power of `AGREE`.
    """
    by_form: dict[str, list[int]] = defaultdict(list)
    for number, form in enumerate(forms):
        by_form[form].append(number)
    out = shares.copy()
    for numbers in by_form.values():
        if len(numbers) == 1:
            continue
        total = np.full(size, FLOOR * len(numbers), np.float32)
        for n in numbers:
            total[pieces[n]] += np.maximum(shares[n] - FLOOR, 0)
        for n in numbers:
            own = total[pieces[n]] + np.minimum(shares[n] - FLOOR, 0)
            out[n] = own * np.float32(len(numbers) ** (AGREE - 1))
    return log_shares(out)


def _rewrite(slot: Slot, piece: int, log_share: float) -> None:
    """Let a slot write a word, unless it writes a likelier one of several pieces."""
    value = float(slot.rows[UNKNOWN_ROW]) + log_share
    if slot.written is None or len(slot.written) == 1 or slot.log_written < value:
        slot.written, slot.log_written = [piece], value
    best = best_listed(slot)
    slot.choice = UNKNOWN_ROW if slot.log_written > slot.rows[best] else best
