"""Fast mode: n-gram store, candidate scoring and the document's key, in numpy alone.

Imported by the restorer and by the fitting code in `training`.
"""

from restore.lattice._decoder import LatticeDecoder
from restore.lattice._lexicon import Lexicon
from restore.lattice._ngram import NgramModel
from restore.lattice._weights import Weights, load_weights

__all__ = ["LatticeDecoder", "Lexicon", "NgramModel", "Weights", "load_weights"]
