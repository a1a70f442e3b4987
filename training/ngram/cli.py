"""Commands that build and measure the n-gram model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

HUNDREDTHS = 100

app = typer.Typer(
    name="ngram",
    help="Build and measure the n-gram language model of the fast mode.",
    no_args_is_help=True,
)

Corpora = Annotated[
    Path,
    typer.Option(help="Folder of Parquet files with the columns id, title and text."),
]
Work = Annotated[Path, typer.Option(help="Folder for the encoded corpora, which are kept.")]

HeldOut = Annotated[
    int,
    typer.Option(
        min=1,
        max=90,
        help="Documents in a hundred that are not read: a network can learn from them.",
    ),
]
HeldOutFrom = Annotated[
    int,
    typer.Option(
        min=0,
        max=99,
        help="Where they begin among the hundredths of all documents; the first is never read.",
    ),
]


def hundredths(held_out: int, held_out_from: int) -> range:
    """Return which hundredths of the documents are not read.

    Raises:
        BadParameter: there are not so many.
    """
    if held_out_from + held_out > HUNDREDTHS:
        message = f"{held_out_from} and --held-out {held_out} exceed {HUNDREDTHS} hundredths"
        raise typer.BadParameter(message, param_hint="--held-out-from")
    return range(held_out_from, held_out_from + held_out)


@app.command()
def build(  # noqa: PLR0913, PLR0917 - one a command-line option
    corpora: Corpora,
    out: Annotated[Path, typer.Option(help="The model file to write.")],
    work: Work = Path("runs/ngram"),
    vocabulary: Annotated[int, typer.Option(help="Words kept, at most 65536.")] = 60_000,
    bigrams: Annotated[int, typer.Option(help="Bigrams kept.")] = 3_250_000,
    trigrams: Annotated[int, typer.Option(help="Trigrams kept.")] = 5_450_000,
    held_out: HeldOut = 1,
    held_out_from: HeldOutFrom = 0,
) -> None:
    """Train a model and write it; the same corpora and options give the same bytes."""
    from training.ngram._build import Sizes, build_model

    unread = hundredths(held_out, held_out_from)
    size = build_model(corpora, work, out, Sizes(vocabulary, bigrams, trigrams), _say, unread)
    typer.echo(f"{out}: {size:,} bytes")


@app.command()
def measure(
    corpora: Corpora,
    model: Annotated[
        Path | None, typer.Option(help="Model file; the shipped one if absent.")
    ] = None,
    work: Work = Path("runs/ngram"),
) -> None:
    """Print perplexity, cloze accuracy, false positives and speed as JSON.

    Measured on the documents that no model is trained on.
    """
    import json

    from training.ngram._build import measure_model

    typer.echo(json.dumps(measure_model(corpora, work, model, _say), indent=2))


def _say(step: str) -> None:
    typer.echo(step, err=True)
