"""Best mode: full mode, whose unsure choices a causal language model reads once more in context.

Imports no torch; may import `restore.seq2seq` and `restore.lattice`, and be imported by
`restore._modes`, `training.rescoring` and `evaluation`.
"""

from restore.rescoring._decoder import RescoringDecoder
from restore.rescoring._model import INSTALL, PACKAGE, LanguageModel, Place, Reader, model_files

__all__ = [
    "INSTALL",
    "PACKAGE",
    "LanguageModel",
    "Place",
    "Reader",
    "RescoringDecoder",
    "model_files",
]
