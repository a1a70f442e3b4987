"""Spell-checkers as systems: what a user would reach for first, scored on the same texts.

Each gets the words of a text one by one, without capitalised words and numbers, as such tools are
used on news (names are not in their dictionaries), and its first suggestion is taken.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from functools import partial
from importlib import import_module
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation._errors import EvaluationError
from evaluation._sizes import bytes_of, package_bytes
from evaluation._systems import Prediction
from restore import Edit, apply_edits
from restore._document import CAPITAL, WORD, Document

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence


class Speller:
    """A spell-checker behind a function from words to their corrections.

    One that is a program is asked once for the words of all documents, since its start costs more
    than its answers.
    """

    def __init__(
        self,
        name: str,
        signature: str,
        correct: Callable[[Collection[str]], dict[str, str]],
        size: int | None = None,
        *,
        at_once: bool = False,
    ) -> None:
        """Name the checker.

        Args:
            name: what reports call it.
            signature: version and options.
            correct: from words to their corrections.
            size: bytes of its dictionary, if known.
            at_once: the words of all documents are corrected together.
        """
        self.name = name
        self.signature = signature
        self.size = size
        self._correct = correct
        self._at_once = at_once
        self._known: dict[str, str] = {}

    def predict(self, documents: Sequence[str]) -> Iterator[Prediction]:
        """Correct the words of each document; a word's correction is looked up once."""
        start = time.perf_counter()
        if self._at_once:
            self._learn({word for text in documents for _, word in _words(text)})
        # What it took for all is shared out by length.
        each = (time.perf_counter() - start) / max(1, sum(map(len, documents)))
        for text in documents:
            start = time.perf_counter()
            words = _words(text)
            self._learn({word for _, word in words})
            edits = tuple(
                Edit(at, at + len(word), word, self._known[word], self.name)
                for at, word in words
                if self._known.get(word, word) != word
            )
            made = apply_edits(text, edits)
            yield Prediction(made, edits, time.perf_counter() - start + each * len(text))

    def _learn(self, words: Collection[str]) -> None:
        new = set(words) - self._known.keys()
        if new:
            self._known.update(self._correct(sorted(new)))


def _words(text: str) -> list[tuple[int, str]]:
    """Return the words that a checker gets, with their places."""
    document = Document.parse(text)
    return [
        (at, token)
        for at, token, kind in zip(document.starts, document.tokens, document.kinds, strict=True)
        if kind & WORD and not kind & CAPITAL and token.isascii()
    ]


def _symspell() -> Speller:
    from symspellpy import SymSpell, Verbosity

    checker = SymSpell(max_dictionary_edit_distance=2)
    path = files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    checker.load_dictionary(str(path), term_index=0, count_index=1)

    def correct(words: Collection[str]) -> dict[str, str]:
        found = {}
        for word in words:
            best = checker.lookup(word, Verbosity.TOP, max_edit_distance=2, include_unknown=True)
            found[word] = best[0].term
        return found

    signature = f"symspellpy-{version('symspellpy')},lookup,distance=2,en_82_765"
    return Speller("symspell", signature, correct, Path(str(path)).stat().st_size)


def _pyspellchecker() -> Speller:
    checker = import_module("spellchecker").SpellChecker(language="en")

    def correct(words: Collection[str]) -> dict[str, str]:
        return {word: checker.correction(word) or word for word in words}

    signature = f"pyspellchecker-{version('pyspellchecker')},en"
    return Speller(
        "pyspellchecker", signature, correct, package_bytes("pyspellchecker", "en.json.gz")
    )


def _autocorrect() -> Speller:
    checker = import_module("autocorrect").Speller(lang="en")

    def correct(words: Collection[str]) -> dict[str, str]:
        return {word: checker(word) for word in words}

    signature = f"autocorrect-{version('autocorrect')},en"
    return Speller("autocorrect", signature, correct, package_bytes("autocorrect", "en.tar.gz"))


def _ispell(program: str, arguments: tuple[str, ...], dictionary: str) -> Speller:
    """Make a speller of a program that speaks ispell's pipe protocol (aspell, hunspell)."""
    found = shutil.which(program)
    if not found:
        message = f"{program} is not installed: apt-get install {program} and an English dictionary"
        raise EvaluationError(message)
    command = (found, "-a", *arguments)
    said = _talk(command, "").splitlines()[:1] or [program]
    signature = f"{said[0].removeprefix('@(#) ')},{' '.join(arguments)}"
    size = bytes_of(Path("/").glob(dictionary)) or None
    return Speller(program, signature, partial(_correct_by_pipe, command), size, at_once=True)


def _correct_by_pipe(command: tuple[str, ...], words: Collection[str]) -> dict[str, str]:
    """Ask for all words at once: ``& word n offset: first, second`` answers an unknown one."""
    asked = [word for word in words if "-" not in word]  # they would be split
    found = {word: word for word in words}
    for line in _talk(command, "".join(f"^{word}\n" for word in asked)).splitlines():
        if line.startswith("& "):
            head, _, suggestions = line.partition(": ")
            word = head.split(" ")[1]
            if word in found:
                found[word] = suggestions.split(", ")[0]
    return found


def _talk(command: tuple[str, ...], text: str) -> str:
    done = subprocess.run(  # noqa: S603 - a fixed program, without a shell
        command, input=text.encode(), capture_output=True, check=False
    )
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().splitlines()[:1] or ["no message"]
        message = f"{command[0]}: ended with exit code {done.returncode}: {reason[0]}"
        raise EvaluationError(message)
    return done.stdout.decode("utf-8", errors="replace")


SPELLERS: dict[str, Callable[[], Speller]] = {
    "symspell": _symspell,
    "pyspellchecker": _pyspellchecker,
    "autocorrect": _autocorrect,
    "aspell": partial(
        _ispell, "aspell", ("--lang=en_US", "--encoding=utf-8"), "usr/lib/aspell/en[_-]*.rws"
    ),
    "hunspell": partial(
        _ispell, "hunspell", ("-d", "en_US", "-i", "utf-8"), "usr/share/hunspell/en_US.*"
    ),
}
