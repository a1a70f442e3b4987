"""Fast mode: n-gram store, candidate scoring and the document's key, in numpy alone.

Imported by the restorer and by the fitting code in `training`.
"""
