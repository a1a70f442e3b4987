"""Turns spun, tortured or corrupted English back into readable text, and explains every edit.

The run-time package: imports none of `corpora`, `training`, `evaluation`, nor torch.
"""
