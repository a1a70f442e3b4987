"""`restore train gaps`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from training.ngram.cli import Corpora, HeldOut, HeldOutFrom, Work, hundredths


def gaps_command(
    corpora: Corpora,
    out: Annotated[Path, typer.Option(help="Network to write.")] = Path("restore/data/gaps.bin"),
    work: Work = Path("runs/ngram"),
    held_out: HeldOut = 20,
    held_out_from: HeldOutFrom = 0,
    places: Annotated[int, typer.Option(min=1, help="Gaps to learn from.")] = 32_000_000,
) -> None:
    """Learn which function word belongs into a gap: the document's key is judged by it."""
    from restore.lattice import NgramModel
    from training.gaps._fit import fit_gaps
    from training.ngram._encode import encode_corpora

    unread = hundredths(held_out, held_out_from)
    streams = encode_corpora(corpora, work, typer.echo, unread)
    clean, noisy = fit_gaps(streams, NgramModel.load(), out, places, typer.echo)
    for name, found in (("clean", clean), ("noisy", noisy)):
        typer.echo(f"{name}: {found.right:.3f} right, loss {found.loss:.3f}, told {found.told:.3f}")
    typer.echo(f"{out}: {out.stat().st_size:,} bytes")
