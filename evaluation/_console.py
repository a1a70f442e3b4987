"""What `restore evaluate` says: results on standard output, all else on standard error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from evaluation._report import Table
    from evaluation.jobs import Outcome

_SHOWN_FAILURES = 3


def hand_out(outcome: Outcome, *, as_json: bool, as_markdown: bool) -> None:
    """Print a job's results: tables, or all as JSON or Markdown."""
    from evaluation import _report
    from evaluation.reports import as_data, as_markdown_text

    if as_json:
        typer.echo(json.dumps(as_data(outcome), ensure_ascii=False, indent=1, sort_keys=True))
        return
    if as_markdown:
        typer.echo(as_markdown_text(outcome))
        return
    for name, group in _report.by_set(outcome.reports).items():
        table(name, _report.headline(group))
        for one in group:
            typer.echo(f"{one['system']}: {_report.count_line(one)}\n  {one['signature']}")
    if outcome.footprints:
        table("speed and footprint", _report.footprint_table(outcome.footprints))
    for found in outcome.differences:
        table(found.title, _report.differences(found.differences))


def conclude(outcome: Outcome, *, kept: bool) -> None:
    """Say on standard error what went wrong and where the files are; end with the exit code."""
    for one in outcome.reports:
        for name, reason in list(one["failed"].items())[:_SHOWN_FAILURES]:
            _say(f"{one['system']} failed on {one['set']}, document {name!r}: {reason}")
        more = len(one["failed"]) - _SHOWN_FAILURES
        if more > 0:
            _say(f"{one['system']} failed on {one['set']}, {more} more: see predict/manifest.json")
    for line in _unmeasured(outcome):
        _say(line)
    for line in outcome.breaches:
        _say(f"gate failed: {line}")
    if kept:
        _say(f"results in {outcome.files.get('html') or outcome.folder}")
    if outcome.exit_code:
        raise typer.Exit(outcome.exit_code)


def _unmeasured(outcome: Outcome) -> list[str]:
    from evaluation._report import unmeasured

    return unmeasured(outcome.footprints)


def _say(message: str) -> None:
    typer.echo(f"restore evaluate: {' '.join(message.split())}", err=True)


def table(title: str, content: Table) -> None:
    """Print a table."""
    from rich import box
    from rich.console import Console
    from rich.table import Table as RichTable

    header, rows = content
    shown = RichTable(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for n, name in enumerate(header):
        shown.add_column(name, justify="right" if n else "left", overflow="fold")
    for row in rows:
        shown.add_row(*row)
    console = Console()
    if not console.is_terminal:  # a pipe has no width: nothing need be folded
        console = Console(width=250)
    console.print(shown, markup=False)
