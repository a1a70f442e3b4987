"""Some sentences as the network reads them: units, positions, readings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from restore.lattice._columns import NAMES
from restore.lattice._decoder import is_evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from restore.lattice._features import Describer
    from restore.lattice._lattice import Lattice
    from restore.lattice._units import Units
    from restore.seq2seq._batch import View
    from restore.seq2seq._steps import Slot

CANDIDATES = 20  # of the dictionary at a position, more than fast mode looks at
ROWS = CANDIDATES + 2  # readings of a position: keep and unknown as well
RELATIONS = 32  # relation codes that the network has room for
SPELLING = RELATIONS - 1
FLOOR = -12.0  # a log probability that stands for impossible
FEATURES = len(NAMES)
NAME = 2  # `Units.case` of a capitalised word inside a sentence


def speaks_for_spinner(relation: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell which readings, by their relation codes, a list or the key explains."""
    found: NDArray[np.bool_] = is_evidence(relation) & (relation != SPELLING)
    return found


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
        describer: describes its rows, None where there is no lattice.
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
    describer: Describer | None
    row_of: NDArray[np.int64]
    ruled: NDArray[np.bool_]
    strange: NDArray[np.bool_]

    @classmethod
    def blank(
        cls, texts: list[str], unit_text: NDArray[np.int64], units: Units, unit: NDArray[np.int64]
    ) -> Block:
        """Return a block whose positions have no readings yet."""
        rows = (len(unit), ROWS)
        number = np.searchsorted(units.begins, np.arange(len(unit_text)), side="right") - 1
        return cls(
            texts=texts,
            unit_text=unit_text,
            case=units.case.astype(np.int64),
            kind=np.where(units.free, 2, np.where(units.is_word, 1, 0)).astype(np.int64),
            sentence=number.astype(np.int64),
            unit=unit,
            row_text=np.full(rows, -1, np.int64),
            log_fast=np.full(rows, FLOOR, np.float32),
            relation=np.zeros(rows, np.int64),
            features=np.zeros((*rows, FEATURES), np.float32),
            units=units,
            lattice=None,
            scores=np.zeros(0, np.float32),
            describer=None,
            row_of=np.full(rows, -1, np.int64),
            ruled=np.zeros(len(unit), bool),
            strange=np.zeros(len(unit), bool),
        )

    def unit_of(self, view: View, slot: Slot) -> int:
        """Return the unit that a slot of a view of this block is about."""
        return int(self.unit[view.positions[slot.position]])


class Texts:
    """Distinct texts in the order in which they came.

    Args:
        items: those that are there already, distinct.
    """

    def __init__(self, items: Sequence[str] = ()) -> None:
        self.items = list(items)
        self._index = {text: number for number, text in enumerate(self.items)}

    def index(self, text: str) -> int:
        """Return the number of a text, a new one for a new text."""
        number = self._index.get(text)
        if number is None:
            number = self._index[text] = len(self.items)
            self.items.append(text)
        return number
