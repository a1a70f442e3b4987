"""Fits the weights of fast mode on garbled held-out news: channel, scorer rounds, threshold.

May import `corpora` and `restore`; only the training command imports it. Fitting needs torch.
"""

from training.fast._run import Settings, fit

__all__ = ["Settings", "fit"]
