"""`restore train`: fits the models that the package ships. One subcommand a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from training.ngram.cli import app as ngram_app

app = typer.Typer(no_args_is_help=True, help="Train the models that the restorer ships.")
app.add_typer(ngram_app, name="ngram")


@app.command("fast")
def fast(
    corpora: Annotated[Path, typer.Option(help="Folder of Parquet corpora (id, title, text).")],
    out: Annotated[Path, typer.Option(help="Weights to write.")] = Path("restore/data/fast.bin"),
    documents: Annotated[int, typer.Option(help="Documents to garble and fit on.")] = 4000,
    measured: Annotated[int, typer.Option(help="Other documents, to measure on.")] = 600,
    seed: Annotated[int, typer.Option(help="Of garbling and fitting.")] = 1,
) -> None:
    """Fit fast mode's channel, scorer and threshold on garbled news."""
    from restore.dictionary import Dictionary
    from restore.lattice import Lexicon, NgramModel
    from training.fast import Settings, fit

    lexicon = Lexicon(Dictionary.load(), NgramModel.load())
    fit(corpora, out, lexicon, Settings(documents, measured, seed=seed), log=typer.echo)
