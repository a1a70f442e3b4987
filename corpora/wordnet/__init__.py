"""WordNet 3.1 as one small table: lemmas, senses and the relations that spinners walk.

For `corpora`, `training` and `evaluation`; needs numpy only. `restore` never imports it.
"""

from corpora.wordnet._parse import compile_wordnet
from corpora.wordnet._relation import Relation
from corpora.wordnet._table import Links, Neighbour, WordNet

__all__ = ["Links", "Neighbour", "Relation", "WordNet", "compile_wordnet"]
