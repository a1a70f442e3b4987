"""Fits what tells words run together from other unknown ones (`restore/data/divisions.bin`).

May import `training.fast` and `training.seq2seq`; only `training`'s command line may import it.
"""
