"""The seq2seq restorer: an encoder that judges each word, a decoder that writes what changes.

May import `restore.lattice`; may be imported by `restore._modes`, `restore.rescoring`,
`training.seq2seq`, `training.divisions` and `training.rescoring`.
"""

from restore.seq2seq._decoder import Seq2SeqDecoder
from restore.seq2seq._network import SHIPPED, OnnxNetwork

__all__ = ["SHIPPED", "OnnxNetwork", "Seq2SeqDecoder"]
