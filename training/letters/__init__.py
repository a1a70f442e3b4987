"""Lists what stands for single letters (`restore/data/letters.tsv`), as in `Uracil.Due south.`.

May import `corpora.garbler` and `restore`; only `training`'s command line may import it.
"""
