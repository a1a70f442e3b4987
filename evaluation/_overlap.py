"""Statistics of the established text metrics, taken from the libraries that define them.

Error rates are jiwer's, BLEU, chrF and TER sacrebleu's; here is only the splitting into statistics
of one segment and their sum.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from rapidfuzz.distance import Levenshtein

from evaluation._family import Family, ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from evaluation._statistics import Segment

RATES = ("hits", "substitutions", "deletions", "insertions")


def distance(reference: Sequence[str], hypothesis: Sequence[str]) -> int:
    """Return the Levenshtein distance between two lists of tokens."""
    return int(Levenshtein.distance(reference, hypothesis))


# The distance of the source to its reference is the same for every system.
@lru_cache(maxsize=8192)
def _word_rates(reference: str, text: str) -> tuple[int, ...]:
    import jiwer

    # jiwer splits at single spaces; lines and indents are not its concern.
    right, made = " ".join(reference.split()), " ".join(text.split())
    if right == made:
        return len(right.split()), 0, 0, 0
    how = jiwer.Compose([jiwer.ReduceToListOfListOfWords()])
    out = jiwer.process_words(right, made, reference_transform=how, hypothesis_transform=how)
    return tuple(getattr(out, name) for name in RATES)


@lru_cache(maxsize=8192)
def _character_rates(reference: str, text: str) -> tuple[int, ...]:
    import jiwer

    if reference == text:
        return len(text), 0, 0, 0
    how = jiwer.Compose([jiwer.ReduceToListOfListOfChars()])
    out = jiwer.process_characters(
        reference, text, reference_transform=how, hypothesis_transform=how
    )
    return tuple(getattr(out, name) for name in RATES)


def _count_rates(
    prefix: str, rates: Callable[[str, str], tuple[int, ...]], segment: Segment
) -> dict[str, float]:
    names = (f"{prefix}_{when}_{name}" for when in ("after", "before") for name in RATES)
    after = rates(segment.reference, segment.hypothesis)
    before = rates(segment.reference, segment.source)
    return dict(zip(names, map(float, after + before), strict=True))


def _errors(sums: Mapping[str, float], prefix: str) -> tuple[float, float, float]:
    """Return errors, reference length, and the longer of both texts' aligned lengths."""
    hits, swaps, gone, put = (sums[f"{prefix}_{name}"] for name in RATES)
    return swaps + gone + put, hits + swaps + gone, hits + swaps + gone + put


def _score_words(sums: Mapping[str, float]) -> dict[str, float]:
    after, length, aligned = _errors(sums, "wer_after")
    before = _errors(sums, "wer_before")[0]
    return {
        "err": 1 - ratio(after, before),
        "wer_before": ratio(before, length),
        "wer": ratio(after, length),
        "mer": ratio(after, aligned),
    }


def _score_characters(sums: Mapping[str, float]) -> dict[str, float]:
    after, length, _ = _errors(sums, "cer_after")
    before = _errors(sums, "cer_before")[0]
    return {
        "cer_before": ratio(before, length),
        "cer": ratio(after, length),
        "cer_mean_before": ratio(sums["cer_before_rate"], sums["cer_segments"]),
        "cer_mean": ratio(sums["cer_after_rate"], sums["cer_segments"]),
    }


def _count_characters(segment: Segment) -> dict[str, float]:
    """Count errors, and the rate of each segment: work on OCR averages over lines."""
    counts = _count_rates("cer", _character_rates, segment)
    errors = {when: _errors(counts, f"cer_{when}") for when in ("after", "before")}
    rates = {f"cer_{when}_rate": one[0] / max(one[1], 1) for when, one in errors.items()}
    return counts | rates | {"cer_segments": 1.0}


@cache
def _sacrebleu(name: str) -> Any:  # noqa: ANN401 - sacrebleu's metrics are untyped
    import sacrebleu.metrics

    metrics: Any = sacrebleu.metrics

    # References and outputs are plain running text: `force` only silences the warning about
    # lines that end in a full stop after a space.
    return metrics.BLEU(force=True) if name == "bleu" else getattr(metrics, name)()


SACREBLEU = {"bleu": ("bleu", 10), "chrf": ("CHRF", 18), "ter": ("TER", 2)}


def _count_sacrebleu(family: str, segment: Segment) -> dict[str, float]:
    name, size = SACREBLEU[family]
    references, hypotheses = [segment.reference], [segment.hypothesis]
    lines = segment.reference.split("\n"), segment.hypothesis.split("\n")
    if len(lines[0]) == len(lines[1]):  # sacrebleu's unit is the line
        references, hypotheses = lines
    # The library's own statistics: its public face gives only whole-corpus scores.
    rows = _sacrebleu(name)._extract_corpus_statistics(hypotheses, [references])
    sums = [float(sum(column)) for column in zip(*rows, strict=True)] or [0.0] * size
    return dict(zip(_names(family), sums, strict=True))


def _names(family: str) -> tuple[str, ...]:
    return tuple(f"{family}_{k}" for k in range(SACREBLEU[family][1]))


def _score_sacrebleu(family: str, sums: Mapping[str, float]) -> dict[str, float]:
    numbers = [sums[name] for name in _names(family)]
    if not any(numbers):
        return {family: float("nan")}
    whole = numbers if family == "ter" else [int(number) for number in numbers]
    score = _sacrebleu(SACREBLEU[family][0])._compute_score_from_stats(whole)
    return {family: float(score.score)}


def _sacrebleu_signature(family: str) -> str:
    metric = _sacrebleu(SACREBLEU[family][0])
    metric.corpus_score(["a"], [["a"]])  # it learns the number of references by scoring
    return f"{family}:{metric.get_signature().format(short=True)}"


def _jiwer_signature(name: str) -> str:
    from importlib.metadata import version

    unit = "words:split-at-white-space" if name == "wer" else "characters:all"
    return f"{name}:jiwer-{version('jiwer')},{unit}"


def _rates_family(prefix: str) -> Family:
    columns = tuple(f"{prefix}_{when}_{name}" for when in ("after", "before") for name in RATES)
    if prefix == "cer":
        columns += ("cer_after_rate", "cer_before_rate", "cer_segments")
        return Family(
            columns, _count_characters, _score_characters, lambda: _jiwer_signature(prefix)
        )
    return Family(
        columns,
        lambda segment: _count_rates(prefix, _word_rates, segment),
        _score_words,
        lambda: _jiwer_signature(prefix),
    )


def _sacrebleu_family(name: str) -> Family:
    return Family(
        _names(name),
        lambda segment: _count_sacrebleu(name, segment),
        lambda sums: _score_sacrebleu(name, sums),
        lambda: _sacrebleu_signature(name),
    )


OVERLAP: dict[str, Family] = {
    "wer": _rates_family("wer"),
    "cer": _rates_family("cer"),
    **{name: _sacrebleu_family(name) for name in SACREBLEU},
}
