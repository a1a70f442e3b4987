"""Fits the weights of fast mode on garbled held-out news: channel, scorer rounds, threshold.

May import `corpora` and `restore`; only the training command imports it. Needs torch.
"""
