"""Finds words that news capitalises wherever they stand, for texts that have lost their capitals.

Imported by the command `restore train capitals`; imports `restore`.
"""
