"""What a build keeps on disk: shards, and beside them the state from which it can go on."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass, field
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Any

from corpora._errors import CorpusError
from corpora._files import file_sha256, read_json, write_json
from corpora._loading import arrow_schema
from corpora._splits import SPLITS
from restore.formats import UNFINISHED, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from corpora._record import Record

_STATE = ".state"
_RECIPE = "recipe.json"
MANIFEST = "manifest.json"


@dataclass(slots=True)
class ShardReport:
    """What became of one run of a corpus's records; written last, so that its presence says "done".

    Attributes:
        corpus: the corpus.
        number: the shard's number within the corpus, from 0.
        read: records read.
        words_read: white-space words read.
        kept: records kept.
        words_kept: white-space words kept.
        steps: counts of each cleaning step.
        overlaps: paragraphs dropped for overlap, by test set.
        files: rows and SHA-256 of each Parquet file, by its path in the output folder.
    """

    corpus: str
    number: int
    read: int = 0
    words_read: int = 0
    kept: int = 0
    words_kept: int = 0
    steps: dict[str, dict[str, int]] = field(default_factory=dict)
    overlaps: dict[str, int] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)


class BuildFolder:
    """The output folder of a build."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, recipe: dict[str, Any]) -> bool:
        """Claim the folder for a recipe; return whether this very build is already finished.

        Raises:
            CorpusError: the folder holds another build, or files that are no build.
        """
        manifest = self.folder / MANIFEST
        if manifest.exists():
            self._same(read_json(manifest).get("recipe"), recipe)
            return True
        started = self._state(_RECIPE)
        if started.exists():
            self._same(read_json(started), recipe)
        elif self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir())):
            message = f"{self.folder} is not empty and holds no build: choose another --out"
            raise CorpusError(message)
        else:
            write_json(started, recipe)
        return False

    def _same(self, found: object, recipe: dict[str, Any]) -> None:
        if found != recipe:
            message = (
                f"{self.folder} holds a build of another recipe or of other data: "
                "choose another --out, or remove the folder"
            )
            raise CorpusError(message)

    def _state(self, name: str) -> Path:
        return self.folder / _STATE / name

    def finished(self, corpus: str) -> Iterator[tuple[ShardReport, dict[str, list[int]]]]:
        """Yield the finished shards of a corpus, with the keys that each met, in order."""
        for number in count():
            report = self._state(f"{corpus}-{number:05d}.json")
            if not report.exists():
                return
            yield ShardReport(**read_json(report)), _read_keys(report.with_suffix(".npz"))

    def write(
        self,
        report: ShardReport,
        parts: Mapping[str, Sequence[Record]],
        seen: Mapping[str, Sequence[int]],
    ) -> None:
        """Write a shard: its Parquet files, then its keys, then its report."""
        name = f"{report.corpus}-{report.number:05d}"
        for split in SPLITS:
            if parts.get(split):
                path = self.folder / split / f"{name}.parquet"
                write_whole(path, _parquet(parts[split]))
                place = path.relative_to(self.folder).as_posix()
                report.files[place] = {"rows": len(parts[split]), "sha256": file_sha256(path)}
        write_whole(self._state(f"{name}.npz"), _keys_as_bytes(seen))
        write_json(self._state(f"{name}.json"), asdict(report))

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest, then drop the state and what a killed run left half-written."""
        write_json(self.folder / MANIFEST, manifest)
        shutil.rmtree(self.folder / _STATE)
        for part in self.folder.glob(f"**/{UNFINISHED}"):
            part.unlink()


def _parquet(records: Sequence[Record]) -> bytes:
    from pyarrow import Table
    from pyarrow.parquet import write_table

    table = Table.from_pylist([record.to_row() for record in records], schema=arrow_schema())
    buffer = BytesIO()
    write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _keys_as_bytes(seen: Mapping[str, Sequence[int]]) -> bytes:
    import numpy as np

    buffer = BytesIO()
    arrays: dict[str, Any] = {name: np.array(keys, np.int64) for name, keys in seen.items()}
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def _read_keys(path: Path) -> dict[str, list[int]]:
    import numpy as np

    with np.load(path, allow_pickle=False) as data:
        return {name: data[name].tolist() for name in data.files}


def check_build(folder: Path) -> list[str]:
    """Return what is wrong with a finished build: files missing or with other bytes.

    Raises:
        CorpusError: the folder holds no finished build.
    """
    manifest = folder / MANIFEST
    if not manifest.exists():
        hint = ": the build is not finished" if (folder / _STATE).exists() else ""
        message = f"{folder} has no {MANIFEST}{hint}"
        raise CorpusError(message)
    return [
        f"{place}: {'missing' if not (folder / place).exists() else 'bytes differ'}"
        for place, shard in read_json(manifest)["files"].items()
        if not (folder / place).exists() or file_sha256(folder / place) != shard["sha256"]
    ]
