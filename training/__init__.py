"""Training: builds the dictionary, the n-gram model and the weights that `restore` ships.

May import `corpora` and `restore`; nothing imports it.
"""
