"""Trains the seq2seq restorer: examples on the fly, network, loop, measures, export to ONNX.

May import torch and transformers inside functions or private modules; may be imported by
`training`'s command line, `training.capitals` and `training.divisions`, which share its garbling,
and by `training.rescoring`, which shares its graphs too.
"""
