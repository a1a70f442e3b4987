"""`restore corpora`: list, describe, build and check corpora; a thin face over the package.

Expected failures are raised as they are: the `restore` command makes one line of each.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpora._describe import build_report, description, listing
from corpora._errors import CorpusError
from corpora._files import user_root
from corpora._registry import find, find_all, registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from corpora._build_config import BuildConfig
    from corpora._shards import ShardReport

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Reference corpora: what there is, and building clean, split training text of it.",
)

_FAILED = 1

Root = Annotated[
    Path | None,
    typer.Option(envvar="RESTORE_SHARED", help="Folder of outside data: corpora/, bench/..."),
]
Out = Annotated[Path, typer.Option(help="Output folder: new, or that of a build to go on with.")]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attribute is anything
    """Find `garble_app`, the entry point of `restore garble`, only when it is asked for."""
    if name == "garble_app":
        from corpora.garbler import cli

        return cli.app
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


@app.command("list")
def list_corpora() -> None:
    """List the registered corpora."""
    _say(listing(registry().values()))


@app.command()
def describe(name: str, root: Root = None) -> None:
    """Tell all that is known of a corpus; with --root also its size."""
    _say(description(find(name), root))


@app.command()
def check(
    what: Annotated[list[str], typer.Argument(help="Corpora, groups, or folders of builds.")],
    root: Root = None,
) -> None:
    """Compare files with their content hashes; exit 1 if one is missing or differs."""
    faults = 0
    for name in what:
        faults += _check_build(Path(name)) if Path(name).is_dir() else _check_corpora(name, root)
    if faults:
        raise typer.Exit(_FAILED)


def _check_corpora(name: str, root: Path | None) -> int:
    faults = 0
    for corpus in find_all([name]):
        try:
            changed = [f"bytes differ: {path}" for path in corpus.changed_files(root)]
        except CorpusError as error:
            changed = [str(error)]
        faults += len(changed)
        _say([f"{corpus.name}: {fault}" for fault in changed] or [f"{corpus.name}: ok"])
    return faults


def _check_build(folder: Path) -> int:
    from corpora._shards import check_build
    from corpora.spun_news import check, is_benchmark

    faults = check(folder) if is_benchmark(folder) else check_build(folder)
    _say([f"{folder}/{fault}" for fault in faults] or [f"{folder}: ok"])
    return len(faults)


@app.command()
def build(
    what: Annotated[
        list[str], typer.Argument(help="A configuration (.toml), or corpora and groups by name.")
    ],
    out: Out,
    root: Root = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Records of each corpus at most.")
    ] = None,
) -> None:
    """Clean corpora into split Parquet shards; run again to go on with a build that was stopped."""
    from corpora._build import Build

    config = _config(what, limit)
    with _progress(config) as tell:
        manifest = Build(config, out, root).run(tell)
    if manifest is None:
        _say([f"{out} already holds this build"])
    else:
        _say(build_report(manifest))


def _config(what: Sequence[str], limit: int | None) -> BuildConfig:
    from corpora._build_config import config_of_file, config_of_names

    files = [name for name in what if name.endswith(".toml")]
    if not files:
        return config_of_names(what, limit)
    if len(what) > 1:
        message = f"one configuration at a time, and no names beside it: {' '.join(what)}"
        raise CorpusError(message)
    return config_of_file(Path(files[0]), limit)


@contextmanager
def _progress(config: BuildConfig) -> Iterator[Callable[[ShardReport], None] | None]:
    """Show a bar on standard error while it is a terminal: corpora done, records read and kept."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    names = [corpus.name for corpus in config.corpora]
    read = kept = 0
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(names[0], total=len(names))

        def tell(report: ShardReport) -> None:
            nonlocal read, kept
            read, kept = read + report.read, kept + report.kept
            line = f"{report.corpus}: {read:,} records read, {kept:,} kept"
            bar.update(task, description=line, completed=names.index(report.corpus))

        yield tell


@app.command("spun-news")
def make_spun_news(
    out: Annotated[Path, typer.Option(help="Output folder; its spun-news files are replaced.")],
    root: Root = None,
    part: Annotated[list[str] | None, typer.Option(help="Only this part: dev or test.")] = None,
    pledge: Annotated[
        Path | None, typer.Option(help="For maintainers: write a new manifest to this file.")
    ] = None,
) -> None:
    """Make the spun-news benchmark of its public sources, and compare it with its manifest."""
    from corpora.spun_news import PARTS, Benchmark, check

    if pledge and part:
        message = "--pledge writes the manifest of the whole benchmark: leave --part out"
        raise CorpusError(message)
    benchmark = Benchmark.make(root, tuple(part or PARTS))
    benchmark.write(out)
    if pledge:
        benchmark.pledge(pledge)
    _say(benchmark.describe())
    faults = [] if pledge else check(out, tuple(part or PARTS))
    _say([f"differs from the manifest: {fault}" for fault in faults])
    if faults:
        raise typer.Exit(_FAILED)


@app.command()
def fidelity(
    root: Root = None,
    pairs: Annotated[
        Path | None,
        typer.Option(help="Table: garbled, original, dialect. Default: that of --root."),
    ] = None,
    spun: Annotated[
        list[Path] | None,
        typer.Option(help="A text that spinner A wrote; repeatable. Default: those of --root."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the garbler.")] = 0,
) -> None:
    """Compare the garbler with real spinners, in Markdown: what is altered, how, and the reach."""
    from corpora.garbler import fidelity as report

    _say(report.run(user_root(root), pairs, spun, seed))


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)
