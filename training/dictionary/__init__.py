"""Builds the substitution dictionary from WordNet, a thesaurus and reviewed tables.

Reads `tables/`, writes the file that `restore` ships. Nothing may import it: its commands are found
by name, through the entry points `restore.dictionary`.
"""

from training.dictionary._build import build

__all__ = ["build"]
