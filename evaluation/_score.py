"""Scores hypotheses against references: statistics a segment, kept by document, and their sums."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from evaluation._errors import EvaluationError
from evaluation._statistics import Segment, count
from evaluation._tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from evaluation._scores import Scores
    from restore import Edit


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
        families: metrics beside the core: ``wer``, ``cer``, ``bleu``, ``chrf``, ``ter``,
            ``fluency``, and with extras ``errant``, ``similarity``, ``lm`` (``lm:MODEL``).

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
    tally = Tally(families)
    for name, segment in zip(documents, segments, strict=True):
        tally.add(name, count(segment, families))
    return tally.scores()


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
