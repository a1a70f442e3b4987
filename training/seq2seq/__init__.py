"""Trains the seq2seq restorer: examples on the fly, network, loop, measures, export to ONNX.

May import `corpora`, `restore` and, inside functions or private modules, torch and transformers.
"""
