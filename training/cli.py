"""`restore train`: fits the models that the package ships. One subcommand a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from training.gaps.cli import gaps_command
from training.ngram.cli import app as ngram_app
from training.seq2seq.cli import (
    average_command,
    calibrate_command,
    closing_command,
    export_command,
    key_command,
    losses_command,
    merge_command,
    run_command,
)


class RunByDefault(TyperGroup):
    """`restore train CONFIG` is `restore train run CONFIG`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's own
        """Take a first word that is no command for a configuration."""
        if args and args[0] not in self.commands and args[0].endswith(".toml"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    no_args_is_help=True,
    cls=RunByDefault,
    help="Train the models that the restorer ships; `restore train CONFIG.toml` the network.",
)
app.add_typer(ngram_app, name="ngram")
app.command("run")(run_command)
app.command("export")(export_command)
app.command("losses")(losses_command)
app.command("calibrate")(calibrate_command)
app.command("closing")(closing_command)
app.command("average")(average_command)
app.command("merge")(merge_command)
app.command("key")(key_command)
app.command("gaps")(gaps_command)


@app.command("capitals")
def capitals(
    corpora: Annotated[Path, typer.Option(help="Folder of Parquet corpora (id, text).")],
    out: Annotated[Path, typer.Option(help="List to write.")] = Path("restore/data/capitals.txt"),
) -> None:
    """List the usual words that clean news writes with the same capitals everywhere."""
    from restore.lattice import NgramModel
    from training.capitals._count import always_capital, count_forms, read_texts

    known = NgramModel.load().vocabulary.__contains__
    found = always_capital(count_forms(read_texts(corpora)), known)
    out.write_text("".join(f"{form}\n" for form in found), encoding="utf-8")
    typer.echo(f"{len(found):,} words in {out}")


@app.command("casing")
def casing(
    corpora: Annotated[Path, typer.Option(help="Folder of Parquet corpora (id, text).")],
    out: Annotated[Path, typer.Option(help="Table to write.")] = Path("restore/data/casing.bin"),
    documents: Annotated[int, typer.Option(min=1, help="Documents to garble and fit on.")] = 3000,
    measured: Annotated[int, typer.Option(min=1, help="Other documents, to measure on.")] = 700,
) -> None:
    """Learn which replaced words get a capital in spun texts, from their neighbours."""
    from restore.lattice import NgramModel
    from training.capitals._casing import build_casing
    from training.capitals._count import read_texts
    from training.capitals._pairs import read_words

    vocabulary = NgramModel.load().vocabulary
    running = read_words(read_texts(corpora), vocabulary)
    typer.echo(f"{len(running.ids):,} running words")
    build_casing(
        running, list(vocabulary), corpora, out, documents=(documents, measured), log=typer.echo
    )


@app.command("letters")
def letters(
    corpora: Annotated[Path, typer.Option(help="Folder of Parquet corpora (id, text).")],
    out: Annotated[Path, typer.Option(help="List to write.")] = Path("restore/data/letters.tsv"),
) -> None:
    """List what stands for the letters of abbreviations once a spinner has read them as words."""
    from corpora.garbler import Lexicon, Reserved
    from training.capitals._count import read_texts
    from training.letters._build import count_middle, letters_of_forms, table

    forms = letters_of_forms(Lexicon(reserved=Reserved.ALLOW))
    out.write_text(table(forms, count_middle(read_texts(corpora), forms)), encoding="utf-8")
    typer.echo(f"{len(forms):,} forms in {out}")


@app.command("divisions")
def divisions(
    corpora: Annotated[Path, typer.Option(help="Folder of Parquet corpora (id, text).")],
    out: Annotated[Path, typer.Option(help="Scorer to write.")] = Path(
        "restore/data/divisions.bin"
    ),
    documents: Annotated[int, typer.Option(min=1, help="Documents to garble and fit on.")] = 2000,
) -> None:
    """Learn to tell words that were run together from misspelt ones, names and compounds."""
    from restore.dictionary import Dictionary
    from restore.lattice import Lexicon, NgramModel
    from training.divisions._fit import fit_divisions

    lexicon = Lexicon(Dictionary.load(), NgramModel.load())
    fit_divisions(corpora, lexicon, out, documents=documents, log=typer.echo)


@app.command("rescoring")
def rescoring(
    corpora: Annotated[Path, typer.Option(help="Folder of Parquet corpora (id, text).")],
    out: Annotated[Path, typer.Option(help="Scorer to write.")] = Path(
        "restore/data/rescoring.bin"
    ),
    documents: Annotated[int, typer.Option(min=1, help="Documents to garble and fit on.")] = 300,
    workers: Annotated[int, typer.Option(min=1, help="Processes that read them.")] = 1,
) -> None:
    """Learn how far best mode is to believe full mode, how far the language model."""
    from training.rescoring._fit import fit_rescoring

    fit_rescoring(corpora, out, documents=documents, workers=workers, log=typer.echo)


@app.command("language-model")
def language_model(
    out: Annotated[Path, typer.Option(help="Folder to write to.")] = Path("restore/data/llama"),
) -> None:
    """Write the graphs that best mode's language model is run by; its weights come apart."""
    from training.rescoring._graph import write_graphs

    for path in write_graphs(out):
        typer.echo(f"{path}: {path.stat().st_size:,} bytes")


@app.command("topics")
def topics(
    corpora: Annotated[Path, typer.Option(help="Folder of Parquet corpora (id, title, text).")],
    out: Annotated[Path, typer.Option(help="Table to write.")] = Path("restore/data/topics.bin"),
    work: Annotated[
        Path, typer.Option(help="Folder for the encoded corpora, which are kept.")
    ] = Path("runs/ngram"),
    held_out: Annotated[
        int, typer.Option(min=1, max=90, help="Documents in a hundred that are not read.")
    ] = 20,
) -> None:
    """Learn which words share their texts: the closing round compares readings by it."""
    from restore.lattice import NgramModel
    from training.ngram._encode import encode_corpora
    from training.topics._build import build_topics

    streams = encode_corpora(corpora, work, typer.echo, range(held_out))
    count = build_topics(streams, out, NgramModel.load(), typer.echo)
    typer.echo(f"{count:,} words in {out}: {out.stat().st_size:,} bytes")


@app.command("fast")
def fast(
    corpora: Annotated[Path, typer.Option(help="Folder of Parquet corpora (id, title, text).")],
    out: Annotated[Path, typer.Option(help="Weights to write.")] = Path("restore/data/fast.bin"),
    documents: Annotated[int, typer.Option(min=1, help="Documents to garble and fit on.")] = 4000,
    measured: Annotated[int, typer.Option(min=1, help="Other documents, to measure on.")] = 600,
    seed: Annotated[int, typer.Option(help="Of garbling and fitting.")] = 1,
) -> None:
    """Fit fast mode's channel, scorer and threshold on garbled news."""
    from restore.dictionary import Dictionary
    from restore.lattice import Lexicon, NgramModel
    from training.fast import Settings, fit

    lexicon = Lexicon(Dictionary.load(), NgramModel.load())
    fit(corpora, out, lexicon, Settings(documents, measured, seed=seed), log=typer.echo)
