"""The substitution dictionary at run time: compiled store, user tables, look-up.

Imported by the restorer and by the builder in `training`; needs numpy, no WordNet.
"""
