"""Corpora: registry, readers, cleaning, splits, and the garbler that makes parallel data.

May import `restore`'s public types; imported by `training` and `evaluation`, never by `restore`.
"""
