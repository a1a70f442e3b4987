"""The `restore` command: one small file a subcommand, a thin face over the API.

Imports the API only inside commands, so that help answers at once.
"""
