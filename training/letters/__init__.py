"""Lists what stands for single letters (`restore/data/letters.tsv`), as in `Uracil.Due south.`.

Imported by the command `restore train letters`; imports `corpora` and `restore`.
"""
