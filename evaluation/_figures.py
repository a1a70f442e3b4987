"""The figures that the project states about itself: which systems, on which sets, in one table."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# What is scored, as the command line would name it, under the folder of outside data.
SHARED_SETS = (
    "seed:seed=seed",
    "clean-wmt22=bench/clean/wmt22-news",
    "clean-wmt23=bench/clean/wmt23-news",
    "clean-wikinews=bench/news/wikinews.jsonl.gz",
    "mojibake=bench/mojibake",
    "spelling=bench/spelling/wikidump_realistic_2000",
    "misspellings=bench/spelling/wikipedia.tsv",
    "ocr=bench/ocr/bln600_first_half",
    "tortured:phrases=bench/tortured/tortured_phrases.tsv",
)
# Sets of our own, under the package `corpora`.
OWN_SETS = ("adversarial:adversarial=samples/adversarial.tsv",)
# What a reader must know beside the numbers.
NOTES = (
    "seed: the dictionary holds pairs that were read off this very article.",
    "tortured: the dictionary is built from this list, so this is recall of what it was told.",
)
SYSTEMS = ("as-is", "dictionary", "fast", "oracle", "ftfy", "symspell")
# Sets on which a system says nothing: an oracle can only mend what dictionaries hold.
POINTLESS = {"oracle": ("clean-*", "mojibake", "adversarial", "misspellings")}


def system_entries(names: Sequence[str], specs: Sequence[str]) -> list[dict[str, object]]:
    """Return the systems as a job is told of them: each with the sets that say something of it.

    Args:
        names: systems.
        specs: sets, as the command line names them.
    """
    sets = [spec.partition("=")[0].partition(":")[0] for spec in specs]
    return [
        {"use": name, "sets": [one for one in sets if not _pointless(name, one)]} for name in names
    ]


def _pointless(system: str, name: str) -> bool:
    patterns = POINTLESS.get(system.partition("@")[0], ())
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def figure_sets(root: Path, spun: Path | None) -> tuple[list[str], list[str]]:
    """Return the specifications of the sets that are there, and the names of those that are not.

    Args:
        root: the folder of outside data.
        spun: the built spun-news benchmark: a folder of JSONL files, or one file.
    """
    import corpora
    from evaluation._set_readers import is_there

    own = Path(corpora.__file__).parent
    there: list[str] = []
    missing: list[str] = []
    for base, specs in ((root, SHARED_SETS), (own, OWN_SETS)):
        for spec in specs:
            name, _, place = spec.partition("=")
            path = base / place
            exists = is_there(path)
            (there if exists else missing).append(f"{name}={path}" if exists else name)
    files = _spun_files(spun) if spun else []
    there[:0] = [f"spun-news-{_title(file, spun)}:jsonl={file}" for file in files]
    return there, missing if files else ["spun-news", *missing]


def _spun_files(spun: Path) -> list[Path]:
    """Return the files of the benchmark; its honest sentences are among our own sets already."""
    if spun.is_file():
        return [spun]
    files = [*spun.rglob("*.jsonl"), *spun.rglob("*.jsonl.gz")]
    return sorted(file for file in files if not file.name.startswith("adversarial."))


def _title(file: Path, spun: Path | None) -> str:
    """Name a file by its place: ``dev/seen.jsonl`` becomes ``dev-seen``."""
    place = file.relative_to(spun) if spun and spun.is_dir() else Path(file.name)
    return "-".join(place.parts).removesuffix(".gz").removesuffix(".jsonl")
