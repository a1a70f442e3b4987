"""The `restore` command: one small file a subcommand, a thin face over the API.

Imports the API only inside commands, so that help answers at once. May be imported by `evaluation`
and `training.seq2seq`, whose commands fail in the same words.
"""


def main() -> None:
    """Run the command line; the exit codes are in docs/cli.md."""
    import signal

    from restore.cli._app import app
    from restore.cli._failures import end_cleanly

    signal.signal(signal.SIGTERM, end_cleanly)
    app(prog_name="restore")
