"""`restore bench`: speed on one core and with two workers, start, memory, and a known look-up."""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from restore._errors import InputError
from restore.cli._bench_workers import run_text, second_worker
from restore.cli._example import example

# Words of one document: a long news story.
DOCUMENT_WORDS = 600
MODES = ("dictionary", "fast")  # from the smaller to the larger
SYMSPELL_DICTIONARY = "frequency_dictionary_en_82_765.txt"


def bench(
    file: Annotated[
        Path | None,
        typer.Argument(help="UTF-8 text to restore.", show_default="the bundled example"),
    ] = None,
    words: Annotated[int, typer.Option("--words", min=100, help="Words to restore.")] = 60_000,
) -> None:
    """Measure speed on one core, what a second worker brings, start and memory.

    Also measures symspellpy's look-up on the same words in the same run, where it is installed.
    """
    text = _read(file) if file else example("garbled")
    documents = _documents(text, words)
    total = sum(len(document.split()) for document in documents)
    _print("text", f"{total:,} words in {len(documents)} documents ({file or 'bundled example'})")
    with _one_core():
        # First the children: what this process holds by then counts as theirs (getrusage(2)).
        for mode in MODES:
            _print(f"{mode}: start to first output", f"{_cold_start(mode):.2f} s")
            _print(f"{mode}: peak memory", f"{_peak_memory(mode, documents) / 1e6:.0f} MB")
        speed = {mode: _mode_speed(mode, documents, total) for mode in MODES}
        _print_speeds(speed, _symspell_speed(documents, total))
    for mode, rate in speed.items():
        _print_second(mode, documents, rate)


def _print(name: str, value: str) -> None:
    sys.stdout.write(f"{name:40} {value}\n")
    sys.stdout.flush()


def _print_speeds(speed: dict[str, float], known: float | None) -> None:
    for mode, rate in speed.items():
        _print(f"{mode}: speed", f"{rate:,.0f} words/s")
    if known is None:
        _print("symspellpy look-up", "not installed, so not compared (pip install symspellpy)")
        return
    _print("symspellpy look-up", f"{known:,.0f} words/s")
    for mode, rate in speed.items():
        _print(f"{mode}: ratio to symspellpy", f"{rate / known:.2f}")


def _print_second(mode: str, documents: list[str], rate: float) -> None:
    found = second_worker(mode, documents, rate)
    if found is None:
        _print(f"{mode}: two workers", "not measured: one core only, or too busy to tell")
        return
    _print(f"{mode}: speed with two workers", f"{found.speed:,.0f} words/s")
    _print(f"{mode}: two workers, ratio to one", f"{found.ratio:.2f}")


def _read(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        message = f"{path}: {error.strerror or error}"
        raise InputError(message) from error
    except UnicodeDecodeError as error:
        message = f"{path}: byte {error.start} is not UTF-8"
        raise InputError(message) from error
    if not text.split():
        message = f"{path}: holds no words"
        raise InputError(message)
    return text


def _documents(text: str, words: int) -> list[str]:
    """Shuffle the text's lines into documents until there are `words` words; always the same way.

    Shuffling keeps the documents different, so that nothing gains from seeing one twice.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    from random import Random

    order = Random(0)
    documents: list[str] = []
    done = 0
    while done < words:
        parts: list[str] = []
        size = 0
        while size < min(DOCUMENT_WORDS, words - done):
            parts.append(order.choice(lines))
            size += len(parts[-1].split())
        documents.append("\n".join(parts) + "\n")
        done += size
    return documents


@contextlib.contextmanager
def _one_core() -> Iterator[None]:
    """Keep this process, its threads and its children on one core."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _mode_speed(mode: str, documents: list[str], total: int) -> float:
    from restore._restorer import Restorer

    restorer = Restorer.load(mode=mode)
    restorer.restore(documents[0])  # warm: pages of the models are read in

    def run() -> None:
        for result in restorer.restore_many(documents):
            len(result.text)

    return total / _seconds(run)


def _seconds(run: Callable[[], None]) -> float:
    start = time.perf_counter()
    run()
    return max(time.perf_counter() - start, 1e-9)


def _symspell_speed(documents: list[str], total: int) -> float | None:
    """Look every word up in symspellpy with its usual settings: distance 2, the best one."""
    try:
        from symspellpy import SymSpell, Verbosity
    except ModuleNotFoundError:
        return None
    import importlib.resources

    speller = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
    table = importlib.resources.files("symspellpy") / SYMSPELL_DICTIONARY
    speller.load_dictionary(str(table), 0, 1)

    def run() -> None:
        for document in documents:
            for word in document.split():
                speller.lookup(word.lower(), Verbosity.TOP, max_edit_distance=2)

    return total / _seconds(run)


def _cold_start(mode: str) -> float:
    """Seconds from starting the command to the end of a one-sentence text; the best of three."""
    return min(_seconds(lambda: run_text(mode, text="The cat sat.\n")) for _ in range(3))


def _peak_memory(mode: str, documents: list[str]) -> int:
    """Bytes of the largest child so far; the modes run from the smaller to the larger."""
    import resource  # POSIX only

    run_text(mode, text="".join(documents))
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
