"""Learns how news writes words: which always have a capital, and which have one beside others.

Imported by the commands `restore train capitals` and `casing`; imports `restore`, `corpora` and `training.fast`.
"""
