"""`build`, `coverage`, `stats`, `count` and `garble`: the dictionary's command line."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from training.dictionary._sources import TABLES

app = typer.Typer(no_args_is_help=True, help="Build and measure the substitution dictionary.")

_OUT = Path("restore/data/dictionary.bin")
Tables = Annotated[Path, typer.Option(help="Folder of the source tables.")]
Corpora = Annotated[Path, typer.Argument(help="Folder of clean news (Parquet: id, text).")]


@app.callback()
def _main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)


@app.command()
def build(
    out: Annotated[Path, typer.Option(help="The file to write.")] = _OUT,
    tables: Tables = TABLES,
    wordnet: Annotated[
        Path | None, typer.Option(help="WordNet's dict folder; by default the shipped table.")
    ] = None,
) -> None:
    """Build the dictionary: a minute and a half; the same inputs give the same bytes."""
    from training.dictionary._build import build as run

    typer.echo(run(out, tables, wordnet))


@app.command()
def coverage(
    key: Annotated[
        Path | None, typer.Option(help="Key of an aligned text (index, length, garbled, ...).")
    ] = None,
    tables: Tables = TABLES,
) -> None:
    """Print the coverage table: is the true original among the first candidates?"""
    from corpora.wordnet import WordNet
    from training.dictionary._build import Inputs, link_all
    from training.dictionary._coverage import as_markdown, read_key
    from training.dictionary._coverage import coverage as run

    inputs = Inputs.read(tables)
    linked = link_all(WordNet.load(), inputs)
    typer.echo(as_markdown(run(linked, inputs, read_key(key) if key else None)))


@app.command()
def stats(
    path: Annotated[Path | None, typer.Argument(help="A compiled dictionary.")] = None,
) -> None:
    """Print what a compiled dictionary holds."""
    from restore.dictionary import Dictionary
    from training.dictionary._stats import statistics

    for name, value in statistics(Dictionary.load(path)).items():
        typer.echo(f"{name}\t{value}")


@app.command()
def count(corpora: Corpora, tables: Tables = TABLES) -> None:
    """Count the forms in clean news again: the table of honest uses."""
    from corpora.wordnet import WordNet
    from training.dictionary._build import Inputs, link_all
    from training.dictionary._honest import count_corpora, write_honest

    inputs = Inputs.read(tables)
    linked = link_all(WordNet.load(), inputs)
    forms = {*linked.words, *linked.forms, *(form for form, _ in inputs.closed_class)}
    forms |= {pair.garbled for pair in inputs.observed} | {form for form, _ in inputs.tortured}
    write_honest(count_corpora(corpora, forms), tables / "honest_counts.tsv")


@app.command()
def garble(
    corpora: Corpora,
    tables: Tables = TABLES,
    documents: Annotated[int, typer.Option(help="Documents of each corpus.")] = 500,
) -> None:
    """Garble clean news by random dialects again: the pairs that the prior is fitted on."""
    from training.dictionary._garbled import garbled_pairs, sample_texts, write_garbled
    from training.dictionary._sources import read_closed_class, read_observed

    known = {(pair.garbled, pair.original) for pair in read_observed(tables)}
    known |= set(read_closed_class(tables))
    counts = garbled_pairs(sample_texts(corpora, documents), known)
    write_garbled(counts, tables / "garbled_pairs.tsv")


# Single commands, for `restore dictionary build` and `restore dictionary coverage`.
build_app = typer.Typer()
build_app.command("build")(build)
coverage_app = typer.Typer()
coverage_app.command("coverage")(coverage)

if __name__ == "__main__":
    app()
