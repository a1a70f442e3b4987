"""Builds the substitution dictionary from WordNet, a thesaurus and reviewed tables.

Imported by its command line and by tests; reads `tables/`, writes the file that `restore` ships.
"""

from training.dictionary._build import build

__all__ = ["build"]
