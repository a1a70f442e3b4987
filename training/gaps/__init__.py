"""Fits the network that says which function word belongs into a gap (`restore/data/gaps.bin`).

May import `training.ngram`; only `training`'s command line may import it.
"""
