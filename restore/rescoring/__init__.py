"""Best mode: full mode, whose unsure choices a causal language model reads once more in context.

May import the seq2seq restorer and `restore`'s own types, never torch; used by `restore._modes`,
`training.rescoring` and `evaluation`.
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
