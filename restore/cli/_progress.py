"""A progress bar on standard error, on a terminal only."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from restore.cli._sources import Source


@contextmanager
def progress(sources: Iterable[Source], is_quiet: bool) -> Iterator[Callable[[int], None] | None]:
    """Show how much of the sources has been read.

    Yields:
        A function to be told the number of bytes read, or None where nothing is shown.
    """
    total = sum(source.size for source in sources)
    # A bar and text on the same terminal would write over each other.
    if is_quiet or not total or not sys.stderr.isatty() or sys.stdout.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("restore", total=total)
        yield lambda size: bar.advance(task, size)
