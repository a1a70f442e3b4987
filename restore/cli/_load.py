"""Loads the restorer that a command's options ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from restore._errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from restore._restorer import Restorer


@dataclass(frozen=True, slots=True)
class Settings:
    """How to restore, as the options say it."""

    mode: str = "auto"
    dictionaries: Sequence[Path] | None = None
    protect: Sequence[str] | None = None
    protect_files: Sequence[Path] | None = None
    min_confidence: float | None = None
    repairs: Sequence[str] | None = None
    no_repair: Sequence[str] | None = None
    model: Path | None = None

    def load(self) -> Restorer:
        """Load the restorer; this is where the time goes.

        Raises:
            RestoreError: what the options name cannot be loaded.
        """
        from restore._restorer import Restorer
        from restore.engines import one_thread

        with one_thread():  # numpy is imported here
            return Restorer.load(
                mode=str(self.mode),  # a plain string, whatever the options hold
                # Absolute, as workers may have another working directory.
                dictionaries=[path.absolute() for path in self.dictionaries or ()],
                protect=[*(self.protect or ()), *_terms(self.protect_files or ())],
                min_confidence=self.min_confidence,
                repairs=_repairs(self.repairs, self.no_repair),
                model=None if self.model is None else self.model.absolute(),
            )


def _terms(paths: Sequence[Path]) -> list[str]:
    terms: list[str] = []
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except OSError as error:
            message = f"{path}: {error.strerror or error}"
            raise InputError(message) from error
        except UnicodeDecodeError as error:
            message = f"{path}: byte {error.start} is not UTF-8: save the list as UTF-8"
            raise InputError(message) from error
        terms += [line.strip() for line in lines if line.strip()]
    return terms


def _repairs(only: Sequence[str] | None, without: Sequence[str] | None) -> list[str] | None:
    """Return the names of the repairs to run; None leaves the choice to the restorer."""
    if not only and not without:
        return None
    from restore.repairs import DEFAULT_REPAIRS, REPAIRS

    names = _split(only) if only else list(DEFAULT_REPAIRS)
    names = [] if names == ["none"] else names
    dropped = _split(without or ())
    for name in (*names, *dropped):
        if name not in REPAIRS:
            message = f"unknown repair {name!r}: choose from {', '.join(REPAIRS)}"
            raise typer.BadParameter(message)
    return [name for name in names if name not in dropped]


def _split(values: Sequence[str]) -> list[str]:
    return [name.strip() for value in values for name in value.split(",") if name.strip()]
