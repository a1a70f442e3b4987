"""Chooses full mode's threshold, and counts how often its confidences are right."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from corpora.garbler import Garbled
    from restore._decoder import Decoder
    from restore._edits import Edit

IF_SPUN = 0.2  # in texts that are certainly spun a wrong guess costs little: they stay below
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
# Words changed in 1,000 of clean text that the default threshold may cost, by the input's size.
LIMITS = {"whole": 0.3, "paragraphs": 0.5, "sentences": 0.6}
BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.99, 1.0)
DIALECTS = ("A", "C", "E", "random", "random", "random")
SEED = 177
CLEAN_COPIES = 3  # clean inputs a document, each another excerpt of it


@dataclass(slots=True)
class Count:
    """Sums over documents at one threshold."""

    words: int = 0
    garbled: int = 0
    fixed: int = 0
    wrong: int = 0
    broken: int = 0


@dataclass(slots=True)
class Calibration:
    """What is known after the documents have been decoded.

    Attributes:
        spun: counts by (dialect, threshold).
        clean: counts by (size of the input, threshold).
        proposed: confidence of each proposed edit on spun text, and whether it is right.
    """

    spun: dict[tuple[str, float], Count] = field(default_factory=dict)
    clean: dict[tuple[str, float], Count] = field(default_factory=dict)
    proposed: list[tuple[float, bool]] = field(default_factory=list)

    def changed_per_1000(self, size: str, threshold: float) -> float:
        """Return the words changed in 1,000 of clean text."""
        count = self.clean.get((size, threshold), Count())
        return 1000 * count.broken / max(1, count.words)

    def threshold(self) -> float:
        """Return the lowest threshold that keeps to the limits."""
        fitting = [
            t
            for t in THRESHOLDS
            if all(self.changed_per_1000(size, t) <= most for size, most in LIMITS.items())
        ]
        return min(fitting, default=THRESHOLDS[-1])

    def record(self) -> dict[str, Any]:
        """Return all figures as plain data."""
        return {
            "spun": [
                {"dialect": d, "at": t, "words": c.words, "garbled": c.garbled,
                 "err": round((c.fixed - c.broken) / max(1, c.garbled), 4),
                 "fixed": round(c.fixed / max(1, c.garbled), 4),
                 "wrong": round(c.wrong / max(1, c.garbled), 4),
                 "broken_per_1000": round(1000 * c.broken / max(1, c.words - c.garbled), 3)}
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


def calibrate_folder(
    model: Path, out: Path, corpora: Path, documents: int, log: Callable[[str], None]
) -> Calibration:
    """Export `model` to `out` with the threshold that held-out documents ask for."""
    from training.seq2seq._export import export

    with tempfile.TemporaryDirectory() as folder:
        export(model, Path(folder), {"min_confidence": 0.5, "if_spun": IF_SPUN})
        found = calibrate(Path(folder), corpora, documents)
    for name, at in sorted(found.spun):
        count = found.spun[name, at]
        err = (count.fixed - count.broken) / max(1, count.garbled)
        log(f"{name} at {at}: ERR {err:.3f}, garbled {count.garbled}")
    for at in THRESHOLDS:
        sizes = ", ".join(f"{s} {found.changed_per_1000(s, at):.2f}" for s in LIMITS)
        log(f"clean, changed in 1,000 at {at}: {sizes}")
    record = {"min_confidence": found.threshold(), "if_spun": IF_SPUN}
    export(model, out, record | {"calibration": found.record()})
    log(f"threshold {found.threshold()}, written to {out}")
    return found


def calibrate(folder: Path, corpora: Path, documents: int) -> Calibration:
    """Decode held-out documents, spun and clean, and count what each threshold makes of them."""
    from restore._modes import load_decoder
    from training.fast._examples import excerpt, read_held_out
    from training.fast._run import MEASURE_PART, _draw
    from training.seq2seq._stream import garble

    decoder, _ = load_decoder("full", (), folder)
    found = Calibration()
    texts = sorted(read_held_out(corpora, MEASURE_PART), key=_draw)[:documents]
    for number, (name, text) in enumerate(texts):
        dialect = DIALECTS[number % len(DIALECTS)]
        _, short = excerpt(text, name)
        _count_spun(found, dialect, garble(dialect, SEED, short, name), decoder)
        for copy in range(CLEAN_COPIES):
            size, short = excerpt(text, f"{name} {copy}")
            _count_clean(found, size, short, decoder)
    return found


def _accepted(text: str, decoder: Decoder) -> tuple[list[Edit], dict[float, list[Edit]], int]:
    from restore._document import Document
    from restore._policy import Policy

    document = Document.parse(text)
    proposal = decoder.propose(document)
    return (
        list(proposal.edits),
        {
            at: Policy.from_threshold(at, IF_SPUN)
            .fitting(proposal)
            .accept(proposal.edits, document, decoder.knows)
            for at in THRESHOLDS
        },
        proposal.words,
    )


def _count_clean(found: Calibration, size: str, text: str, decoder: Decoder) -> None:
    _, accepted, words = _accepted(text, decoder)
    for at, edits in accepted.items():
        count = found.clean.setdefault((size, at), Count())
        count.words, count.broken = count.words + words, count.broken + len(edits)


def _count_spun(found: Calibration, dialect: str, garbled: Garbled, decoder: Decoder) -> None:
    proposed, accepted, words = _accepted(garbled.text, decoder)
    gold = {(e.start, e.end): e.after for e in garbled.edits}
    touched = {at for e in garbled.edits for at in range(e.start, max(e.end, e.start + 1))}
    found.proposed += [(e.confidence, gold.get((e.start, e.end)) == e.after) for e in proposed]
    for at, edits in accepted.items():
        for name in (dialect, "all"):
            count = found.spun.setdefault((name, at), Count())
            count.words, count.garbled = count.words + words, count.garbled + len(gold)
            for edit in edits:
                if gold.get((edit.start, edit.end)) == edit.after:
                    count.fixed += 1
                elif any(place in touched for place in range(edit.start, edit.end)):
                    count.wrong += 1
                else:
                    count.broken += 1
