"""`restore text`: restores files, folders, or standard input."""

import sys
from codecs import IncrementalEncoder, getincrementalencoder
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from restore._errors import InputError
from restore.cli import _options as opt
from restore.cli._diff import InlineDiff, wants_colour
from restore.cli._edits_file import EditsWriter, edits_writer
from restore.cli._failures import SOME_FAILED, say
from restore.cli._flow import Flow
from restore.cli._load import Settings
from restore.cli._progress import progress
from restore.cli._run import Reader, Tally, each
from restore.cli._sources import Source, gather
from restore.cli._targets import back_up, check_edits_file, prepare, targets
from restore.engines import require
from restore.formats import Piece, kind_of, packing, parquet_writer, refuse_taken, whole_file

BACKUP_SUFFIX = ".bak"


class BackupCommand(TyperCommand):
    """A command whose ``--backup`` may stand alone, as in sed and other Unix tools."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401
        """Give a bare ``--backup`` its default."""
        end = args.index("--") if "--" in args else len(args)
        spelt = [f"--backup={BACKUP_SUFFIX}" if a == "--backup" else a for a in args[:end]]
        return super().parse_args(ctx, spelt + args[end:])


@dataclass(slots=True)
class _Job:
    """One run of the command: where results go, and what is shown of them."""

    tally: Tally
    targets: dict[Source, Path | None]
    backup: str | None
    may_replace: bool
    is_in_place: bool
    has_diff: bool
    flow: Flow = field(init=False)
    edits: EditsWriter | None = None
    diff: InlineDiff | None = field(default=None)

    def admit(self, source: Source) -> None:
        """Refuse a source before it is read; `prepare` looks again before it is written."""
        refuse_taken(self.targets[source], self.may_replace or self.is_in_place)

    def do(self, source: Source) -> None:
        if self.edits is not None:
            self.edits.begin()
        if self.has_diff:
            self.diff = InlineDiff(source.label, sys.stdout.write, wants_colour())
        before = replace(self.tally)
        try:
            self._restore(source, self.targets[source])
        except Exception:
            self.tally.edits, self.tally.left_out = before.edits, before.left_out
            if self.edits is not None:
                self.edits.take_back()
            raise
        if self.diff is not None:
            self.diff.close()

    def _restore(self, source: Source, target: Path | None) -> None:
        if target is not None:
            prepare(target, self.may_replace or self.is_in_place)
            self._to_file(source, target)
        elif self.has_diff:
            for piece in self.flow.pieces(source):
                self._note(source, piece)
        else:
            self._to_standard_output(source)

    def _to_standard_output(self, source: Source) -> None:
        if source.kind.name == "parquet":
            message = "parquet cannot go to standard output: give a file with -o"
            raise InputError(message)
        sys.stdout.flush()
        self._write(source, sys.stdout.buffer.write)
        sys.stdout.buffer.flush()

    def _to_file(self, source: Source, target: Path) -> None:
        before = self.tally.edits
        with whole_file(target) as pending:
            if source.kind.name == "parquet":
                self._to_parquet(source, pending.path)
            else:
                compression = _compression(source, target)
                with pending.path.open("wb") as file, packing(file, compression) as packed:
                    self._write(source, packed.write)
            # A file without edits stays as it is, down to its time of change.
            pending.is_wanted = not self.is_in_place or self.tally.edits > before
            if self.is_in_place and pending.is_wanted and self.backup is not None:
                back_up(target, self.backup, self.may_replace)

    def _to_parquet(self, source: Source, path: Path) -> None:
        with parquet_writer(path) as take:
            for batch, found in self.flow.batches(source):
                for piece in batch.pieces(found):
                    self._note(source, piece)
                take(batch)

    def _write(self, source: Source, write: Callable[[bytes], object]) -> None:
        encoder: IncrementalEncoder | None = None
        for batch, found in self.flow.batches(source):
            # One for the whole file: in some codecs a sign's bytes depend on the one before.
            encoder = encoder or getincrementalencoder(batch.encoding)()
            for piece in batch.pieces(found):
                write(encoder.encode(piece.new))
                self._note(source, piece)
        if encoder is not None:
            write(encoder.encode("", final=True))

    def _note(self, source: Source, piece: Piece) -> None:
        self.tally.edits += len(piece.edits)
        self.tally.left_out += piece.left_out
        if self.edits is not None:
            self.edits.add(source.label, piece)
        if self.diff is not None:
            self.diff.feed(piece)


def _compression(source: Source, target: Path) -> str:
    """Compress as the target's suffix says, which may differ from the source's."""
    if source.path is not None and target.suffix == source.path.suffix:
        return source.kind.compression
    return kind_of(target, "txt").compression


def text(
    files: opt.Files = None,
    *,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="File, or folder where the inputs' tree is mirrored.",
            show_default="standard output",
        ),
    ] = None,
    in_place: Annotated[
        bool, typer.Option("--in-place", "-i", help="Replace the inputs by their restored text.")
    ] = False,
    backup: Annotated[
        str | None,
        typer.Option(
            "--backup",
            metavar="[=SUFFIX]",
            help=f"With --in-place: keep the original as NAME{BACKUP_SUFFIX}, or NAMESUFFIX.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace output files and backups that exist.")
    ] = False,
    field: opt.Fields = None,
    format: opt.FormatOption = None,  # noqa: A002 - named as the option
    encoding: opt.Encoding = None,
    mode: opt.ModeOption = opt.Mode.auto,
    model: opt.ModelOption = None,
    dictionary: opt.Dictionaries = None,
    protect: opt.Protect = None,
    protect_file: opt.ProtectFile = None,
    min_confidence: opt.MinConfidence = None,
    repairs: opt.Repairs = None,
    no_repair: opt.NoRepair = None,
    diff: Annotated[
        bool,
        typer.Option(
            "--diff", help="Show the changed lines; without -o or --in-place, instead of the text."
        ),
    ] = False,
    edits: Annotated[
        Path | None,
        typer.Option(
            "--edits", metavar="FILE", help="Write every edit as JSON lines.", show_default=False
        ),
    ] = None,
    engine: opt.EngineOption = opt.Engine.local,
    workers: opt.Workers = 1,
    quiet: opt.Quiet = False,
) -> None:
    """Restore files, folders or standard input.

    The result goes to standard output, to -o, or with --in-place back to where it came from.
    """
    _check_backup(backup, in_place)
    require(engine.value)
    settings = Settings(
        mode, dictionary, protect, protect_file, min_confidence, repairs, no_repair, model
    )
    tally = Tally()
    inputs = gather(files or (), format, field or (), tally.fail, in_place=in_place)
    tally.skipped = inputs.skipped
    is_shown_only = diff and output is None and not in_place
    chosen = dict.fromkeys(inputs.sources) if is_shown_only else targets(inputs, output, in_place)
    check_edits_file(edits, chosen, force)
    job = _Job(tally, chosen, backup, force, in_place, diff)
    with ExitStack() as stack:
        seen = stack.enter_context(progress(inputs.sources, quiet))
        reader, place = Reader(field or (), encoding, seen), (engine.value, workers)
        job.flow = Flow(reader, settings.load(), inputs.sources, place, job.admit)
        job.edits = stack.enter_context(edits_writer(edits))
        stack.enter_context(closing(job.flow))
        each(inputs.sources, tally, job.do)
    if (output or in_place) and not quiet:
        say(tally.summary())
    if tally.failed:
        raise typer.Exit(SOME_FAILED)


def _check_backup(backup: str | None, in_place: bool) -> None:
    if backup is None:
        return
    if not in_place:
        message = "--backup goes with --in-place"
        raise typer.BadParameter(message)
    if not backup or "/" in backup:
        message = f"{backup!r} is no suffix for backups"
        raise typer.BadParameter(message)
