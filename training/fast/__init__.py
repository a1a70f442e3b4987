"""Fits the weights of fast mode on garbled held-out news: channel, scorer rounds, threshold.

May be imported by `training`'s command line, `training.capitals`, `training.divisions`,
`training.rescoring` and `training.seq2seq`, which share its examples and its fitting. Fitting needs
torch.
"""

from training.fast._run import Settings, fit

__all__ = ["Settings", "fit"]
