"""Fits the network that says which function word belongs into a gap (`restore/data/gaps.bin`).

Imported by the command `restore train gaps`; imports `restore` and the n-gram model's builder.
"""
