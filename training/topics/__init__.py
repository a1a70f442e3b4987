"""Builds the table of topic vectors (`restore/data/topics.bin`) from clean news.

Imported by the command `restore train topics`; imports `restore` and the n-gram model's builder.
"""
