"""`restore train gaps`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

HELD_OUT = typer.Option(min=1, max=90, help="Documents in a hundred that are not read.")
FIRST = typer.Option(min=0, max=99, help="The first of these hundredths.")
WORK = typer.Option(help="Folder for the encoded corpora, which are kept.")


def gaps_command(
    corpora: Annotated[Path, typer.Option(help="Folder of Parquet corpora (id, title, text).")],
    out: Annotated[Path, typer.Option(help="Network to write.")] = Path("restore/data/gaps.bin"),
    work: Annotated[Path, WORK] = Path("runs/ngram"),
    held_out: Annotated[int, HELD_OUT] = 20,
    held_out_from: Annotated[int, FIRST] = 0,
    places: Annotated[int, typer.Option(min=1, help="Gaps to learn from.")] = 32_000_000,
) -> None:
    """Learn which function word belongs into a gap: the document's key is judged by it."""
    from restore.lattice import NgramModel
    from training.gaps._fit import fit_gaps
    from training.ngram._encode import encode_corpora

    hundredths = range(held_out_from, held_out_from + held_out)
    streams = encode_corpora(corpora, work, typer.echo, hundredths)
    clean, noisy = fit_gaps(streams, NgramModel.load(), out, places, typer.echo)
    for name, found in (("clean", clean), ("noisy", noisy)):
        typer.echo(f"{name}: {found.right:.3f} right, loss {found.loss:.3f}, told {found.told:.3f}")
    typer.echo(f"{out}: {out.stat().st_size:,} bytes")
