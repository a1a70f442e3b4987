"""Where results go: standard output, a file, a mirrored folder, or the inputs themselves."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from restore._errors import InputError
from restore.formats import refuse_taken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from restore.cli._sources import Inputs, Source


def targets(inputs: Inputs, out: str | None, in_place: bool) -> dict[Source, Path | None]:
    """Say where every source's result goes; None is standard output.

    Raises:
        typer.BadParameter: the arguments do not go together, or a file would be overwritten by
            its own result.
    """
    if in_place:
        return _in_place(inputs, out)
    if out is None or out == "-":
        return _standard_output(inputs)
    folder = Path(out)
    if not (inputs.is_many or out.endswith(("/", os.sep)) or folder.is_dir()):
        chosen: dict[Source, Path | None] = dict.fromkeys(inputs.sources, folder)
    else:
        _refuse_standard_input(inputs, "needs a file name after -o, not a folder")
        chosen = {source: folder / source.relative for source in inputs.sources}
    _check_distinct(chosen)
    return chosen


def _in_place(inputs: Inputs, out: str | None) -> dict[Source, Path | None]:
    if out is not None:
        message = "--in-place and -o exclude each other"
        raise typer.BadParameter(message)
    _refuse_standard_input(inputs, "cannot be restored in place")
    # Through a symbolic link, the file that it points to is replaced, not the link.
    return {s: Path(os.path.realpath(s.path)) for s in inputs.sources if s.path is not None}


def _refuse_standard_input(inputs: Inputs, why: str) -> None:
    if any(source.path is None for source in inputs.sources):
        message = f"standard input {why}"
        raise typer.BadParameter(message)


def _standard_output(inputs: Inputs) -> dict[Source, Path | None]:
    if len(inputs.sources) > 1:
        message = f"{len(inputs.sources)} files: give an output folder with -o, or --in-place"
        raise typer.BadParameter(message)
    return dict.fromkeys(inputs.sources, None)


def _check_distinct(chosen: dict[Source, Path | None]) -> None:
    """Refuse results that would replace an input or one another."""
    originals = {os.path.realpath(s.path): s for s in chosen if s.path is not None}
    taken: dict[str, Source] = {}
    for source, target in chosen.items():
        place = os.path.realpath(str(target))
        if place in originals:
            message = f"{target} is an input: use --in-place to replace inputs"
            raise typer.BadParameter(message)
        if place in taken:
            message = f"{source.label} and {taken[place].label} would both become {target}"
            raise typer.BadParameter(message)
        taken[place] = source


def check_edits_file(
    edits: Path | None, chosen: Mapping[Source, Path | None], may_replace: bool
) -> None:
    """Refuse an edits file that would replace an input, a result, or unless told to any other.

    Raises:
        typer.BadParameter: it is an input or a result.
        InputError: it exists.
    """
    if edits is None:
        return
    own = {source.path for source in chosen} | set(chosen.values())
    if os.path.realpath(edits) in {os.path.realpath(path) for path in own if path is not None}:
        message = f"{edits} is an input or a result: give --edits another name"
        raise typer.BadParameter(message)
    refuse_taken(edits, may_replace)


def prepare(target: Path, may_replace: bool) -> None:
    """Make the target's folder, and refuse to overwrite a file unless told to.

    Raises:
        InputError: the file exists, or its folder cannot be made.
    """
    refuse_taken(target, may_replace)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot make the folder {target.parent}: {error.strerror or error}"
        raise InputError(message) from error


def back_up(path: Path, suffix: str, may_replace: bool) -> None:
    """Keep the original under its name plus `suffix`.

    Raises:
        InputError: a backup of that name exists, and may not be replaced.
    """
    backup = path.with_name(path.name + suffix)
    if backup.exists() and not may_replace:
        message = f"the backup {backup} exists already: use --force or another --backup=SUFFIX"
        raise InputError(message)
    backup.unlink(missing_ok=True)
    try:
        os.link(path, backup)
    except OSError:  # a file system without hard links
        shutil.copy2(path, backup)
