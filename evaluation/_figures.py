"""The figures that the project states about itself: which systems, on which sets, in one table."""

from __future__ import annotations

from pathlib import Path

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
SYSTEMS = ("as-is", "dictionary", "fast", "oracle", "ftfy", "symspell")
# Sets on which a system says nothing: an oracle can only mend what dictionaries hold.
POINTLESS = {("oracle", kind) for kind in ("clean", "mojibake", "adversarial", "words")}


def figure_sets(root: Path, spun: Path | None) -> tuple[list[str], list[str]]:
    """Return the specifications of the sets that are there, and the names of those that are not.

    Args:
        root: the folder of outside data.
        spun: the built spun-news benchmark: a folder of JSONL files, or one file.
    """
    import corpora

    own = Path(corpora.__file__).parent
    there: list[str] = []
    missing: list[str] = []
    for base, specs in ((root, SHARED_SETS), (own, OWN_SETS)):
        for spec in specs:
            name, _, place = spec.partition("=")
            path = base / place
            exists = path.exists() or path.with_name(f"{path.name}.source.txt").exists()
            (there if exists else missing).append(f"{name}={path}" if exists else name)
    files = sorted(_spun_files(spun))
    there[:0] = [f"spun-news-{_stem(file)}:jsonl={file}" for file in files]
    return there, missing if files else ["spun-news", *missing]


def _spun_files(spun: Path | None) -> list[Path]:
    if spun is None:
        return []
    return [spun] if spun.is_file() else [*spun.glob("*.jsonl"), *spun.glob("*.jsonl.gz")]


def _stem(file: Path) -> str:
    return file.name.removesuffix(".gz").removesuffix(".jsonl")
