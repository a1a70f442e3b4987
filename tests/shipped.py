"""What tests of full mode's rules share: the shipped speller and lexicon, loaded once."""

from __future__ import annotations

from functools import lru_cache

from restore.dictionary import Dictionary
from restore.lattice import Lexicon, NgramModel
from restore.seq2seq._divide import Divider
from restore.seq2seq._spelling import Speller


@lru_cache(maxsize=1)
def speller():
    return Speller(NgramModel.load())


@lru_cache(maxsize=1)
def divider():
    return Divider.load(speller())


@lru_cache(maxsize=1)
def lexicon():
    return Lexicon(Dictionary.load(), speller().model)
