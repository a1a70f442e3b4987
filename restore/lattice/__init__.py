"""Fast mode: n-gram store, candidate scoring and the document's key, in numpy alone.

May be imported by `restore`'s own files, `restore.seq2seq` and `restore.rescoring`, and by
`corpora.garbler`, `training` and `evaluation`, which fit it or ask its language model.
"""

from restore.lattice._decoder import LatticeDecoder
from restore.lattice._lexicon import Lexicon
from restore.lattice._ngram import NgramModel
from restore.lattice._weights import Weights, load_weights

__all__ = ["LatticeDecoder", "Lexicon", "NgramModel", "Weights", "load_weights"]
