"""How tests run the command line in their own process, and look at what it said."""

from __future__ import annotations

import gzip

from typer.testing import CliRunner

from restore._zstd import zstd
from restore.cli._app import app

GARBLED = "Sat connected nan mat.\nHe tin go.\n"
RESTORED = "Sat on the mat.\nHe can go.\n"


def run(*args, stdin=b"", code=0):
    result = CliRunner().invoke(app, [str(arg) for arg in args], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.output
    return result


def one_line(result):
    assert result.stderr.count("\n") == 1, result.stderr
    assert result.stderr.startswith("restore: ")
    return result.stderr.strip()


def leftovers(folder):
    return list(folder.rglob(".restore-*"))


def codec(suffix):
    packer = gzip if suffix == ".gz" else zstd
    return packer.compress, packer.decompress
