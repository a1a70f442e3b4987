"""Failures as one line each on standard error, and the exit codes."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from restore._errors import RestoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FrameType

SOME_FAILED = 1
REFUSED = 2  # what developers' commands end with: what they were given cannot be done
TOO_GARBLED = 3  # `restore check --fail-above`
INTERRUPTED = 130
CLOSED_PIPE = 141  # what a shell reports for a program that the signal SIGPIPE ended
TERMINATED = 143
EXPECTED = (RestoreError, ModuleNotFoundError, OSError)


def say(message: str) -> None:
    """Write one line to standard error, whatever the message holds."""
    line = " ".join(message.split())
    print(f"restore: {line}", file=sys.stderr)  # noqa: T201


@contextmanager
def guarded(extras: Mapping[str, str]) -> Iterator[None]:
    """Turn every expected failure into one line and an exit code, never a traceback.

    Args:
        extras: library -> the package's extra that brings it.
    """
    try:
        yield
        sys.stdout.flush()
    except KeyboardInterrupt as error:
        raise typer.Exit(INTERRUPTED) from error
    except BrokenPipeError as error:
        _forget_output()
        raise typer.Exit(CLOSED_PIPE) from error
    except EXPECTED as error:
        say(line_of(error, extras))
        raise typer.Exit(SOME_FAILED) from error


@contextmanager
def refusing(command: str, extras: Mapping[str, str]) -> Iterator[None]:
    """Turn failures that are expected into one line that names the command, and exit code 2.

    Args:
        command: what its line begins with.
        extras: library -> the package's extra that brings it.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except EXPECTED as error:
        typer.echo(f"{command}: {line_of(error, extras)}", err=True)
        raise typer.Exit(REFUSED) from error


def line_of(error: Exception, extras: Mapping[str, str]) -> str:
    """Say what one of the `EXPECTED` failures comes to."""
    if isinstance(error, ModuleNotFoundError):
        return missing(error, extras)
    if isinstance(error, OSError):
        return f"{error.filename or 'output'}: {error.strerror or error}"
    return str(error)


def missing(error: ModuleNotFoundError, extras: Mapping[str, str]) -> str:
    """Say which extra brings the library that was not found."""
    library = (error.name or "").partition(".")[0]
    extra = extras.get(library)
    if extra is None:
        return f"{error.name or error} is not part of this installation"
    return f"this needs {library}: pip install 'degarble[{extra}]'"


def _forget_output() -> None:
    """Point standard output at nothing, or Python complains when it flushes it at the end."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)


def end_cleanly(number: int, frame: FrameType | None) -> None:
    """Handle SIGTERM: unwind, so that temporary files are removed."""
    del number, frame
    raise SystemExit(TERMINATED)
