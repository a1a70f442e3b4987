"""The causal language model of best mode on torch: SmolLM2 (135 million weights), read from GGUF.

Imported by name only, through the entry points `restore.language_models`; may import torch,
transformers and `restore`.
"""
