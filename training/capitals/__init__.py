"""Learns how news writes words: which always have a capital, and which have one beside others.

Imported by `restore train capitals` and `casing`; imports `restore`, `corpora`, `training.fast`.
"""
