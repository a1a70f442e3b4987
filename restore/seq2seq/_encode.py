"""What the network is told of a text: its units, and at each position the lattice's readings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from restore.lattice._columns import LOG_PRIOR, LOG_RANK, NAMES
from restore.lattice._decoder import decode, obey_rules
from restore.lattice._features import Describer
from restore.lattice._lattice import KEEP, KEY, UNKNOWN, build_lattice
from restore.lattice._units import split_units
from restore.seq2seq._batch import is_doubtful
from restore.seq2seq._spelling import Speller

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from restore._document import Document
    from restore.lattice._lattice import Lattice
    from restore.lattice._lexicon import Lexicon
    from restore.lattice._units import Units
    from restore.lattice._weights import Weights

CANDIDATES = 20  # of the dictionary at a position, more than fast mode looks at
ROWS = CANDIDATES + 2  # readings of a position: keep and unknown as well
RELATIONS = 32  # relation codes that the network has room for
FLOOR = -12.0  # a log probability that stands for impossible
# Strange words in small letters from which on strange names are thought misspelt as well.
MISSPELT_WORDS, MISSPELT_SHARE = 3, 0.02
NAME = 2  # `Units.case` of a capitalised word inside a sentence
FEATURES = len(NAMES)
# What is believed of words that the lattice says nothing about, such as misspelt ones.
_LONE_KEEP, _LONE_UNKNOWN = -0.05, -3.0
# The same of words that even the language model hardly knows, and of their candidates together.
_STRANGE_KEEP, _STRANGE_UNKNOWN, _STRANGE_SPELT = 0.4, 0.1, 0.5
_ACCENTED_KEEP = 0.1
SPELLING = RELATIONS - 1


@dataclass(slots=True)
class Block:
    """Consecutive sentences of a document, as the network reads them.

    N units, P positions (units that may be decided about), T distinct texts, R = `ROWS`.

    Attributes:
        texts: distinct lower-case texts of units and readings.
        unit_text: index into `texts`, shape (N,).
        case: 0 lower, 1 capital at a sentence start, 2 elsewhere, 3 capitals, shape (N,).
        kind: 0 no word, 1 protected word, 2 free word, shape (N,).
        sentence: number of each unit's sentence, shape (N,).
        unit: unit of each position, shape (P,).
        row_text: index into `texts` of each reading, the unit's own for keep and unknown;
            -1 where there are fewer readings; shape (P, R). Keep is first, unknown second.
        log_fast: fast mode's log posterior, shape (P, R).
        relation: shape (P, R).
        features: fast mode's view of each reading, shape (P, R, FEATURES).
        units: where the units stand in the document.
        lattice: fast mode's pruned lattice, None where it has no position.
        scores: its log posteriors, rules obeyed.
        row_of: row of the lattice that each reading comes from, -1 for none, shape (P, R).
        ruled: positions that a rule decides whatever the context, shape (P,).
        strange: positions whose word no list knows, shape (P,).
    """

    texts: list[str]
    unit_text: NDArray[np.int64]
    case: NDArray[np.int64]
    kind: NDArray[np.int64]
    sentence: NDArray[np.int64]
    unit: NDArray[np.int64]
    row_text: NDArray[np.int64]
    log_fast: NDArray[np.float32]
    relation: NDArray[np.int64]
    features: NDArray[np.float32]
    units: Units
    lattice: Lattice | None
    scores: NDArray[np.float32]
    row_of: NDArray[np.int64]
    ruled: NDArray[np.bool_]
    strange: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Reader:
    """What it takes to read a text as the network does.

    Attributes:
        lexicon: dictionary and language model.
        weights: fast mode's.
        speller: finds words near a misspelt one.
    """

    lexicon: Lexicon
    weights: Weights
    speller: Speller

    @classmethod
    def of(cls, lexicon: Lexicon, weights: Weights) -> Reader:
        """Make a reader with a speller of its own."""
        return cls(lexicon, weights, Speller(lexicon.model))


def encode(
    document: Document,
    sentences: list[tuple[int, int]],
    reader: Reader,
    key: Mapping[str, str] | None = None,
    *,
    whole: bool = True,
) -> Block:
    """Run fast mode over consecutive `sentences` and lay out what it found.

    Args:
        document: the text.
        sentences: first and end token of each.
        reader: what it takes.
        key: function words that forms stand for in this document, as far as that is known.
        whole: False lays out nothing where no word is doubtful, as nothing is read there.
    """
    lexicon, weights, speller = reader.lexicon, reader.weights, reader.speller
    units = split_units(document, sentences, lexicon)
    lattice = build_lattice(units, lexicon, key)
    texts = _Texts()
    unit_text = np.array([texts.index(name) for name in units.names], np.int64)
    misspelt = _is_misspelt(units, speller)
    unit = np.flatnonzero(_positions(units, lattice, speller, misspelt=misspelt))
    count = len(unit)
    block = Block(
        texts.items,
        unit_text,
        units.case.astype(np.int64),
        np.where(units.free, 2, np.where(units.is_word, 1, 0)).astype(np.int64),
        (np.searchsorted(units.begins, np.arange(len(unit_text)), side="right") - 1).astype(
            np.int64
        ),
        unit,
        np.full((count, ROWS), -1, np.int64),
        np.full((count, ROWS), FLOOR, np.float32),
        np.zeros((count, ROWS), np.int64),
        np.zeros((count, ROWS, FEATURES), np.float32),
        units,
        None,
        np.zeros(0, np.float32),
        np.full((count, ROWS), -1, np.int64),
        np.zeros(count, bool),
        np.zeros(count, bool),
    )
    _lone_rows(block)
    if lattice is not None:
        _lattice(block, lattice, lexicon, weights)
    _strange(block, speller, accents=misspelt)
    if whole or is_doubtful(block).any():
        _lattice_rows(block, lexicon, texts)
        _spelling_rows(block, speller, texts)
    _obey(block, lexicon)
    block.texts = texts.items
    return block


class _Texts:
    def __init__(self) -> None:
        self.items: list[str] = []
        self._index: dict[str, int] = {}

    def index(self, text: str) -> int:
        number = self._index.get(text)
        if number is None:
            number = self._index[text] = len(self.items)
            self.items.append(text)
        return number


def _is_misspelt(units: Units, speller: Speller) -> bool:
    """Tell whether several words in small letters are misspelt."""
    plain = np.flatnonzero(units.plain).tolist()
    strange = sum(speller.is_strange(units.names[number]) for number in plain)
    return strange >= max(MISSPELT_WORDS, MISSPELT_SHARE * int(units.is_word.sum()))


def _positions(
    units: Units, lattice: Lattice | None, speller: Speller, *, misspelt: bool
) -> NDArray[np.bool_]:
    """Tell which units are decided about: the lattice's, and other free words but names.

    Where other words are misspelt, unknown names are looked at as well.
    """
    chosen: NDArray[np.bool_] = units.free & (units.case != NAME)
    if lattice is not None:
        chosen[lattice.unit] = True
    if misspelt:
        for name in np.flatnonzero(units.free & ~chosen).tolist():
            chosen[name] = speller.is_strange(units.names[name])
    return chosen


def _lone_rows(block: Block) -> None:
    block.row_text[:, :2] = block.unit_text[block.unit][:, None]
    block.log_fast[:, 0], block.log_fast[:, 1] = _LONE_KEEP, _LONE_UNKNOWN
    block.relation[:, 0], block.relation[:, 1] = KEEP, UNKNOWN
    block.features[:, 0, 0] = block.features[:, 1, 1] = 1


def _lattice(block: Block, lattice: Lattice, lexicon: Lexicon, weights: Weights) -> None:
    """Decode the lattice, and note how sure each word is right as it stands."""
    block.lattice, block.scores = decode(lattice, lexicon, weights, CANDIDATES)
    lattice = block.lattice
    keep = np.maximum(block.scores[lattice.starts[:-1]], FLOOR)
    block.log_fast[np.searchsorted(block.unit, lattice.unit), 0] = keep


def _strange(block: Block, speller: Speller, *, accents: bool) -> None:
    """Find the words that neither the lattice nor the language knows.

    A word of the document's key may be a misspelt word after all. With `accents` words that nobody
    writes with theirs are strange as well.
    """
    listed = np.zeros(len(block.unit), bool)
    if (lattice := block.lattice) is not None:
        known = lattice.owner[lattice.readings.relation[lattice.slot] > KEY]
        listed[np.searchsorted(block.unit, lattice.unit[known])] = True
    for position in np.flatnonzero(~listed).tolist():
        word = block.texts[block.unit_text[block.unit[position]]]
        block.strange[position] = speller.is_strange(word) or (
            accents and speller.is_accented(word)
        )


def _lattice_rows(block: Block, lexicon: Lexicon, texts: _Texts) -> None:
    """Write the readings of all lattice positions, the most probable first."""
    lattice, scores = block.lattice, block.scores
    if lattice is None:
        return
    described = Describer(lattice, lexicon).describe(scores)
    relation = lattice.readings.relation[lattice.slot]
    # Keep and unknown go first whatever their posterior.
    first = np.where(relation == KEEP, 2, np.where(relation == UNKNOWN, 1, 0))
    order = np.lexsort((-scores, -first, lattice.owner))
    place = np.arange(len(order)) - lattice.starts[:-1][lattice.owner[order]]
    order, place = order[place < ROWS], place[place < ROWS]
    at = np.searchsorted(block.unit, lattice.unit)[lattice.owner[order]]
    block.row_of[at, place] = order
    block.log_fast[at, place] = np.maximum(scores[order], FLOOR)
    block.relation[at, place] = relation[order]
    block.features[at, place] = described[order]
    text = lattice.readings.text[lattice.slot[order]]
    listed = relation[order] > UNKNOWN
    own = {
        number: texts.index(lexicon.originals[number].lower())
        for number in np.unique(text[listed]).tolist()
    }
    block.row_text[at[listed], place[listed]] = [own[n] for n in text[listed].tolist()]


def _obey(block: Block, lexicon: Lexicon) -> None:
    """Decide by rule what rules decide, and note where."""
    if (lattice := block.lattice) is not None:
        ruled = obey_rules(lattice, lexicon, block.scores)
        block.ruled[np.searchsorted(block.unit, lattice.unit[ruled])] = True


def _spelling_rows(block: Block, speller: Speller, texts: _Texts) -> None:
    """Give strange words the usual words near them."""
    for position in np.flatnonzero(block.strange).tolist():
        word = block.texts[block.unit_text[block.unit[position]]]
        first = 2 + int((block.row_text[position, 2:] >= 0).sum())
        found = speller.candidates(word)[: ROWS - first]
        if not found:
            continue
        rows = slice(first, first + len(found))
        weights = np.array([weight for _, weight in found], np.float32)
        shares = np.exp(weights - weights.max())
        block.row_text[position, rows] = [texts.index(text) for text, _ in found]
        block.relation[position, rows] = SPELLING
        keep = _STRANGE_KEEP if word.isascii() else _ACCENTED_KEEP
        block.log_fast[position, :2] = np.log([keep, _STRANGE_UNKNOWN])
        block.log_fast[position, rows] = np.log(
            np.maximum(shares / shares.sum() * _STRANGE_SPELT, np.exp(FLOOR))
        )
        block.features[position, rows, LOG_PRIOR] = weights
        block.features[position, rows, LOG_RANK] = np.log1p(np.arange(len(found)))
