"""Adds statistics of segments up as they come, by document and by slice: no segment is kept."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from evaluation._families import check_families, family_of
from evaluation._scores import DOCUMENTS, Scores
from evaluation._statistics import CORE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from evaluation._statistics import Counts

MOST_VALUES = 20  # metadata with more values than this is no slice


def columns_of(families: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the statistics, in the order of the columns of `Scores`.

    Raises:
        EvaluationError: a family is unknown, or named twice.
    """
    check_families(families)
    return (*CORE, *(c for name in families for c in family_of(name).columns), *DOCUMENTS)


class Tally:
    """Sums that grow segment by segment."""

    def __init__(self, families: Sequence[str], slice_by: Sequence[str] | None = None) -> None:
        """Start at zero.

        Args:
            families: metrics beside the core, whose statistics the counts hold.
            slice_by: labels to slice by; None takes all with few values.
        """
        self._columns = columns_of(families)
        self._families = tuple(families)
        self._slice_by = slice_by
        self._documents: dict[str, NDArray[np.float64]] = {}
        self._relations: dict[str, tuple[int, int]] = {}
        self._slices: dict[str, dict[str, NDArray[np.float64]]] = defaultdict(dict)

    def add(self, document: str, counts: Counts, labels: Mapping[str, str] | None = None) -> None:
        """Add a segment's statistics to its document, and to the slices that its labels name."""
        row = np.array([counts.values.get(column, 0.0) for column in self._columns])
        if document in self._documents:
            self._documents[document] += row
        else:
            self._documents[document] = row.copy()
        for relation, (total, fixed) in counts.relations.items():
            old = self._relations.get(relation, (0, 0))
            self._relations[relation] = (old[0] + total, old[1] + fixed)
        for key, value in (labels or {}).items():
            self._add_slice(key, value, row)

    def _add_slice(self, key: str, value: str, row: NDArray[np.float64]) -> None:
        parts = self._slices[key]
        if value in parts:
            parts[value] = parts[value] + row
        elif self._slice_by is not None or len(parts) <= MOST_VALUES:
            parts[value] = row

    def scores(self) -> Scores:
        """Return the sums by document."""
        width = len(self._columns)
        rows = list(self._documents.values())
        table = np.stack(rows) if rows else np.zeros((0, width))
        at = {column: n for n, column in enumerate(self._columns)}
        table[:, at["documents"]] = 1
        table[:, at["documents_exact"]] = table[:, at["exact"]] == table[:, at["segments"]]
        return Scores(self._columns, tuple(self._documents), table, self._relations, self._families)

    def slices(self) -> dict[str, dict[str, dict[str, float]]]:
        """Return label to value to sums, where a label has several values but not too many."""
        found = {}
        names = self._columns[: -len(DOCUMENTS)]  # a document may lie in several slices
        for key, parts in self._slices.items():
            few = len(parts) <= MOST_VALUES or self._slice_by is not None
            if len(parts) > 1 and few:
                found[key] = {
                    value: dict(zip(names, row.tolist(), strict=False))
                    for value, row in sorted(parts.items())
                }
        return found
