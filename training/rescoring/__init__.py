"""Fits what best mode weighs its two witnesses by, and writes the graphs of its language model.

Imported by `training`'s command line alone. May import torch and onnx inside functions or private
modules.
"""
