"""Evaluation: restoration metrics, benchmarks and reports.

May import `corpora` and `restore`; nothing but its own parts may import it.
"""

from evaluation._errors import EvaluationError
from evaluation._metrics import MEANINGS, gates, metrics, reliability
from evaluation._score import score, score_segments, slices
from evaluation._scores import Scores
from evaluation._statistics import Segment

__all__ = [
    "MEANINGS",
    "EvaluationError",
    "Scores",
    "Segment",
    "gates",
    "metrics",
    "reliability",
    "score",
    "score_segments",
    "slices",
]
