"""Scores hypotheses against references: statistics a segment, kept by document, and their sums."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evaluation import _metrics
from evaluation._errors import EvaluationError
from evaluation._overlap import FAMILIES
from evaluation._statistics import CORE, Segment, count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from evaluation._statistics import Counts
    from restore._edits import Edit

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


def score(  # noqa: PLR0913 - three texts, and what may be known about them by name
    sources: Sequence[str],
    references: Sequence[str],
    hypotheses: Sequence[str],
    *,
    documents: Sequence[str] | None = None,
    edits: Sequence[Sequence[Edit]] | None = None,
    gold: Sequence[Sequence[Edit]] | None = None,
    families: Sequence[str] = ("wer",),
) -> Scores:
    """Score parallel lists of texts.

    Args:
        sources: the texts as the system got them.
        references: the texts as they should be.
        hypotheses: the texts as the system made them.
        documents: id of the document of each segment; segments of one id count together where
            documents are resampled. By default each segment is a document.
        edits: the system's edits for each source, for calibration.
        gold: the edits that undo the garbling, for the fix rate by relation.
        families: metrics beside the core: ``wer``, ``cer``, ``bleu``, ``chrf``, ``ter``.

    Raises:
        EvaluationError: the lists differ in length, or a family is unknown.

    >>> score(["nan cat"], ["the cat"], ["the cat"]).metrics["err"]
    1.0
    """
    given = {"sources": sources, "references": references, "hypotheses": hypotheses}
    optional = {"documents": documents, "edits": edits, "gold": gold}
    same_lengths(given | {name: one for name, one in optional.items() if one is not None})
    segments = [
        Segment(
            source,
            references[n],
            hypotheses[n],
            edits[n] if edits else (),
            gold[n] if gold else (),
        )
        for n, source in enumerate(sources)
    ]
    names = documents or [str(n) for n in range(len(segments))]
    return score_segments(segments, names, families=families)


def same_lengths(lists: Mapping[str, Sequence[object]]) -> None:
    """Check that all lists have one length.

    Raises:
        EvaluationError: they have not; the message names each with its length.
    """
    lengths = {name: len(one) for name, one in lists.items()}
    if len(set(lengths.values())) > 1:
        named = ", ".join(f"{length} {name}" for name, length in lengths.items())
        message = f"unequal lengths: {named}; each source needs its reference and its hypothesis"
        raise EvaluationError(message)


def score_segments(
    segments: Iterable[Segment], documents: Sequence[str], *, families: Sequence[str] = ("wer",)
) -> Scores:
    """Score segments, and add their statistics up by document; see `score`."""
    unknown = sorted(set(families) - FAMILIES.keys())
    if unknown:
        message = f"no metric family {unknown[0]!r}; there are: {', '.join(FAMILIES)}"
        raise EvaluationError(message)
    columns = (*CORE, *(c for name in families for c in FAMILIES[name].columns), *DOCUMENTS)
    return _gather((count(segment, families) for segment in segments), documents, columns, families)


def _gather(
    counted: Iterable[Counts],
    documents: Sequence[str],
    columns: tuple[str, ...],
    families: Sequence[str],
) -> Scores:
    order = {name: n for n, name in enumerate(dict.fromkeys(documents))}
    table = np.zeros((len(order), len(columns)))
    relations: dict[str, tuple[int, int]] = {}
    for name, counts in zip(documents, counted, strict=True):
        table[order[name]] += [counts.values.get(column, 0.0) for column in columns]
        for relation, (total, fixed) in counts.relations.items():
            old = relations.get(relation, (0, 0))
            relations[relation] = (old[0] + total, old[1] + fixed)
    at = {column: n for n, column in enumerate(columns)}
    table[:, at["documents"]] = 1
    table[:, at["documents_exact"]] = table[:, at["exact"]] == table[:, at["segments"]]
    return Scores(columns, tuple(order), table, relations, tuple(families))


def slices(
    segments: Sequence[Segment],
    documents: Sequence[str],
    by: Callable[[int], str],
    *,
    families: Sequence[str] = ("wer",),
) -> dict[str, Scores]:
    """Score the segments in groups.

    Args:
        segments: what to score.
        documents: id of the document of each.
        by: index of a segment to the name of its group.
        families: see `score`.

    Returns:
        Group to scores, groups in the order of their names.
    """
    groups: dict[str, list[int]] = {}
    for n in range(len(segments)):
        groups.setdefault(by(n), []).append(n)
    return {
        name: score_segments(
            [segments[n] for n in group], [documents[n] for n in group], families=families
        )
        for name, group in sorted(groups.items())
    }


def data_hash(rows: Iterable[object]) -> str:
    """Return the first 12 hex digits of the SHA-256 of rows of plain data, as canonical JSON.

    >>> data_hash([("a", "b")]) == data_hash([["a", "b"]])
    True
    """
    digest = hashlib.sha256()
    for row in rows:
        digest.update(json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n")
    return digest.hexdigest()[:12]
