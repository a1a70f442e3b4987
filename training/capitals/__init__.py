"""Learns how news writes words: which always have a capital, and which have one beside others.

May import `training.fast`, `training.ngram` and `training.seq2seq`; only `training`'s command line
may import it.
"""
