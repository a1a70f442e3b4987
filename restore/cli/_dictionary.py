"""`restore dictionary`: what the substitution dictionary says about a form."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from restore.cli import _options as opt
from restore.cli._failures import SOME_FAILED

if TYPE_CHECKING:
    from restore.dictionary import Dictionary, Entry


def lookup(
    forms: Annotated[list[str], typer.Argument(metavar="FORM...", help="Words or phrases.")],
    limit: Annotated[int, typer.Option("--limit", min=1, help="Candidates shown a form.")] = 24,
    dictionary: opt.Dictionaries = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
) -> None:
    """List what garbled forms may have stood for.

    The likeliest original comes first; the exit code is 1 if a form is unknown.
    """
    table = _load(dictionary or [])
    is_missing = False
    for form in forms:
        entry = table.lookup(form)
        if entry is None:
            is_missing = True
            typer.echo(f"{form}: not in the dictionary", err=True)
        else:
            sys.stdout.write(_as_json(entry, limit) if as_json else _as_text(entry, limit))
    if is_missing:
        raise typer.Exit(SOME_FAILED)


def stats(dictionary: opt.Dictionaries = None) -> None:
    """Print the dictionary's size and version."""
    for name, value in _figures(_load(dictionary or [])).items():
        sys.stdout.write(f"{name:24} {value}\n")


def _figures(table: "Dictionary") -> dict[str, str]:
    import numpy as np

    counts = np.diff(table.offsets)
    relations, pairs = np.unique(table.relations, return_counts=True)
    figures = {
        "version": table.version,
        "sha256": table.content_hash,
        "forms": f"{len(table):,}",
        "of two or more words": f"{len(table.forms.phrases()):,}",
        "deterministic": f"{int(table.deterministic.sum()):,}",
        "candidates": f"{int(counts.sum()):,}",
        "observed": f"{int(table.observed.sum()):,}",
        "candidates a form": f"median {np.median(counts):.0f}, p95 {np.percentile(counts, 95):.0f}",
    }
    return figures | {
        f"relation {_relation(number)}": f"{count:,}"
        for number, count in zip(relations.tolist(), pairs.tolist(), strict=True)
    }


def _relation(number: int) -> str:
    from restore.dictionary import Relation

    return str(Relation(number))


def _load(paths: list[Path]) -> "Dictionary":
    from restore.dictionary import Dictionary

    table = Dictionary.load()
    for path in paths:
        table = table.overlay(path)
    return table


def _as_json(entry: "Entry", limit: int) -> str:
    candidates = [
        {
            "original": c.original,
            "prior": c.prior,
            "relation": str(c.relation),
            "observed": c.observed,
        }
        for c in entry.candidates[:limit]
    ]
    data = {"form": entry.form, "deterministic": entry.deterministic, "candidates": candidates}
    return json.dumps(data) + "\n"


def _as_text(entry: "Entry", limit: int) -> str:
    note = " (deterministic)" if entry.deterministic else ""
    lines = [f"{entry.form}{note}"]
    for c in entry.candidates[:limit]:
        seen = " observed" if c.observed else ""
        lines.append(f"  {c.prior:.4f}  {c.original}  [{c.relation}]{seen}")
    if len(entry.candidates) > limit:
        lines.append(f"  ... and {len(entry.candidates) - limit} more")
    return "\n".join(lines) + "\n"
