"""Systems that can be scored, behind one small protocol, and their names on the command line."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from corpora._files import content_sha256
from evaluation._errors import EvaluationError
from evaluation._sizes import mode_bytes
from restore import MODES, Edit, Restorer, __version__
from restore.rescoring import model_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a system made of one document.

    Attributes:
        text: the restored text.
        edits: how it came from the document, where the system tells; None where it does not.
        seconds: time it took.
    """

    text: str
    edits: tuple[Edit, ...] | None
    seconds: float


class System(Protocol):
    """Anything that restores documents.

    One that knows the bytes of its models and dictionaries has them as `size`; one that may raise
    more at a document than `_predict.FAILURES` names it in `failures`.
    """

    name: str
    """What reports call it."""

    signature: str
    """Version and options: all that determines its output."""

    def predict(self, documents: Sequence[str]) -> Iterator[Prediction]:
        """Restore documents, in their order."""


@dataclass(slots=True)
class AsIs:
    """Leaves everything as it is: the floor."""

    name: str = "as-is"
    signature: str = "as-is"

    def predict(self, documents: Sequence[str]) -> Iterator[Prediction]:
        """Return the documents untouched."""
        return (Prediction(text, (), 0.0) for text in documents)


class Restoring:
    """The restorer of this package in one of its modes."""

    def __init__(self, mode: str, min_confidence: float | None = None) -> None:
        start = time.perf_counter()
        self._restorer = Restorer.load(mode=mode, min_confidence=min_confidence)
        self.load_seconds = time.perf_counter() - start
        at = "" if min_confidence is None else f"@{min_confidence:g}"
        self.name = f"{mode}{at}"
        self.size = mode_bytes(self._restorer.mode)
        least = "default" if min_confidence is None else f"{min_confidence:g}"
        self.signature = (
            f"restore-{__version__},mode={self._restorer.mode},min_confidence={least},"
            f"package={package_hash()}"
        )
        if self._restorer.mode == "best":
            self.signature += language_model_signature()

    def predict(self, documents: Sequence[str]) -> Iterator[Prediction]:
        """Restore the documents one by one, so that each one's time is known."""
        for text in documents:
            start = time.perf_counter()
            found = self._restorer.restore(text)
            yield Prediction(found.text, tuple(found.edits), time.perf_counter() - start)


def language_model_signature() -> str:
    """Return what else determines the output of what asks a language model: its weights."""
    return f",lm=sha256-{content_sha256(model_files()[0])[:12]}"


def package_hash(package: str = "restore", ending: str = "") -> str:
    """Return a hash of a package's code and data: what it is, whatever its version says.

    Args:
        package: its name.
        ending: of the names of files to count in; all by default.
    """
    digest = hashlib.sha256()
    root = Path(str(files(package)))
    for path in sorted(root.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts and path.name.endswith(ending):
            digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class Ftfy:
    """ftfy's ``fix_text``: the yardstick for encoding damage."""

    def __init__(self) -> None:
        import ftfy

        self._fix: Callable[[str], str] = ftfy.fix_text
        self.name = "ftfy"
        self.signature = f"ftfy-{ftfy.__version__},fix_text"

    def predict(self, documents: Sequence[str]) -> Iterator[Prediction]:
        """Fix the documents one by one."""
        for text in documents:
            start = time.perf_counter()
            yield Prediction(self._fix(text), None, time.perf_counter() - start)


# Packages that are installed under another name than they are imported by.
_PACKAGES = {"spellchecker": "pyspellchecker"}


def make_system(spec: str) -> System:
    """Make the system that a name on the command line stands for.

    ``as-is``; the restorer's modes ``dictionary``, ``fast``, ``full``, ``best`` and ``auto``
    (with ``@0.7`` for another least confidence); ``oracle`` (``@24`` for how many candidates it may
    choose from); ``smollm2``, which chooses by a language model alone (``@5``); ``ftfy``; the
    spell-checkers ``symspell``, ``pyspellchecker``, ``autocorrect``,
    ``aspell``, ``hunspell``; the grammar checker ``harper``; ``seq2seq:FOLDER`` for a local Hugging
    Face model; ``command:PROGRAM ARGUMENTS`` for anything that reads lines and writes lines;
    ``python:MODULE:FUNCTION``.

    Raises:
        EvaluationError: no such system, or what it needs is not installed.
    """
    from evaluation import _harper, _oracle, _outside, _spelling, _zero_shot

    outside: dict[str, Callable[[str], System]] = {
        "command": _outside.Command, "python": _outside.Function, "seq2seq": _outside.Seq2seq,
    }  # fmt: skip
    kind, colon, place = spec.partition(":")
    if colon and kind in outside:
        return outside[kind](place)
    name, _, value = spec.partition("@")
    number = _number(spec, value)
    if name in MODES:
        return Restoring(name, number)
    if name == "oracle":
        return _oracle.Oracle(24 if number is None else _whole(spec, number))
    if name == "smollm2":
        return _zero_shot.ZeroShot(5 if number is None else _whole(spec, number))
    makers: dict[str, Callable[[], System]] = {
        "as-is": AsIs, "ftfy": Ftfy, "harper": _harper.Harper, **_spelling.SPELLERS,
    }  # fmt: skip
    if spec not in makers:
        known = (*MODES, "oracle", "smollm2", *makers, *(f"{one}:..." for one in outside))
        message = f"no system {spec!r}; there are: {', '.join(known)}"
        raise EvaluationError(message)
    try:
        return makers[spec]()
    except ImportError as error:
        package = _PACKAGES.get(error.name or "", error.name)
        message = f"{spec} needs a package that is not installed: pip install {package}"
        raise EvaluationError(message) from error


def _number(spec: str, value: str) -> float | None:
    try:
        return float(value) if value else None
    except ValueError as error:
        message = f"{spec}: a number was expected after @, not {value!r}"
        raise EvaluationError(message) from error


def _whole(spec: str, number: float) -> int:
    if not (number >= 1 and number.is_integer()):
        message = f"{spec}: a whole number from 1 was expected after @: the candidates looked at"
        raise EvaluationError(message)
    return int(number)
