"""Chooses full mode's threshold, and counts how often its confidences are right."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from restore._edits import apply_edits
from restore._errors import InputError
from restore.seq2seq._network import CLOSING, WORDING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from corpora.garbler import Garbled
    from restore._decoder import Decoder
    from restore._edits import Edit
    from restore.seq2seq import Seq2SeqDecoder
    from training.seq2seq._export import Fitted

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
        """
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


def calibrate_folder(
    model: Path,
    out: Path,
    corpora: Path,
    documents: tuple[int, int, int],
    log: Callable[[str], None],
    ngram: Path | None = None,
) -> Calibration:
    """Export `model` to `out` with a closing round and the threshold that documents ask for.

    Args:
        model: what training wrote.
        out: folder to write.
        corpora: folder of Parquet corpora.
        documents: how many fit the closing round, how many what weighs written words (0: there is
            none), how many others choose the threshold.
        log: told about progress and figures, a line at a time.
        ngram: language model that has read less, so that there are more documents to fit the
            closing round on; the threshold is chosen with the shipped one.
    """
    from training.seq2seq._export import export

    plain = {"min_confidence": 0.5, "misspelt": MISSPELT, "if_spun": IF_SPUN}
    with tempfile.TemporaryDirectory() as folder:
        export(model, Path(folder), plain)
        fitted = fit(decoder_of(Path(folder), ngram), corpora, documents[:2], log)
        export(model, Path(folder), plain, fitted)
        found = calibrate(Path(folder), corpora, documents[2])
    for (name, at), count in sorted(found.spun.items()):
        log(f"{name} at {at}: ERR {count.error_reduction:.3f} of {count.before} errors")
    for at in THRESHOLDS:
        sizes = ", ".join(f"{s} {found.changed_per_1000(s, at):.2f}" for s in LIMITS)
        log(f"clean, changed in 1,000 at {at}: {sizes}")
    record = {"min_confidence": found.threshold(), "misspelt": MISSPELT, "if_spun": IF_SPUN}
    export(model, out, record | {"calibration": found.record()}, fitted)
    log(f"threshold {found.threshold()}, written to {out}")
    return found


def recalibrate(folder: Path, corpora: Path, documents: int) -> Calibration:
    """Measure an exported model anew, and write what is found into its description.

    Args:
        folder: the model.
        corpora: folder of Parquet corpora.
        documents: how many choose the threshold.
    """
    found, path = calibrate(folder, corpora, documents), folder / "config.json"
    record = {"min_confidence": found.threshold(), "calibration": found.record()}
    write_settings(path, json.loads(path.read_text(encoding="utf-8")) | record)
    return found


def fit(
    decoder: Seq2SeqDecoder,
    corpora: Path,
    documents: tuple[int, int],
    log: Callable[[str], None],
) -> Fitted:
    """Fit what is fitted on a network's output.

    Args:
        decoder: runs the network, which has neither yet.
        corpora: folder of Parquet corpora.
        documents: how many fit the closing round, and what weighs written words; 0: there is none.
        log: told about progress, a line at a time.

    Raises:
        InputError: there is too little to fit them on.
    """
    from training.seq2seq._closing import fit_closing
    from training.seq2seq._export import Fitted
    from training.seq2seq._wordings import fit_wordings

    closing = fit_closing(decoder, corpora, documents[0], log)
    if documents[0] and closing is None:
        message = f"{corpora} holds nothing to fit the closing round on: give more corpora"
        raise InputError(message)
    decoder.network.closing = closing
    wording = fit_wordings(decoder, corpora, documents[1], log) if documents[1] else None
    return Fitted(closing, wording)


def refit(
    folder: Path,
    corpora: Path,
    documents: tuple[int, int],
    log: Callable[[str], None],
    ngram: Path | None,
) -> None:
    """Fit anew what is fitted on an exported model's output.

    Args:
        folder: the model; it has none of it while this runs, and what it had if that fails.
        corpora: folder of Parquet corpora.
        documents: see `fit`.
        log: told about progress, a line at a time.
        ngram: language model that has read less.

    Raises:
        InputError: see `fit`.
    """
    path = folder / "config.json"
    before = json.loads(path.read_text(encoding="utf-8"))
    rest = {n: digest for n, digest in before["sha256"].items() if n not in {CLOSING, WORDING}}
    write_settings(path, before | {"sha256": rest})
    try:
        digests = fit(decoder_of(folder, ngram), corpora, documents, log).save(folder)
    except BaseException:  # what was there is as good as before
        write_settings(path, before)
        raise
    write_settings(path, before | {"sha256": rest | digests})


def write_settings(path: Path, settings: Mapping[str, object]) -> None:
    """Write a model's config.json, whole or not at all."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(settings, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    part.replace(path)


def calibrate(folder: Path, corpora: Path, documents: int) -> Calibration:
    """Decode held-out documents, spun and clean, and count what each threshold makes of them."""
    from training.fast._examples import excerpt
    from training.fast._run import MEASURE_PART, drawn
    from training.seq2seq._stream import garble

    decoder = decoder_of(folder)
    found = Calibration()
    for number, (name, text) in enumerate(drawn(corpora, MEASURE_PART, documents)):
        dialect = DIALECTS[number % len(DIALECTS)]
        _, short = excerpt(text, name)
        garbled = garble(dialect, SEED, short, name)
        _count_spun(found, dialect, short, garbled, decoder)
        for copy in range(CLEAN_COPIES):
            size, short = excerpt(text, f"{name} {copy}")
            _count_clean(found, size, short, decoder)
    return found


def decoder_of(folder: Path, ngram: Path | None = None) -> Seq2SeqDecoder:
    """Load a model folder, without keeping it: the next one may have the same name.

    Args:
        folder: the model.
        ngram: language model, the shipped one if None.
    """
    from restore.lattice import load_weights
    from restore.seq2seq import OnnxNetwork, Seq2SeqDecoder
    from training.seq2seq._run import load_lexicon

    return Seq2SeqDecoder(load_lexicon(ngram), load_weights(), OnnxNetwork(folder))


def _accepted(text: str, decoder: Decoder) -> tuple[list[Edit], dict[float, list[Edit]], int]:
    from restore._document import Document
    from restore._policy import Policy

    document = Document.parse(text)
    proposal = decoder.propose(document)
    return (
        list(proposal.edits),
        {
            at: Policy.from_threshold(at, misspelt=MISSPELT, if_spun=IF_SPUN)
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
