"""WordNet 3.1 as one small table: lemmas, senses and the relations that spinners walk.

Needs numpy only; may be imported by `corpora.garbler` and `training.dictionary`, never by
`restore`.
"""

from corpora.wordnet._parse import compile_wordnet
from corpora.wordnet._relation import Relation
from corpora.wordnet._table import Links, Neighbour, WordNet

__all__ = ["Links", "Neighbour", "Relation", "WordNet", "compile_wordnet"]
