"""File formats: how a file becomes text segments and how restored segments go back into it.

Imported by the command line; knows nothing of dictionaries or models.
"""
