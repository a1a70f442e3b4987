"""Options that several commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

Mode = StrEnum("Mode", ["auto", "dictionary", "fast", "full", "best"])
Engine = StrEnum("Engine", ["local", "ray"])
Format = StrEnum("Format", ["txt", "md", "html", "xml", "jsonl", "csv", "tsv", "parquet"])

Files = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILES",
        help="Files, folders, or patterns in quotes; '-' or nothing reads standard input.",
        show_default=False,
    ),
]
ModeOption = Annotated[
    Mode,
    typer.Option(
        "--mode",
        help="dictionary: only forms that are never honest English; fast: candidates chosen in "
        "context; full: a network reads every doubtful word and writes what no list holds; "
        "best: a language model reads once more what full is unsure of (slow; extra: best); "
        "auto: full.",
    ),
]
ModelOption = Annotated[
    Path | None,
    typer.Option(
        "--model",
        metavar="FOLDER",
        help="A network of your own for modes full and best, as `restore train export` writes it.",
        show_default="the shipped one",
    ),
]
Dictionaries = Annotated[
    list[Path] | None,
    typer.Option(
        "--dictionary",
        "-d",
        metavar="FILE",
        help="User table (TSV: garbled, original); may be repeated.",
        show_default=False,
    ),
]
Protect = Annotated[
    list[str] | None,
    typer.Option(
        "--protect", metavar="TERM", help="Term that stays; repeatable.", show_default=False
    ),
]
ProtectFile = Annotated[
    list[Path] | None,
    typer.Option(
        "--protect-file", metavar="FILE", help="One such term a line.", show_default=False
    ),
]
MinConfidence = Annotated[
    float | None,
    typer.Option(
        "--min-confidence",
        metavar="SHARE",
        min=0,
        max=1,
        help="Least confidence of an edit, 0-1; higher is safer.",
        show_default="the mode's own",
    ),
]
Repairs = Annotated[
    list[str] | None,
    typer.Option(
        "--repairs",
        metavar="NAMES",
        help="Run only these repairs (names with commas, or repeated; 'none' runs none).",
        show_default=False,
    ),
]
NoRepair = Annotated[
    list[str] | None,
    typer.Option(
        "--no-repair",
        metavar="NAME",
        help="Leave this repair out; may be repeated.",
        show_default=False,
    ),
]
Fields = Annotated[
    list[str] | None,
    typer.Option(
        "--field",
        "-f",
        metavar="NAME",
        help="Field or column that holds text, for jsonl, csv, tsv and parquet; may be repeated.",
        show_default=False,
    ),
]
FormatOption = Annotated[
    Format | None,
    typer.Option(
        "--format", help="What the input holds.", show_default="told by the suffix; stdin: txt"
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        metavar="NAME",
        help="Encoding of the input.",
        show_default="UTF-8, or by byte-order mark",
    ),
]
EngineOption = Annotated[
    Engine,
    typer.Option(
        "--engine", help="Where texts are restored: processes of this machine, or a Ray cluster."
    ),
]
Workers = Annotated[
    int,
    typer.Option(
        "--workers", metavar="NUMBER", min=1, help="Processes; the result is the same with any."
    ),
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="No progress bar and no summary, only errors.")
]
