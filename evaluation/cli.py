"""`restore evaluate`: scores systems on test sets, compares results, prints the stated figures."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from evaluation._report import Table
    from evaluation._run import Options, Result

app = typer.Typer(no_args_is_help=True, help="Score restoration against references.")

Sets = Annotated[
    list[str] | None,
    typer.Option("--set", help="NAME=PATH or NAME:KIND=PATH; relative to --root. Repeatable."),
]
Systems = Annotated[
    list[str] | None,
    typer.Option("--system", help="as-is, dictionary, fast, oracle, symspell, ... Repeatable."),
]
Root = Annotated[
    Path | None,
    typer.Option(envvar="RESTORE_SHARED", help="Folder that paths of sets start from."),
]
Out = Annotated[Path | None, typer.Option(help="Folder for results.json and the texts.")]
Families = Annotated[str, typer.Option(help="Metrics beside the core: wer,cer,bleu,chrf,ter.")]
Rounds = Annotated[int, typer.Option(help="Resamples for intervals and tests; 0: no intervals.")]
Seed = Annotated[int, typer.Option(help="Of the resampling.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
AsMarkdown = Annotated[bool, typer.Option("--markdown", help="Print Markdown with signatures.")]

Given = TypeVar("Given")
_FAMILIES = "wer,cer,bleu,chrf"


@app.command()
def run(  # noqa: PLR0913, PLR0917 - options of a command
    sets: Sets = None,
    system: Systems = None,
    root: Root = None,
    out: Out = None,
    families: Families = _FAMILIES,
    rounds: Rounds = 1000,
    seed: Seed = 12345,
    as_json: AsJson = False,
    as_markdown: AsMarkdown = False,
) -> None:
    """Let systems restore test sets, and score what they make of them."""
    with _clear_errors():
        specs = [_under(root, spec) for spec in _needed(sets, "--set NAME=PATH")]
        names = system or ["as-is", "dictionary", "fast"]
        results = list(_score_all(specs, names, _options(families, rounds, seed)))
        _hand_out(results, out, as_json=as_json, as_markdown=as_markdown)


@app.command()
def figures(  # noqa: PLR0913, PLR0917 - options of a command
    root: Root = None,
    spun: Annotated[
        Path | None, typer.Option(help="The built spun-news benchmark: a folder or a JSONL file.")
    ] = None,
    system: Systems = None,
    out: Out = None,
    families: Families = _FAMILIES,
    rounds: Rounds = 1000,
    seed: Seed = 12345,
) -> None:
    """Print all figures that the project states, as Markdown, each with its signature."""
    from evaluation import _figures

    with _clear_errors():
        place = _needed(root, "--root FOLDER, the folder of development data")
        specs, missing = _figures.figure_sets(place, spun)
        names = system or list(_figures.SYSTEMS)
        results = list(
            _score_all(specs, names, _options(families, rounds, seed), _figures.POINTLESS)
        )
        _hand_out(results, out, as_json=False, as_markdown=True)
        for note in _figures.NOTES:
            typer.echo(note)
        for name in missing:
            typer.echo(f"not measured: {name} (not found)")


@app.command()
def compare(  # noqa: PLR0913, PLR0917 - options of a command
    first: Annotated[Path, typer.Argument(help="results.json, or its folder")],
    second: Annotated[Path, typer.Argument(help="results.json, or its folder")],
    systems: Annotated[
        tuple[str, str] | None, typer.Option(help="Which system of the first, of the second.")
    ] = None,
    metric: Annotated[list[str] | None, typer.Option(help="Metrics; repeatable.")] = None,
    rounds: Rounds = 1000,
    seed: Seed = 12345,
) -> None:
    """Compare two results on the same sets: differences, intervals, paired tests."""
    from evaluation._compare import pairs
    from evaluation._report import differences

    with _clear_errors():
        for title, found in pairs(first, second, systems, metric, rounds=rounds, seed=seed):
            _table(title, differences(found))
            typer.echo(f"n={rounds}, seed={seed}, over documents; difference = second - first\n")


def _options(families: str, rounds: int, seed: int) -> Options:
    from evaluation._run import Options

    names = tuple(name.strip() for name in families.split(",") if name.strip())
    return Options(families=names, rounds=rounds, seed=seed)


def _score_all(
    specs: list[str],
    names: list[str],
    options: Options,
    pointless: Collection[tuple[str, str]] = (),
) -> Iterator[Result]:
    from rich.console import Console
    from rich.progress import Progress

    from evaluation._run import evaluate
    from evaluation._set_readers import read_set
    from evaluation._systems import make_system

    test_sets = [read_set(spec) for spec in specs]
    systems = [make_system(name) for name in names]
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("scoring", total=len(test_sets) * len(systems))
        for test_set in test_sets:
            for one in systems:
                progress.update(task, description=f"{one.name} on {test_set.name}")
                if (one.name.partition("@")[0], test_set.kind) not in pointless:
                    yield evaluate(one, test_set, options)
                progress.advance(task)


def _hand_out(results: list[Result], out: Path | None, *, as_json: bool, as_markdown: bool) -> None:
    from evaluation import _report, _results

    if out:
        _results.save(out, results)
    reports = [one.report for one in results]
    if as_json:
        data = _results.to_json(results)
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True))
    elif as_markdown:
        typer.echo(_report.markdown(reports))
    else:
        for name, group in _report.by_set(reports).items():
            _table(name, _report.headline(group))
            for one in group:
                typer.echo(f"{one['system']}: {_report.count_line(one)}\n  {one['signature']}")


def _table(title: str, table: Table) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table as RichTable

    header, rows = table
    shown = RichTable(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for n, name in enumerate(header):
        shown.add_column(name, justify="right" if n else "left", overflow="fold")
    for row in rows:
        shown.add_row(*row)
    console = Console()
    if not console.is_terminal:  # a pipe has no width: nothing need be folded
        console = Console(width=250)
    console.print(shown, markup=False)


def _under(root: Path | None, spec: str) -> str:
    name, equals, place = spec.partition("=")
    if root is None or not equals or Path(place).exists():
        return spec
    return f"{name}={root / place}"


def _needed(value: Given | None, what: str) -> Given:
    from evaluation._errors import EvaluationError

    if not value:
        message = f"nothing to score: give {what}"
        raise EvaluationError(message)
    return value


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Turn errors that we raise on purpose into one line and exit code 2."""
    from restore import RestoreError

    try:
        yield
    except RestoreError as error:
        typer.echo(f"restore evaluate: {error}", err=True)
        raise typer.Exit(2) from error
