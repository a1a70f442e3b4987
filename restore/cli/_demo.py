"""`restore demo`: restores the bundled example and shows it beside its source."""

import sys
from difflib import SequenceMatcher

from restore.cli import _options as opt
from restore.cli._example import example
from restore.cli._load import Settings


def demo(mode: opt.ModeOption = opt.Mode.auto) -> None:
    """Restore the bundled example beside its source."""
    garbled, source = example("garbled"), example("source")
    restored = Settings(mode).load().restore(garbled).text
    _print_columns({"garbled": garbled, "restored": restored, "source": source})
    before, after = _shared_words(garbled, source), _shared_words(restored, source)
    sys.stdout.write(
        f"of the source's {len(source.split())} words, {before} stand in the garbled text "
        f"and {after} in the restored one\n"
    )


def _shared_words(text: str, source: str) -> int:
    """Count the source's words that stand in `text` in the same order."""
    matcher = SequenceMatcher(None, source.split(), text.split(), autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks())


def _print_columns(columns: dict[str, str]) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    table = Table(box=SIMPLE, pad_edge=False, show_lines=False)
    for name in columns:
        table.add_column(name, ratio=1, overflow="fold")
    for row in zip(*(text.strip().split("\n\n") for text in columns.values()), strict=False):
        table.add_row(*row, end_section=True)
    console = Console(markup=False, emoji=False, highlight=False)
    console.print(table, width=None if console.is_terminal else 140)
