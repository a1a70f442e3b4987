"""`restore apply`: replays an edits file, with the vetoed edits left out."""

import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Annotated

import typer

from restore._edits import Edit
from restore._errors import EditError, InputError
from restore.cli import _options as opt
from restore.cli._edits_file import Veto, read_edits
from restore.cli._explain import only_source
from restore.cli._failures import say
from restore.cli._run import Reader
from restore.cli._sources import Inputs, Source
from restore.cli._targets import prepare, targets
from restore.formats import kind_of, packing, whole_file

MOST_IN_MEMORY = 64 << 20  # bytes of a result, before it goes to a temporary file


def apply(
    file: Annotated[str, typer.Argument(help="The original file; '-' is standard input.")],
    edits: Annotated[Path, typer.Argument(help="JSON lines from --edits or from explain --json.")],
    *,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="OUT", help="File.", show_default="standard output"),
    ] = None,
    reject: Annotated[
        list[int] | None,
        typer.Option(
            "--reject",
            metavar="NUMBER",
            help="Leave out this edit (from 1, as explain counts and lines stand in the file); "
            'may be repeated. A line that says "reject": true is left out as well.',
            show_default=False,
        ),
    ] = None,
    min_confidence: Annotated[
        float, typer.Option("--min-confidence", min=0, max=1, help="Leave out less sure edits.")
    ] = 0.0,
    encoding: opt.Encoding = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an output that exists.")] = False,
    quiet: opt.Quiet = False,
) -> None:
    """Replay edits, with the vetoed ones left out."""
    # The edits are on the file as it stands, markup and all: its format does not matter here.
    source = only_source(file, "txt", [])
    target = targets(Inputs([source]), output, in_place=False)[source]
    chosen, vetoed = read_edits(edits, source.label, Veto(reject or (), min_confidence))
    try:
        _write(source, target, chosen, encoding, force)
    except (EditError, InputError) as error:
        message = f"{source.label}: {error}"
        raise type(error)(message) from error
    if not quiet and output:
        say(f"{len(chosen)} edits made, {vetoed} left out")


def _write(
    source: Source, target: Path | None, edits: Sequence[Edit], encoding: str | None, force: bool
) -> None:
    if target is None:
        _show(_new_bytes(source, edits, encoding))
        return
    prepare(target, force)
    compression = kind_of(target, "txt").compression
    with (
        whole_file(target) as pending,
        pending.path.open("wb") as file,
        packing(file, compression) as packed,
    ):
        for data in _new_bytes(source, edits, encoding):
            packed.write(data)


def _show(parts: Iterable[bytes]) -> None:
    """Write to standard output, all or nothing: an edit near the end may not match."""
    with SpooledTemporaryFile(MOST_IN_MEMORY) as whole:
        whole.writelines(parts)
        whole.seek(0)
        shutil.copyfileobj(whole, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def _new_bytes(source: Source, edits: Sequence[Edit], encoding: str | None) -> Iterator[bytes]:
    reader = Reader((), encoding)
    with reader.text(source) as text:
        for part in replayed(text, edits):
            try:
                yield part.encode(text.encoding)
            except UnicodeEncodeError as error:
                message = f"{error.object[error.start]!r} cannot be written in {text.encoding}"
                raise EditError(message) from error


def replayed(chunks: Iterable[str], edits: Sequence[Edit]) -> Iterator[str]:
    """Make edits on a text that comes in chunks.

    Args:
        chunks: the text.
        edits: in order, without overlaps; offsets are those of the whole text.

    Raises:
        EditError: an edit lies outside the text, or expects something else than what stands there.
    """
    rest = iter(chunks)
    held, base = "", 0  # text read but not passed on, and its offset
    for edit in edits:
        parts = [held]
        size = base + len(held)
        while size < edit.end and (chunk := next(rest, None)) is not None:
            parts.append(chunk)
            size += len(chunk)
        held = "".join(parts)
        start, end = edit.start - base, edit.end - base
        if held[start:end] != edit.before or end > len(held):
            message = (
                f"edit {edit.start}-{edit.end} expects {edit.before!r}, the text has "
                f"{held[start:end]!r}: were the edits made for another file?"
            )
            raise EditError(message)
        yield held[:start] + edit.after
        held, base = held[end:], edit.end
    yield held
    yield from rest
