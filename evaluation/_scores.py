"""Statistics by document: what every metric, interval, test and difference is computed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evaluation import _metrics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DOCUMENTS = ("documents", "documents_exact")


@dataclass(slots=True)
class Scores:
    """Statistics by document, from which every metric follows.

    Attributes:
        columns: names of the statistics.
        documents: ids, in the order of `table`'s rows.
        table: sums of statistics, one row a document, one column a statistic.
        relations: relation of a gold edit to (how often, how often fixed).
        families: the families of metrics that were collected beside the core.
    """

    columns: tuple[str, ...]
    documents: tuple[str, ...]
    table: NDArray[np.float64]
    relations: dict[str, tuple[int, int]]
    families: tuple[str, ...]

    @property
    def sums(self) -> dict[str, float]:
        """The statistics summed over all documents."""
        return self.sums_of(self.table.sum(axis=0))

    def sums_of(self, row: NDArray[np.float64]) -> dict[str, float]:
        """Name the columns of a row of sums."""
        return dict(zip(self.columns, row.tolist(), strict=True))

    @property
    def metrics(self) -> dict[str, float]:
        """Metric to value; `_metrics.MEANINGS` says what each is."""
        return _metrics.metrics(self.sums)

    def where(self, keep: Sequence[bool]) -> Scores:
        """Return the part of the documents for which `keep` is true (without relations)."""
        mask = np.asarray(keep, dtype=bool)
        kept = tuple(name for name, here in zip(self.documents, mask, strict=True) if here)
        return Scores(self.columns, kept, self.table[mask], {}, self.families)
