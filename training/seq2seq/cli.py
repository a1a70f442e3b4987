"""`restore train CONFIG` and what belongs to it: runs, exports, calibration."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from restore.cli._failures import refusing
from restore.cli._plugins import EXTRAS
from training.seq2seq._finish import calibrate_folder, recalibrate, refit
from training.seq2seq._source import GARBLED, Texts

CORPORA = typer.Option(help="Folder of Parquet corpora (id, text).")
NGRAMS = typer.Option(help="Language models that have read less, for more documents; repeatable.")
CLOSING = typer.Option(
    min=0, help="Documents for each of them that fit the closing round; 0 for none."
)
GARBLINGS = typer.Option(min=1, help="Times that each of these is garbled.")
WORDS = typer.Option(min=0, help="Documents that fit what weighs written words; 0 for none.")
WORKERS = typer.Option(min=1, help="Processes that read the texts to fit on.")
KEEP = typer.Option("--keep", help="Leave the closing round as it is: fit the words alone.")
FITTED = typer.Option(help="Model whose closing round and weighing of words are taken over.")
CLOSING_DOCUMENTS, WORDS_DOCUMENTS = 7000, 4200

guard = partial(refusing, "restore train", EXTRAS)


def run_command(
    config: Annotated[Path, typer.Argument(help="TOML, see docs/training.md.")],
    corpora: Annotated[Path, CORPORA],
    out: Annotated[Path, typer.Option(help="Folder of the run; an unfinished run goes on.")],
) -> None:
    """Train a restorer network as a configuration says.

    Raises:
        Exit: with 2 for a bad configuration, or where there is nothing to train on.
    """
    from training.seq2seq._run import run

    with guard():
        run(config, corpora, out)
    typer.echo(f"best weights in {out / 'model'}: export them with `restore train export`")


def export_command(
    run: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    out: Annotated[Path, typer.Argument(help="Model folder to write.")],
    corpora: Annotated[Path, CORPORA],
    documents: Annotated[
        int, typer.Option(min=1, help="Documents that choose the threshold.")
    ] = 300,
    closing: Annotated[int, CLOSING] = CLOSING_DOCUMENTS,
    words: Annotated[int, WORDS] = WORDS_DOCUMENTS,
    garblings: Annotated[int, GARBLINGS] = GARBLED,
    ngram: Annotated[list[Path] | None, NGRAMS] = None,
    workers: Annotated[int, WORKERS] = 1,
    fitted: Annotated[Path | None, FITTED] = None,
) -> None:
    """Write a run's best weights in the form that `Restorer.load(model=...)` takes."""
    texts = Texts(closing, words, garblings, ngram or (), workers)
    model = run / "model"
    with guard():
        calibrate_folder(model, out, corpora, texts, documents, typer.echo, fitted)


def calibrate_command(
    model: Annotated[Path, typer.Argument(help="Model folder, as exported or shipped.")],
    corpora: Annotated[Path, CORPORA],
    documents: Annotated[
        int, typer.Option(min=1, help="Documents that choose the threshold.")
    ] = 300,
) -> None:
    """Choose an exported model's threshold anew, and count how often its confidences are right."""
    with guard():
        found = recalibrate(model, corpora, documents)
        typer.echo(f"threshold {found.threshold()}, written to {model / 'config.json'}")


def closing_command(
    model: Annotated[Path, typer.Argument(help="Model folder, as exported or shipped.")],
    corpora: Annotated[Path, CORPORA],
    documents: Annotated[int, CLOSING] = CLOSING_DOCUMENTS,
    words: Annotated[int, WORDS] = WORDS_DOCUMENTS,
    garblings: Annotated[int, GARBLINGS] = GARBLED,
    ngram: Annotated[list[Path] | None, NGRAMS] = None,
    workers: Annotated[int, WORKERS] = 1,
    keep: Annotated[bool, KEEP] = False,
) -> None:
    """Fit an exported model's closing round and what weighs its words anew; calibrate it then."""
    texts = Texts(documents, words, garblings, ngram or (), workers)
    with guard():
        refit(model, corpora, texts, typer.echo, keep=keep)
    typer.echo(f"written to {model}")


def average_command(
    model: Annotated[Path, typer.Argument(help="Model folder, as exported; changed.")],
    other: Annotated[Path, typer.Argument(help="Folder of another model, such as an earlier one.")],
) -> None:
    """Let a model's closing round be the mean of its own and another's; calibrate it then."""
    with guard():
        from training.seq2seq._average import average

        average(model, other)
    typer.echo(f"written to {model}")


def merge_command(
    out: Annotated[Path, typer.Argument(help="Folder to write; export it like a run.")],
    runs: Annotated[list[Path], typer.Argument(help="Runs; all but the weights is the first's.")],
    share: Annotated[
        list[float] | None, typer.Option(help="How much each weighs; all the same without.")
    ] = None,
) -> None:
    """Write the mean of the weights of runs that went on from one another."""
    with guard():
        from training.seq2seq._merge import merge

        merge(runs, share or (), out)
    typer.echo(f"written to {out}")


def losses_command(
    model: Annotated[Path, typer.Argument(help="Model folder, as exported or shipped.")],
    corpora: Annotated[Path, CORPORA],
    documents: Annotated[
        int, typer.Option(min=1, help="Held-out documents to garble and restore.")
    ] = 240,
) -> None:
    """Show what becomes of garbled words, by kind, and which words come out for which."""
    with guard():
        from training.seq2seq._losses import SHOWN, find_losses
        from training.seq2seq._source import decoder_of

        found = find_losses(decoder_of(model), corpora, documents)
        typer.echo(found.table())
        broken, honest = found.broken.total(), found.honest.total()
        typer.echo(f"\nhonest words replaced: {broken:,} of {honest:,}\n")
        for (original, other), number in found.confused.most_common(SHOWN):
            typer.echo(f"{number:4} {original} -> {other}")


def key_command(
    model: Annotated[Path, typer.Argument(help="Model folder, as exported or shipped.")],
    corpora: Annotated[Path, CORPORA],
    documents: Annotated[
        int, typer.Option(min=1, help="Documents for each of them to garble.")
    ] = 2000,
    ngram: Annotated[list[Path] | None, NGRAMS] = None,
    workers: Annotated[int, WORKERS] = 1,
    out: Annotated[Path, typer.Option(help="Scorer to write.")] = Path("restore/data/keys.bin"),
) -> None:
    """Fit what keys are judged by, reading with the one that there is."""
    with guard():
        from restore.lattice._weights import save_scorers
        from restore.seq2seq._key_features import KEY_NAMES
        from training.seq2seq._keys import fit_keys

        sources = Texts(0, 0, ngrams=ngram or ()).sources(model)
        keys = fit_keys(sources, corpora, documents, workers=workers, log=typer.echo)
        save_scorers({"key": keys.judge}, out, {"key": KEY_NAMES})
        typer.echo(
            f"{keys.forms:,} forms, loss {keys.loss:.3f}, right {keys.right:.3f}, "
            f"false {keys.false:.3f} (on every second document, fitted on the others)"
        )
