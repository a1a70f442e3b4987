"""The seq2seq restorer: an encoder that judges each word, a decoder that writes what changes.

May import the lattice and `restore`'s own types; used by `restore._modes` and by `training`.
"""

from restore.seq2seq._decoder import Seq2SeqDecoder
from restore.seq2seq._network import SHIPPED, OnnxNetwork

__all__ = ["SHIPPED", "OnnxNetwork", "Seq2SeqDecoder"]
