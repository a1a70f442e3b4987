"""`restore explain`: lists every edit with where it came from and how sure it is."""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import typer

from restore._errors import InputError
from restore.cli import _options as opt
from restore.cli._diff import shown
from restore.cli._edits_file import as_data
from restore.cli._flow import Flow
from restore.cli._load import Settings
from restore.cli._run import Reader
from restore.cli._sources import Source, gather
from restore.formats import Piece

# Width of the table where there is no terminal to ask.
PIPE_WIDTH = 140


def explain(
    file: Annotated[str, typer.Argument(help="File; '-' reads standard input.")] = "-",
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON lines, as --edits writes them.")
    ] = False,
    field: opt.Fields = None,
    format: opt.FormatOption = None,  # noqa: A002 - named as the option
    encoding: opt.Encoding = None,
    mode: opt.ModeOption = opt.Mode.auto,
    model: opt.ModelOption = None,
    dictionary: opt.Dictionaries = None,
    protect: opt.Protect = None,
    protect_file: opt.ProtectFile = None,
    min_confidence: opt.MinConfidence = None,
    repairs: opt.Repairs = None,
    no_repair: opt.NoRepair = None,
) -> None:
    """List every edit, its source and its confidence.

    These are the edits that `restore text` makes with the same options.
    """
    source = only_source(file, format, field or [])
    settings = Settings(
        mode, dictionary, protect, protect_file, min_confidence, repairs, no_repair, model
    )
    flow = Flow(Reader(field or (), encoding), settings.load(), [source])
    try:
        rows = _rows(source.label, flow.pieces(source))
        if as_json:
            for row in rows:
                sys.stdout.write(json.dumps(row) + "\n")
        else:
            _print_table(list(rows))
    except InputError as error:
        message = f"{source.label}: {error}"
        raise InputError(message) from error


def only_source(file: str, name: str | None, fields: list[str]) -> Source:
    """Turn an argument into one source.

    Raises:
        typer.BadParameter: it is a folder or a pattern.
        InputError: it cannot be used.
    """
    failures: list[str] = []
    inputs = gather([file], name, fields, lambda label, why: failures.append(f"{label}: {why}"))
    if failures:
        raise InputError(failures[0])
    if inputs.is_many or not inputs.sources:
        message = f"{file} is not a single file"
        raise typer.BadParameter(message)
    return inputs.sources[0]


def _rows(label: str, pieces: Iterable[Piece]) -> Iterator[dict[str, Any]]:
    offset, line, number = 0, 1, 0
    for piece in pieces:
        at = 0
        for edit in piece.edits:
            start = edit.start - (0 if piece.row is not None else offset)
            line += piece.raw.count("\n", at, start)
            at = start
            number += 1
            yield {"number": number, "line": line} | as_data(label, piece, edit)
        line += piece.raw.count("\n", at)
        offset += len(piece.raw)


def _print_table(rows: list[dict[str, Any]]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    if not rows:
        sys.stdout.write("no edits\n")
        return
    # Eighty columns hold all but long alternatives, which fold.
    table = Table(box=SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
    place = "row" if "row" in rows[0] else "line"
    for name in ("#", place, "offset", "before", "after", "source", "sure", "alternatives"):
        is_number = name in ("#", place, "offset", "sure")
        table.add_column(
            name,
            justify="right" if is_number else "left",
            overflow="fold",
            no_wrap=is_number or name == "source",
        )
    for row in rows:
        table.add_row(*_cells(row, place))
    console = Console(markup=False, emoji=False, highlight=False, soft_wrap=False)
    console.print(table, width=None if console.is_terminal else PIPE_WIDTH)


def _cells(row: dict[str, Any], place: str) -> list[str]:
    alternatives = ", ".join(f"{shown(t)} {p:.2f}" for t, p in row["alternatives"][:4])
    return [
        str(row["number"]),
        str(row[place]),
        str(row["start"]),
        shown(row["before"]),
        shown(row["after"]),
        row["source"],
        f"{row['confidence']:.2f}",
        alternatives,
    ]
