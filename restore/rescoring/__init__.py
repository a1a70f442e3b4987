"""Best mode: full mode, whose unsure choices a causal language model reads once more in context.

Runs on onnxruntime, without torch; may import `restore.seq2seq` and `restore.lattice`, and be
imported by `restore._modes`, `training.rescoring` and `evaluation`.
"""

from restore.rescoring._decoder import RescoringDecoder
from restore.rescoring._model import (
    INSTALL,
    PACKAGE,
    LanguageModel,
    Place,
    Reader,
    Score,
    model_files,
)
from restore.rescoring._posterior import Rescorer
from restore.rescoring._smollm2 import SmolLM2

__all__ = [
    "INSTALL",
    "PACKAGE",
    "LanguageModel",
    "Place",
    "Reader",
    "Rescorer",
    "RescoringDecoder",
    "Score",
    "SmolLM2",
    "model_files",
]
