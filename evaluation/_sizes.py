"""What systems bring along: the bytes of their models and dictionaries on disk."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import TYPE_CHECKING

import restore
from restore.rescoring import model_files

if TYPE_CHECKING:
    from collections.abc import Iterable

DATA = Path(restore.__file__).parent / "data"
_ALL_READ = ("capitals.txt", "letters.tsv")
# What the modes read of it; any other mode is taken to read it all.
MODE_FILES = {
    "dictionary": (*_ALL_READ, "dictionary.bin"),
    "fast": (*_ALL_READ, "dictionary.bin", "ngram.bin", "fast.bin", "casing.bin"),
}


def mode_bytes(mode: str) -> int:
    """Return the bytes of the files that one of the restorer's modes reads."""
    own = [DATA / name for name in MODE_FILES.get(mode, ("",))]
    return bytes_of([*own, *model_files()[:1]] if mode == "best" else own)


def bytes_of(paths: Iterable[Path]) -> int:
    """Return the bytes of files, and of all files below folders; what is not there counts none."""
    found = (file for path in paths for file in ((path,) if path.is_file() else path.rglob("*")))
    return sum(file.stat().st_size for file in found if file.is_file())


def package_bytes(distribution: str, ending: str) -> int | None:
    """Return the bytes of an installed package's files of that ending; None if that is unknown."""
    try:
        listed = files(distribution) or []
    except PackageNotFoundError:
        return None
    return bytes_of(Path(str(one.locate())) for one in listed if one.name.endswith(ending)) or None
