"""Builds the table of topic vectors (`restore/data/topics.bin`) from clean news.

May import `training.ngram`; only `training`'s command line may import it.
"""
