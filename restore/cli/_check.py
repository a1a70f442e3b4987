"""`restore check`: says how garbled files are, with an exit code for scripts."""

import json
import sys
from typing import Annotated, Any

import typer

from restore.cli import _options as opt
from restore.cli._failures import SOME_FAILED, TOO_GARBLED
from restore.cli._flow import Flow
from restore.cli._load import Settings
from restore.cli._progress import progress
from restore.cli._run import Reader, Tally, each
from restore.cli._sources import Source, gather


def check(
    files: opt.Files = None,
    *,
    fail_above: Annotated[
        float | None,
        typer.Option(
            "--fail-above",
            min=0,
            max=1,
            metavar="SHARE",
            help=f"Exit with {TOO_GARBLED} if a file is more garbled than this.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
    field: opt.Fields = None,
    format: opt.FormatOption = None,  # noqa: A002 - named as the option
    encoding: opt.Encoding = None,
    mode: opt.ModeOption = opt.Mode.auto,
    dictionary: opt.Dictionaries = None,
    protect: opt.Protect = None,
    protect_file: opt.ProtectFile = None,
    quiet: opt.Quiet = False,
) -> None:
    """Print how garbled each file is, 0-1.

    The figure is the estimated share of its words that were altered, repaired or not.
    """
    tally = Tally()
    inputs = gather(files or (), format, field or (), tally.fail)
    shares: list[float] = []
    with progress(inputs.sources, quiet) as seen:
        settings = Settings(mode, dictionary, protect, protect_file)
        flow = Flow(Reader(field or (), encoding, seen), settings.load(), inputs.sources)

        def work(source: Source) -> None:
            found = _measure(flow, source)
            shares.append(found["garbled_share"])
            line = json.dumps(found) if as_json else f"{shares[-1]:.4f}\t{source.label}"
            sys.stdout.write(line + "\n")

        each(inputs.sources, tally, work)
    if tally.failed:
        raise typer.Exit(SOME_FAILED)
    if fail_above is not None and any(share > fail_above for share in shares):
        raise typer.Exit(TOO_GARBLED)


def _measure(flow: Flow, source: Source) -> dict[str, Any]:
    words, garbled, edits = 0, 0.0, 0
    for piece in flow.pieces(source):
        words += piece.words
        garbled += piece.words * piece.share
        edits += len(piece.edits)
    share = garbled / words if words else 0.0
    return {"file": source.label, "garbled_share": round(share, 4), "words": words, "edits": edits}
