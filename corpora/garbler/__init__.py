"""The garbler: makes spun and noisy text from clean text, with the exact edits that undo it.

May be imported by `corpora`, its benchmark spun-news and what garbles in `training`, never
by `restore`.
"""

from corpora.garbler._config import RECIPES, GarblerConfig
from corpora.garbler._dialect import PRESETS, Dialect, sample_dialect
from corpora.garbler._garbler import Garbled, Garbler
from corpora.garbler._lexicon import RELATIONS, Lexicon
from corpora.garbler._noise import NOISES, Noise
from corpora.garbler._reserve import Reserved, is_reserved_pair, is_reserved_word

__all__ = [
    "NOISES",
    "PRESETS",
    "RECIPES",
    "RELATIONS",
    "Dialect",
    "Garbled",
    "Garbler",
    "GarblerConfig",
    "Lexicon",
    "Noise",
    "Reserved",
    "is_reserved_pair",
    "is_reserved_word",
    "sample_dialect",
]
