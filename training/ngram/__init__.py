"""Trains and measures the compact n-gram model of the fast mode; needs pyarrow for the corpora.

Imported by the training command alone; the store that it writes is read by `restore.lattice`.
"""
