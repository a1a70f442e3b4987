"""Chooses full mode's threshold, and counts how often its confidences are right."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from restore import InputError, apply_edits
from training.seq2seq._source import decoder_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpora.garbler import Garbled
    from restore import Edit
    from restore._decoder import Decoder

IF_SPUN = 0.0  # in texts that are certainly spun the best reading is taken, however unsure
MISSPELT = 0.75  # words that hardly anybody writes are rarely honest
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98)
# Words changed in 1,000 of clean text that the default threshold may cost, by the input's size.
LIMITS = {"whole": 0.1, "paragraphs": 0.1, "sentences": 0.2}
CHEAP = 0.001  # of ERR that a higher threshold may cost: certainty keeps honest text honest
BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.99, 1.0)
DIALECTS = ("A", "C", "E", "random", "random", "random", "noise")
SEED = 177
CLEAN_COPIES = 3  # clean inputs a document, each another excerpt of it


@dataclass(slots=True)
class Count:
    """Sums over documents at one threshold.

    Attributes:
        words: words of the reference.
        before: word errors of the garbled text.
        after: word errors of the restored text.
        edits: edits made.
    """

    words: int = 0
    before: int = 0
    after: int = 0
    edits: int = 0

    @property
    def error_reduction(self) -> float:
        """Share of the word errors removed: 1 - WER after / WER before."""
        return 1 - self.after / self.before if self.before else 0.0


@dataclass(slots=True)
class Calibration:
    """What is known after the documents have been decoded.

    Attributes:
        spun: counts by (dialect, threshold).
        clean: counts by (size of the input, threshold).
        proposed: confidence of each proposed edit on spun text, and whether it is right, where it
            stands opposite one replacement.
    """

    spun: dict[tuple[str, float], Count] = field(default_factory=dict)
    clean: dict[tuple[str, float], Count] = field(default_factory=dict)
    proposed: list[tuple[float, bool]] = field(default_factory=list)

    def changed_per_1000(self, size: str, threshold: float) -> float:
        """Return the words changed in 1,000 of clean text."""
        count = self.clean.get((size, threshold), Count())
        return 1000 * count.edits / max(1, count.words)

    def threshold(self) -> float:
        """Return the highest threshold that costs next to nothing in spun texts.

        Not below the lowest that keeps to the limits, or to what none prevents.

        Raises:
            InputError: nothing garbled was measured, so that every threshold looks as good.
        """
        if not any(count.before for count in self.spun.values()):
            message = "no garbled word was measured to choose a threshold by: give more documents"
            raise InputError(message)
        least = {size: self.changed_per_1000(size, THRESHOLDS[-1]) for size in LIMITS}
        lowest = min(
            t
            for t in THRESHOLDS
            if all(
                self.changed_per_1000(size, t) <= max(most, least[size])
                for size, most in LIMITS.items()
            )
        )
        reduced = {t: self.spun.get(("all", t), Count()).error_reduction for t in THRESHOLDS}
        cheap = max(t for t in THRESHOLDS if reduced[t] >= max(reduced.values()) - CHEAP)
        return max(lowest, cheap)

    def record(self) -> dict[str, Any]:
        """Return all figures as plain data."""
        return {
            "spun": [
                {"dialect": d, "at": t, "words": c.words, "errors": c.before,
                 "err": round(c.error_reduction, 4)}
                for (d, t), c in sorted(self.spun.items())
            ],
            "clean": [
                {"size": s, "at": t, "words": c.words,
                 "changed_per_1000": round(self.changed_per_1000(s, t), 3)}
                for (s, t), c in sorted(self.clean.items())
            ],
            "reliability": list(self._bins()),
        }  # fmt: skip

    def _bins(self) -> Iterator[dict[str, float]]:
        for low, high in pairwise(BINS):
            top = high if high < 1 else 1.1
            inside = [(c, right) for c, right in self.proposed if low <= c < top]
            if inside:
                yield {
                    "from": low, "to": high, "edits": len(inside),
                    "confidence": round(sum(c for c, _ in inside) / len(inside), 4),
                    "right": round(sum(right for _, right in inside) / len(inside), 4),
                }  # fmt: skip


def calibrate(folder: Path, corpora: Path, documents: int) -> Calibration:
    """Decode held-out documents, spun and clean, and count what each threshold makes of them.

    Raises:
        InputError: there is none.
    """
    from training.fast._examples import excerpt
    from training.fast._run import measuring
    from training.seq2seq._stream import garble

    decoder = decoder_of(folder)
    found = Calibration()
    for number, (name, text) in enumerate(measuring(corpora, documents)):
        dialect = DIALECTS[number % len(DIALECTS)]
        _, short = excerpt(text, name)
        garbled = garble(dialect, SEED, short, name)
        _count_spun(found, dialect, short, garbled, decoder)
        for copy in range(CLEAN_COPIES):
            size, short = excerpt(text, f"{name} {copy}")
            _count_clean(found, size, short, decoder)
    return found


def _accepted(text: str, decoder: Decoder) -> tuple[list[Edit], dict[float, list[Edit]], int]:
    from restore._document import Document
    from restore.seq2seq._network import policy_of

    document = Document.parse(text)
    proposal = decoder.propose(document)
    return (
        list(proposal.edits),
        {
            at: policy_of({"min_confidence": at, "misspelt": MISSPELT, "if_spun": IF_SPUN})
            .fitting(proposal)
            .accept(proposal.edits, document, decoder.knows)
            for at in THRESHOLDS
        },
        proposal.words,
    )


def _count_clean(found: Calibration, size: str, text: str, decoder: Decoder) -> None:
    """Count the edits that the threshold decides about; misspelt words have one of their own."""
    _, accepted, words = _accepted(text, decoder)
    for at, edits in accepted.items():
        count = found.clean.setdefault((size, at), Count())
        decided = sum(not edit.source.endswith(":spelling") for edit in edits)
        count.words, count.edits = count.words + words, count.edits + decided


def _count_spun(
    found: Calibration, dialect: str, reference: str, garbled: Garbled, decoder: Decoder
) -> None:
    proposed, accepted, _ = _accepted(garbled.text, decoder)
    found.proposed += _judged(proposed, garbled.edits)
    words, before = len(reference.split()), word_errors(reference, garbled.text)
    for at, edits in accepted.items():
        after = word_errors(reference, apply_edits(garbled.text, edits))
        for name in (dialect, "all"):
            count = found.spun.setdefault((name, at), Count())
            count.words, count.before = count.words + words, count.before + before
            count.after, count.edits = count.after + after, count.edits + len(edits)


def _judged(proposed: list[Edit], right: list[Edit]) -> Iterator[tuple[float, bool]]:
    """Yield confidence and rightness of edits; those inside a longer replacement say nothing."""
    gold = {(edit.start, edit.end): edit.after for edit in right}
    touched = {at for edit in right for at in range(edit.start, max(edit.end, edit.start + 1))}
    for edit in proposed:
        exact = gold.get((edit.start, edit.end))
        if exact is not None or not touched.intersection(range(edit.start, edit.end)):
            yield edit.confidence, exact == edit.after


def word_errors(reference: str, hypothesis: str) -> int:
    """Return the word edit distance: WER times the words of the reference.

    >>> word_errors("the old town", "nan old town hall")
    2
    """
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(reference.split(), hypothesis.split())
