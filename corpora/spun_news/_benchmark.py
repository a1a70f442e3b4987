"""Making the benchmark's files, and comparing them with the manifest that the project pledges."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora._errors import CorpusError
from corpora._files import file_sha256, read_json, write_json
from corpora._registry import find
from corpora.spun_news._recipe import CONDITIONS, PARTS, Recipe
from restore.formats import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NAME = "spun-news"
_MANIFEST = "manifest.json"
_PLEDGED = Path(__file__).with_name(_MANIFEST)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The benchmark's files, made and not yet written.

    Attributes:
        files: JSON Lines by path, `dev/seen.jsonl` and so on.
        manifest: the recipe, the sources' hashes, and each file's SHA-256, rows, words, edits.
    """

    files: dict[str, bytes]
    manifest: dict[str, Any]

    @classmethod
    def make(
        cls,
        root: Path | str | None = None,
        parts: Sequence[str] = PARTS,
        conditions: Sequence[str] = CONDITIONS,
    ) -> Benchmark:
        """Make the benchmark.

        Args:
            root: the folder of outside data; default: the variable RESTORE_SHARED.
            parts: `dev`, `test`.
            conditions: `seen`, `unseen`, `noise`, `clean`, `adversarial`.

        Raises:
            CorpusError: an unknown part, or a source that is missing or not the recipe's.
        """
        unknown = [part for part in parts if part not in PARTS]
        if unknown:
            message = f"{_NAME} has no part {unknown[0]!r}; there are {', '.join(PARTS)}"
            raise CorpusError(message)
        recipe = Recipe.standard(root)
        recipe.require_sources()
        files: dict[str, bytes] = {}
        entries: dict[str, Any] = {}
        for part in parts:
            for condition in conditions:
                rows = list(recipe.rows(part, condition))
                place = f"{part}/{condition}.jsonl"
                files[place] = "".join(map(_line, rows)).encode()
                entries[place] = _entry(files[place], rows)
        return cls(files, _manifest(recipe, entries))

    def write(self, out: Path) -> None:
        """Write the files and the manifest, each whole or not at all.

        Raises:
            CorpusError: the folder holds something else.
            InputError: it cannot be written.
        """
        if out.exists() and not is_benchmark(out) and (not out.is_dir() or any(out.iterdir())):
            message = f"{out} is not empty and holds no {_NAME}: choose another --out"
            raise CorpusError(message)
        write_json(out / _MANIFEST, self.manifest)
        for place, data in self.files.items():
            write_whole(out / place, data)

    def pledge(self, path: Path = _PLEDGED) -> None:
        """Write the manifest to where the project keeps it."""
        write_json(path, self.manifest)

    def describe(self) -> Iterator[str]:
        """Yield a line a file."""
        for place, entry in self.manifest["files"].items():
            yield (
                f"{place:24} {entry['rows']:5,} rows {entry['words']:8,} words "
                f"{entry['edits']:7,} edits  sha256 {entry['sha256'][:16]}"
            )


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _entry(data: bytes, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "sha256": sha256(data).hexdigest(),
        "rows": len(rows),
        "words": sum(len(row["reference"].split()) for row in rows),
        "edits": sum(len(row["edits"]) for row in rows),
    }


def _manifest(recipe: Recipe, entries: dict[str, Any]) -> dict[str, Any]:
    sources = {name: list(find(name).sha256) for name in recipe.data["sources"]}
    return {
        "benchmark": _NAME,
        "recipe": recipe.data,
        "sources": sources,
        "files": entries,
    }


def is_benchmark(folder: Path) -> bool:
    """Whether a folder holds spun-news."""
    path = folder / _MANIFEST
    return path.is_file() and read_json(path).get("benchmark") == _NAME


def check(folder: Path, parts: Sequence[str] = PARTS) -> list[str]:
    """Return how a folder differs from the pledged manifest: files missing or with other bytes.

    Raises:
        CorpusError: the project has no manifest, or a file cannot be read.
    """
    pledged = read_json(_PLEDGED)["files"]
    places = [place for place in pledged if place.partition("/")[0] in parts]
    return [fault for place in places if (fault := _fault(folder, place, pledged[place]["sha256"]))]


def _fault(folder: Path, place: str, pledged: str) -> str | None:
    path = folder / place
    if not path.is_file():
        return f"{place}: missing"
    return None if file_sha256(path) == pledged else f"{place}: bytes differ"
