"""`restore evaluate benchmark`: measures all that is listed and writes the benchmark page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evaluation._launch import bars, clear_errors


def benchmark(  # noqa: PLR0913, PLR0917 - options of a command
    root: Annotated[
        Path | None, typer.Option(envvar="RESTORE_SHARED", help="Folder of outside data.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Markdown page; standard output if none.")
    ] = None,
    work: Annotated[
        Path, typer.Option(help="Folder of predictions and scores: a killed run goes on there.")
    ] = Path("runs/benchmark"),
    listing: Annotated[
        Path | None, typer.Option(help="TOML of sets and systems.", show_default="the package's")
    ] = None,
    sets: Annotated[
        list[str] | None, typer.Option("--set", help="Only this listed set. Repeatable.")
    ] = None,
    system: Annotated[
        list[str] | None, typer.Option(help="Only this system, listed or not. Repeatable.")
    ] = None,
    limit: Annotated[
        int, typer.Option(min=0, help="Documents of each set, for a quick look; 0: all.")
    ] = 0,
    workers: Annotated[int, typer.Option(min=1, help="Processes that predict.")] = 1,
    refresh: Annotated[bool, typer.Option("--refresh", help="Predict and measure anew.")] = False,
) -> None:
    """Run every listed system on every listed set, and write the page of results.

    Exit codes: 0 done; 2 nothing that can be scored; 3 done, but a system failed somewhere.
    """
    from evaluation._templates import jinja
    from evaluation.benchmark import LISTING, Choice, choose, load_listing, measure_all, render
    from evaluation.jobs._store import locked, write_text

    with clear_errors():
        jinja("the benchmark page")  # now, not after hours
        wanted = choose(load_listing(listing or LISTING), sets or (), system or ())
        how = Choice(root, work, limit, workers, refresh, partial=bool(sets or system))
        with locked(work), bars() as progress:
            measured = measure_all(wanted, how, _say, progress)
        page = render(measured)
        if out is None:
            typer.echo(page, nl=False)
        else:
            write_text(out, page)
            _say(f"results in {out}")
    if measured.exit_code:
        raise typer.Exit(measured.exit_code)


def _say(line: str) -> None:
    typer.echo(f"restore evaluate: {line}", err=True)
