"""Training: builds the dictionary, the n-gram model and the weights that `restore` ships.

May import `corpora` and `restore`; nothing but its own parts may import it, and they use only what
they share: the readers of corpora, the garblers.
"""
