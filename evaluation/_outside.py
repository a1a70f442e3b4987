"""Systems from outside: commands that read and write lines, Python functions, seq2seq models."""

from __future__ import annotations

import hashlib
import shlex
import shutil
import subprocess
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora._files import content_sha256
from evaluation._errors import EvaluationError
from evaluation._sizes import bytes_of
from evaluation._systems import Prediction
from restore._document import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class Command:
    """An outside command that reads lines and writes as many lines."""

    def __init__(self, command: str | Sequence[str]) -> None:
        self._words = shlex.split(command) if isinstance(command, str) else list(command)
        if not self._words:
            message = "command: says nothing to run; give command:PROGRAM ARGUMENTS"
            raise EvaluationError(message)
        self.name = Path(self._words[0]).name
        self.signature = f"command:{shlex.join(self._words)},{self.files_hash()}"

    def files_hash(self) -> str:
        """Return a hash of the program and of all files that its command line names."""
        words = self._words
        found = [Path(shutil.which(words[0]) or words[0]), *map(Path, words[1:])]
        hashes = [content_sha256(path) for path in found if _is_file(path)]
        return f"files-{hashlib.sha256(''.join(hashes).encode()).hexdigest()[:12]}"

    def predict(self, documents: Sequence[str]) -> Iterator[Prediction]:
        """Send all documents through one run of the command; its time is shared out by length."""
        lines = [text.split("\n") for text in documents]
        start = time.perf_counter()
        out = self._run("\n".join(line for text in lines for line in text) + "\n")
        each = (time.perf_counter() - start) / max(1, sum(map(len, documents)))
        made = out.removesuffix("\n").split("\n")
        wanted = sum(map(len, lines))
        if len(made) != wanted:
            message = f"{self.name}: {wanted} lines given, {len(made)} returned"
            raise EvaluationError(message)
        at = 0
        for text, parts in zip(documents, lines, strict=True):
            part = "\n".join(made[at : at + len(parts)])
            yield Prediction(part, None, each * len(text))
            at += len(parts)

    def _run(self, text: str) -> str:
        try:
            done = subprocess.run(  # noqa: S603 - the user's own command, without a shell
                self._words, input=text.encode(), capture_output=True, check=True
            )
            return done.stdout.decode("utf-8")
        except subprocess.CalledProcessError as error:
            last = error.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
            message = f"{self.name}: ended with exit code {error.returncode}: {last[0]}"
            raise EvaluationError(message) from error
        except (OSError, UnicodeDecodeError) as error:
            message = f"{self.name}: cannot be run ({error})"
            raise EvaluationError(message) from error


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # too long for a name: it is text
        return False


class Function:
    """A Python function from text to text; what it raises at a document is recorded."""

    failures = (Exception,)  # whatever a user's own code may raise: the other documents go on

    def __init__(self, place: str) -> None:
        name, _, attribute = place.partition(":")
        try:
            module = import_module(name)
            self._function: Callable[[str], object] = getattr(module, attribute)
        except (ImportError, AttributeError, ValueError) as error:
            message = f"python:{place} cannot be loaded ({error}); give python:MODULE:FUNCTION"
            raise EvaluationError(message) from error
        self.name = attribute
        file = getattr(module, "__file__", None)
        code = content_sha256(Path(file))[:12] if file else "built-in"
        self.signature = f"python:{place},module-{code}"

    def predict(self, documents: Sequence[str]) -> Iterator[Prediction]:
        """Call the function for each document."""
        for text in documents:
            start = time.perf_counter()
            made = self._function(text)
            if not isinstance(made, str):
                message = f"{self.name} returned {type(made).__name__}, not a string"
                raise TypeError(message)
            yield Prediction(made, None, time.perf_counter() - start)


class Seq2seq:
    """A Hugging Face encoder-decoder from a local folder: sentences in, sentences out, greedily."""

    batch = 16
    longest = 512  # tokens

    def __init__(self, place: str) -> None:
        self._folder = Path(place)
        if not (self._folder / "config.json").is_file():
            message = f"seq2seq:{place} is no folder of a Hugging Face model: no config.json"
            raise EvaluationError(message)
        try:
            library: Any = import_module("transformers")
            self._torch: Any = import_module("torch")
        except ImportError as error:
            message = f"seq2seq needs a package that is not installed: pip install {error.name}"
            raise EvaluationError(message) from error
        try:
            here = {"local_files_only": True}
            self._tokenizer = library.AutoTokenizer.from_pretrained(place, **here)
            self._model = library.AutoModelForSeq2SeqLM.from_pretrained(place, **here).eval()
        except (OSError, ValueError, KeyError) as error:
            message = f"seq2seq:{place} cannot be loaded ({' '.join(str(error).split()):.200})"
            raise EvaluationError(message) from error
        self.name = self._folder.name
        self.size = bytes_of([self._folder])
        self.signature = (
            f"seq2seq:{self.name},sha256-{content_sha256(self._folder)[:12]},greedy,"
            f"transformers-{library.__version__},torch-{self._torch.__version__}"
        )

    def predict(self, documents: Sequence[str]) -> Iterator[Prediction]:
        """Restore the sentences of each document; what stands between them stays."""
        for text in documents:
            start = time.perf_counter()
            spans = _sentences(text)
            made = self._generate([text[a:b] for a, b in spans])
            out, at = [], 0
            for (first, last), sentence in zip(spans, made, strict=True):
                out += [text[at:first], " ".join(sentence.split("\n"))]
                at = last
            out.append(text[at:])
            yield Prediction("".join(out), None, time.perf_counter() - start)

    def _generate(self, sentences: Sequence[str]) -> list[str]:
        made: list[str] = []
        for at in range(0, len(sentences), self.batch):
            part = list(sentences[at : at + self.batch])
            given = self._tokenizer(
                part, return_tensors="pt", padding=True, truncation=True, max_length=self.longest
            )
            with self._torch.inference_mode():
                tokens = self._model.generate(
                    **given, max_new_tokens=self.longest, num_beams=1, do_sample=False
                )
            made += self._tokenizer.batch_decode(tokens, skip_special_tokens=True)
        return made


def _sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences, without the white space around them; none spans a line."""
    spans = []
    for start, end in _pieces(text):
        inner = text[start:end]
        bare = inner.strip()
        if bare:
            first = start + inner.index(bare)
            spans.append((first, first + len(bare)))
    return spans


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    for start, end in Document.parse(text).sentence_spans():
        at = start
        for line in text[start:end].split("\n"):
            yield at, at + len(line)
            at += len(line) + 1
