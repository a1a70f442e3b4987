"""`restore garble`: garbles a text file, to augment data or to test a restorer."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpora._errors import CorpusError
from corpora._files import existing, readable
from restore.formats import refuse_taken, write_whole

if TYPE_CHECKING:
    from corpora.garbler import Garbled, Garbler

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def garble(  # noqa: PLR0913 - options of a command
    file: Annotated[str, typer.Argument(help="A UTF-8 text file; '-' is standard input.")],
    *,
    dialect: Annotated[
        str,
        typer.Option(
            help="A, C or E (spinners as observed), random, noise, scan, clean, or training (all)."
        ),
    ] = "random",
    seed: Annotated[int, typer.Option(help="The same seed and file name give the same text.")] = 0,
    edits: Annotated[
        Path | None,
        typer.Option(metavar="OUT.jsonl", help="Write the edits that undo it, one a line."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="OUT", help="Output file.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="A mixture of one's own (TOML), in place of --dialect.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False,
) -> None:
    """Garble clean text as a spinner would; `restore apply OUT OUT.jsonl` undoes it exactly."""
    _check_outputs(output, edits, may_replace=force)
    text = _read(file)
    garbled = _garbler(dialect, config, seed).garble(text, Path(file).name)
    if output is None:
        sys.stdout.buffer.write(garbled.text.encode())
        sys.stdout.buffer.flush()
    else:
        write_whole(output, garbled.text.encode())
    if edits is not None:
        write_whole(edits, _lines(garbled, str(output or "-")).encode())


def _check_outputs(output: Path | None, edits: Path | None, *, may_replace: bool) -> None:
    for path in (output, edits):
        refuse_taken(path, may_replace)
    if output and edits and os.path.realpath(output) == os.path.realpath(edits):
        message = f"{edits} is the output: give --edits another name"
        raise CorpusError(message)


def _read(file: str) -> str:
    """Return the text with its line ends as they are."""
    if file == "-":
        data, label = sys.stdin.buffer.read(), "<stdin>"
    else:
        with readable(existing(Path(file))):
            data, label = Path(file).read_bytes(), file
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        message = f"{label}: not UTF-8 at byte {error.start}: convert the file first"
        raise CorpusError(message) from error


def _garbler(dialect: str, config: Path | None, seed: int) -> Garbler:
    from corpora.garbler import Garbler, GarblerConfig

    return Garbler(GarblerConfig.read(config) if config else dialect, seed=seed, reserved="allow")


def _lines(garbled: Garbled, label: str) -> str:
    rows = ({"file": label} | edit.to_dict() for edit in garbled.edits)
    return "".join(json.dumps(row) + "\n" for row in rows)
