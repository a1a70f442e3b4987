"""From sums of statistics to the metrics that are reported; each defined once, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation import _preserve
from evaluation._align import BROKEN, FIXED, WRONG
from evaluation._families import FAMILIES
from evaluation._family import ratio
from evaluation._statistics import BINS

if TYPE_CHECKING:
    from collections.abc import Mapping

# name: (what it says, better is higher (+) or lower (-) or neither (0))
MEANINGS: dict[str, tuple[str, str]] = {
    "err": ("error reduction: 1 - WER after / WER before, words split at white space", "+"),
    "err_word": ("(fixed - broken) / garbled, tokens aligned (MultiLexNorm)", "+"),
    "fix_rate": ("share of the garbled words that were put right", "+"),
    "wrong_fix_rate": ("share of the garbled words that became another wrong word", "-"),
    "break_rate": ("right words made wrong, or wrong ones put in, per 1,000 right words", "-"),
    "change_rate": ("words changed per 1,000 words of the source", "0"),
    "garbled_share": ("garbled words per word of the source", "0"),
    "edit_precision": ("share of the changed words that are right now", "+"),
    "edit_recall": ("share of the garbled words that are right now", "+"),
    "edit_f05": ("F0.5 of edit precision and recall", "+"),
    "detection_precision": ("share of the changed words that were garbled", "+"),
    "detection_recall": ("share of the garbled words that were changed", "+"),
    "detection_f1": ("F1 of detection precision and recall", "+"),
    "exact": ("share of the segments that equal their reference", "+"),
    "exact_lines": ("share of the lines that equal their reference", "+"),
    "untouched": ("share of the segments left as they were", "0"),
    "wer_before": ("word error rate of the source (jiwer)", "0"),
    "wer": ("word error rate (jiwer)", "-"),
    "mer": ("match error rate (jiwer)", "-"),
    "cer_before": ("character error rate of the source (jiwer)", "0"),
    "cer": ("character error rate (jiwer)", "-"),
    "cer_mean_before": ("mean of the segments' character error rates, of the source", "0"),
    "cer_mean": ("mean of the segments' character error rates", "-"),
    "bleu": ("BLEU (sacrebleu)", "+"),
    "chrf": ("chrF2 (sacrebleu)", "+"),
    "ter": ("translation edit rate (sacrebleu)", "-"),
    "ece": ("expected calibration error of the edits' confidences", "-"),
    "preserved": ("share of the numbers, addresses, names and quotation marks kept", "+"),
    "errant_precision": ("share of the edits that the reference has too (ERRANT)", "+"),
    "errant_recall": ("share of the reference's edits that were made (ERRANT)", "+"),
    "errant_f05": ("F0.5 of edits that equal the reference's (ERRANT)", "+"),
    "similarity": ("cosine of the embeddings of output and reference", "+"),
    "similarity_before": ("cosine of the embeddings of source and reference", "0"),
    "similarity_source": ("cosine of the embeddings of output and source: no reference", "0"),
    "fluency": ("log probability of a token of the output, n-gram model: no reference", "+"),
    "fluency_before": ("the same of the source", "0"),
    "fluency_reference": ("the same of the reference", "0"),
    "lm_fluency": ("log probability of a word of the output, causal model: no reference", "+"),
    "lm_fluency_before": ("the same of the source", "0"),
    "lm_fluency_reference": ("the same of the reference", "0"),
    "exact_documents": ("share of the documents that equal their reference", "+"),
}


def metrics(sums: Mapping[str, float]) -> dict[str, float]:
    """Compute every metric that the statistics in `sums` allow.

    Args:
        sums: column name to sum over segments.

    Returns:
        Metric to value, in the order of `MEANINGS`; not a number where it is undefined (error
        reduction on text without errors).
    """
    values = _words(sums) | _matches(sums) | {"ece": calibration_error(sums)}
    values["preserved"] = _preserved(sums)
    for family in FAMILIES.values():
        if family.columns[0] in sums:
            values.update(family.score(sums))
    return {name: values[name] for name in MEANINGS if name in values}


def family_for(name: str) -> str:
    """Return the family that a metric needs; empty for those of the core.

    >>> family_for("ter"), family_for("break_rate")
    ('ter', '')
    """
    for family, one in FAMILIES.items():
        if name in one.score(dict.fromkeys(one.columns, 0.0)):
            return family
    return ""


def _words(sums: Mapping[str, float]) -> dict[str, float]:
    garbled, fixed, wrong, broken = (sums[k] for k in ("garbled", FIXED, WRONG, BROKEN))
    changed = sums["changed"]
    precision, recall = ratio(fixed, changed), ratio(fixed, garbled)
    found, caught = ratio(fixed + wrong, changed), ratio(fixed + wrong, garbled)
    return {
        # Van der Goot et al. 2021, "MultiLexNorm", section 5: (TP - FP) / (TP + FN), where a
        # wrong fix is a false negative.
        "err_word": ratio(fixed - broken, garbled),
        "fix_rate": recall,
        "wrong_fix_rate": ratio(wrong, garbled),
        "break_rate": 1000 * ratio(broken, sums["right"]),
        "change_rate": 1000 * ratio(changed, sums["words"]),
        "garbled_share": ratio(garbled, sums["words"]),
        "edit_precision": precision,
        "edit_recall": recall,
        "edit_f05": f_beta(precision, recall, 0.5),
        "detection_precision": found,
        "detection_recall": caught,
        "detection_f1": f_beta(found, caught, 1.0),
    }


def f_beta(precision: float, recall: float, beta: float) -> float:
    """Return the weighted harmonic mean (van Rijsbergen 1979): beta < 1 favours precision.

    >>> f_beta(1.0, 0.5, 0.5)
    0.8333333333333334
    """
    weight = beta * beta
    if precision == recall == 0:
        return 0.0
    return ratio((1 + weight) * precision * recall, weight * precision + recall)


def _matches(sums: Mapping[str, float]) -> dict[str, float]:
    found = {
        "exact": ratio(sums["exact"], sums["segments"]),
        "exact_lines": ratio(sums["lines_exact"], sums["lines"]),
        "untouched": ratio(sums["untouched"], sums["segments"]),
    }
    if "documents" in sums:
        found["exact_documents"] = ratio(sums["documents_exact"], sums["documents"])
    return found


def _preserved(sums: Mapping[str, float]) -> float:
    stay = sum(sums[f"{kind}_stay"] for kind in _preserve.PATTERNS)
    return 1 - ratio(sum(sums[f"{kind}_lost"] for kind in _preserve.PATTERNS), stay)


def gates(sums: Mapping[str, float]) -> dict[str, dict[str, int]]:
    """Return for each kind of thing to preserve how many there were, were lost, were made up.

    For `layout`, counts are of segments: ``lost`` ones have other line breaks or indents.
    """
    return {
        kind: {what: int(sums[f"{kind}_{what}"]) for what in ("stay", "lost", "made_up")}
        for kind in _preserve.KINDS
    }


def reliability(sums: Mapping[str, float]) -> list[dict[str, float]]:
    """Return the bins of a reliability diagram that hold any edit.

    Each has ``low`` and ``high`` (its range of confidence), ``n`` edits, their mean ``confidence``
    and the share of them that are ``right``.
    """
    bins = []
    for k in range(BINS):
        n, confidence, right = (sums[f"bin{k}_{what}"] for what in ("n", "confidence", "right"))
        if n:
            edges = {"low": k / BINS, "high": (k + 1) / BINS}
            bins.append(edges | {"n": n, "confidence": confidence / n, "right": right / n})
    return bins


def calibration_error(sums: Mapping[str, float]) -> float:
    """Return the expected calibration error (Naeini et al. 2015; Guo et al. 2017, section 2).

    The mean gap between confidence and share right over bins of equal width, weighted by how many
    edits they hold; not a number without judged edits.
    """
    bins = reliability(sums)
    total = sum(one["n"] for one in bins)
    return ratio(sum(one["n"] * abs(one["confidence"] - one["right"]) for one in bins), total)
