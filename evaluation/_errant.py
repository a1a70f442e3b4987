"""ERRANT's precision, recall and F0.5 (Bryant et al. 2017): edits that equal the reference's.

Extra ``errant``; the spaCy model is not a part of it, and any installed one can be named.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from corpora._files import content_sha256
from evaluation._errors import EvaluationError
from evaluation._family import Family, versions

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from evaluation._statistics import Segment

MODEL = "en_core_web_sm"
COLUMNS = ("errant_tp", "errant_fp", "errant_fn")
_BETA = 0.5

ErrantEdit = tuple[int, int, str]  # first token, token behind the last, correction


def errant_family(model: str = "") -> Family:
    """Make the family, for a spaCy model by name or folder."""
    name = model or MODEL
    return Family(
        COLUMNS, lambda segment: count(segment, name), score, lambda: _signature(name)
    )  # fmt: skip


def count(segment: Segment, model: str) -> dict[str, float]:
    """Count the system's edits that the reference has too, has not, and those that it has alone.

    The unit is the line, as for ERRANT, where all three texts have as many; else the segment.
    """
    texts = (segment.source, segment.reference, segment.hypothesis)
    lines = [text.split("\n") for text in texts]
    if len({len(part) for part in lines}) > 1:
        lines = [[text] for text in texts]
    found = [0, 0, 0]
    for source, reference, hypothesis in zip(*lines, strict=True):
        right, made = edits(source, reference, model), edits(source, hypothesis, model)
        found = [a + b for a, b in zip(found, agreement(made, right), strict=True)]
    return dict(zip(COLUMNS, map(float, found), strict=True))


def agreement(made: Collection[ErrantEdit], right: Collection[ErrantEdit]) -> tuple[int, int, int]:
    """Return true positives, false positives and false negatives: same span, same correction.

    >>> agreement({(0, 1, "the"), (2, 3, "a")}, {(0, 1, "the")})
    (1, 1, 0)
    """
    ours, theirs = set(made), set(right)
    return len(ours & theirs), len(ours - theirs), len(theirs - ours)


def score(sums: Mapping[str, float]) -> dict[str, float]:
    """Compute precision, recall and F0.5 as ``errant_compare`` does, but for its rounding.

    Where there are no false positives, precision is 1, even if there are no edits at all; and
    recall is 1 where nothing is missed.

    >>> score({"errant_tp": 1, "errant_fp": 1, "errant_fn": 0})["errant_f05"]
    0.5555555555555556
    """
    right, wrong, missed = (sums[name] for name in COLUMNS)
    precision = right / (right + wrong) if wrong else 1.0
    recall = right / (right + missed) if missed else 1.0
    weight = _BETA * _BETA
    top, bottom = (1 + weight) * precision * recall, weight * precision + recall
    mean = top / bottom if bottom else 0.0
    return {"errant_precision": precision, "errant_recall": recall, "errant_f05": mean}


# A source and its reference come back with every system.
@lru_cache(maxsize=8192)
def edits(source: str, target: str, model: str) -> frozenset[ErrantEdit]:
    """Return the edits that ERRANT finds between two lines; those of type UNK do not count.

    Raises:
        EvaluationError: ERRANT or the spaCy model is not installed.
    """
    if source.split() == target.split():
        return frozenset()
    annotator = _annotator(model)
    before, after = (_parsed(text, model) for text in (source, target))
    found = annotator.annotate(before, after)
    return frozenset((e.o_start, e.o_end, e.c_str) for e in found if e.type not in {"UNK", "noop"})


@lru_cache(maxsize=64)
def _parsed(text: str, model: str) -> Any:  # noqa: ANN401 - spaCy's document
    return _annotator(model).parse(" ".join(text.split()), tokenise=True)


@lru_cache(maxsize=1)
def _annotator(model: str) -> Any:  # noqa: ANN401 - ERRANT is untyped
    versions("errant", "errant", "errant", "spacy")
    spacy, errant = import_module("spacy"), import_module("errant")
    try:
        pipeline = spacy.load(model, disable=["ner"])
    except (OSError, ImportError, ValueError) as error:
        message = (
            f"errant: no spaCy model {model!r} is installed: `python -m spacy download {MODEL}`, "
            "or name another, or its folder, as errant:MODEL"
        )
        raise EvaluationError(message) from error
    return errant.load("en", pipeline)


@lru_cache(maxsize=4)
def _signature(model: str) -> str:
    packages = versions("errant", "errant", "errant", "spacy")
    pipeline = _annotator(model).nlp
    name = f"{pipeline.meta['lang']}_{pipeline.meta['name']}-{pipeline.meta['version']}"
    return f"errant:{packages},{name},sha256-{content_sha256(pipeline.path)[:12]},span-correction"
