"""Trains and measures the compact n-gram model of the fast mode; needs pyarrow for the corpora.

May be imported by `training`'s command line, and by `capitals`, `fast`, `gaps`, `seq2seq` and
`topics` beside it, which read the same encoded corpora. `restore.lattice` reads what it writes.
"""
