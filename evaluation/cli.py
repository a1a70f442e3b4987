"""`restore evaluate`: scores systems on test sets, compares results, prints the stated figures."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.core import TyperGroup

from evaluation._benchmark_command import benchmark
from evaluation._console import conclude, hand_out, table
from evaluation._launch import clear_errors, launch, told

if TYPE_CHECKING:
    from collections.abc import Iterator


class _JobGroup(TyperGroup):
    """Takes a configuration where a command is expected: ``restore evaluate CONFIG.toml``."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401
        """Find the command; a TOML file is run."""
        if args and args[0].endswith(".toml"):
            args = ["run", *args]
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=_JobGroup,
    no_args_is_help=True,
    help="Score restoration against references. `restore evaluate CONFIG.toml` runs a job.",
)

app.command()(benchmark)

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
Out = Annotated[Path | None, typer.Option(help="Folder of the job: predictions, scores, reports.")]
Families = Annotated[
    str | None,
    typer.Option(
        help="Metrics beside the core: wer,cer,bleu,chrf,ter,fluency,errant,similarity,lm."
    ),
]
Rounds = Annotated[
    int | None, typer.Option(min=0, help="Resamples for intervals and tests; 0: none.")
]
Seed = Annotated[int | None, typer.Option(min=0, help="Of the resampling.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Processes.")]
Engine = Annotated[str | None, typer.Option(help="local or ray.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
AsMarkdown = Annotated[bool, typer.Option("--markdown", help="Print Markdown with signatures.")]

Given = TypeVar("Given")


@app.command()
def run(  # noqa: PLR0913, PLR0917 - options of a command
    config: Annotated[Path | None, typer.Argument(help="TOML; `init` writes one.")] = None,
    sets: Sets = None,
    system: Systems = None,
    root: Annotated[
        Path | None,
        typer.Option(help="Folder that paths of sets start from; else [env var: RESTORE_SHARED]."),
    ] = None,
    out: Out = None,
    cache: Annotated[
        Path | None, typer.Option(help="Folder of predictions that jobs share.")
    ] = None,
    families: Families = None,
    rounds: Rounds = None,
    seed: Seed = None,
    limit: Annotated[
        int | None, typer.Option(min=0, help="Documents of each set, for a quick look.")
    ] = None,
    footprint: Annotated[
        float | None,
        typer.Option(
            min=0, help="Seconds to measure each system's speed, start and memory for; 0: not."
        ),
    ] = None,
    workers: Workers = None,
    engine: Engine = None,
    baseline: Annotated[
        Path | None, typer.Option(help="Folder of an earlier job: print differences.")
    ] = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            help='Gate, as "break_rate>1 of fast on clean*", or, against --baseline, "err worse '
            'at 0.05": exit code 1. Repeatable.'
        ),
    ] = None,
    logger: Annotated[
        list[str] | None, typer.Option(help="tensorboard, mlflow, wandb, trackio. Repeatable.")
    ] = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Predict all anew.")] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="Predict shards with failed documents anew.")
    ] = False,
    as_json: AsJson = False,
    as_markdown: AsMarkdown = False,
) -> None:
    """Run an evaluation job, or go on with one that was stopped; options go before CONFIG's keys.

    Exit codes: 0 done; 1 a gate failed; 2 input that cannot be scored; 3 documents failed.
    """
    given: dict[str, Any] = {
        "system": [{"use": name} for name in system or ()],
        "root": root, "out": out, "cache": cache, "rounds": rounds, "seed": seed,
        "families": _names(families), "workers": workers, "engine": engine,
        "baseline": baseline, "fail_on": fail_on, "loggers": logger, "footprint": footprint,
        "limit": limit,
    }  # fmt: skip
    with clear_errors(), _folder(config, given):
        given["set"] = [_set_entry(spec) for spec in sets or ()]
        outcome = launch(told(config, given), refresh=refresh, retry=retry)
        hand_out(outcome, as_json=as_json, as_markdown=as_markdown)
        conclude(outcome, kept=bool(config or out))


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = Path("evaluation.toml"),
) -> None:
    """Write a configuration with all keys, their defaults and what they are for."""
    from evaluation.jobs import DEFAULT

    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(DEFAULT)
    except OSError as error:
        typer.echo(f"restore evaluate: {path}: cannot be written ({error.strerror})", err=True)
        raise typer.Exit(2) from error
    typer.echo(f"wrote {path}: edit [[set]] and [[system]], then: restore evaluate run {path}")


@app.command()
def figures(  # noqa: PLR0913, PLR0917 - options of a command
    root: Root = None,
    spun: Annotated[
        Path | None, typer.Option(help="The built spun-news benchmark: a folder or a JSONL file.")
    ] = None,
    system: Systems = None,
    out: Out = None,
    families: Families = None,
    rounds: Rounds = None,
    seed: Seed = None,
    workers: Workers = None,
) -> None:
    """Measure modes on the sets of the README in one table, as Markdown, with signatures."""
    from evaluation import _figures

    with clear_errors():
        place = _needed(root, "--root FOLDER, the folder of development data")
        specs, missing = _figures.figure_sets(place, spun)
        names = system or list(_figures.SYSTEMS)
        given = {
            "set": [_set_entry(spec) for spec in specs],
            "system": _figures.system_entries(names, specs),
            "out": out, "families": _names(families), "rounds": rounds, "seed": seed,
            "workers": workers,
        }  # fmt: skip
        with _folder(None, given):
            hand_out(launch(told(None, given)), as_json=False, as_markdown=True)
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
    rounds: Annotated[int, typer.Option(min=1, help="Resamples.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Of the resampling.")] = 12345,
) -> None:
    """Compare two results on the same sets: differences, intervals, paired tests."""
    from evaluation._compare import pairs
    from evaluation._report import differences

    with clear_errors():
        for one in pairs(first, second, systems, metric, rounds=rounds, seed=seed):
            table(one.title, differences(one.differences))
            typer.echo(f"n={rounds}, seed={seed}, over documents; difference = second - first\n")


def _names(given: str | None) -> list[str] | None:
    return None if given is None else [one.strip() for one in given.split(",") if one.strip()]


def _set_entry(spec: str) -> dict[str, str]:
    from evaluation._set_readers import parts_of

    return dict(zip(("name", "kind", "path"), parts_of(spec), strict=True))


@contextmanager
def _folder(config: Path | None, given: dict[str, Any]) -> Iterator[None]:
    """Run a job that names no folder in one that goes away: only its tables are wanted."""
    if config or given["out"]:
        yield
        return
    with TemporaryDirectory(prefix="restore-evaluate-") as folder:
        given["out"], given["formats"] = folder, []
        yield


def _needed(value: Given | None, what: str) -> Given:
    from evaluation._errors import EvaluationError

    if not value:
        message = f"nothing to score: give {what}"
        raise EvaluationError(message)
    return value
