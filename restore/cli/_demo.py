"""`restore demo`: restores the bundled example and shows it beside its source."""

import sys

from restore.cli import _options as opt
from restore.cli._example import example
from restore.cli._load import Settings


def demo(mode: opt.ModeOption = opt.Mode.auto) -> None:
    """Restore the bundled example beside its source."""
    garbled, source = example("garbled"), example("source")
    (result,) = Settings(mode).restore_all()([garbled])
    restored = getattr(result, "text", garbled)
    _print_columns({"garbled": garbled, "restored": restored, "source": source})
    right, wrong, altered = _count(garbled.split(), restored.split(), source.split())
    sys.stdout.write(
        f"{right} of {altered} altered words are right again, {wrong} other words differ\n"
    )


def _count(garbled: list[str], restored: list[str], source: list[str]) -> tuple[int, int, int]:
    """Count words put right, words of the source not met elsewhere, and words altered.

    The example keeps its words one for one; where a restored text does not, the rest counts as not
    put right.
    """
    pairs = list(zip(garbled, restored, source, strict=False))
    altered = sum(g != s for g, _, s in pairs)
    right = sum(g != s and r == s for g, r, s in pairs)
    wrong = sum(g == s and r != s for g, r, s in pairs)
    return right, wrong, altered


def _print_columns(columns: dict[str, str]) -> None:
    from rich.box import SIMPLE  # noqa: PLC0415 - slow to import, and needed here only
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=SIMPLE, pad_edge=False, show_lines=False)
    for name in columns:
        table.add_column(name, ratio=1, overflow="fold")
    for row in zip(*(text.strip().split("\n\n") for text in columns.values()), strict=False):
        table.add_row(*row, end_section=True)
    console = Console(markup=False, emoji=False, highlight=False)
    console.print(table, width=None if console.is_terminal else 140)
