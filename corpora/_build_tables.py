"""The tables of a build's TOML file; apart, as `corpora` also works without pydantic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, StrictBool

from corpora._cleaning import STEPS
from corpora._registry import Corpus
from corpora._strict import Strict

if TYPE_CHECKING:
    from pathlib import Path

# Not strict, pydantic takes `true` for 1.
Count = Annotated[int, Field(strict=True, ge=1)]
Share = Annotated[float, Field(strict=True)]


class CorpusTable(Strict):
    """A corpus of the user's own: `corpora.Corpus` says what its keys mean and their defaults."""

    name: str
    task: str = ""
    role: Literal["train", "test", "sample"] = "train"
    reader: str = ""
    files: dict[str, str] = Field(default={})
    columns: dict[str, str] = Field(default={})
    kind: str | None = None
    origin: str = ""
    licence: str = ""
    open: StrictBool = False
    language: str = ""
    split: Literal["hash", "test"] = "hash"
    sha256: tuple[str, ...] = ()

    def corpus(self, folder: Path) -> Corpus:
        """Return the corpus; relative paths of its files start at the folder."""
        told: dict[str, Any] = self.model_dump(exclude_unset=True)
        files = {part: str(folder / name) for part, name in self.files.items()}
        return Corpus(**(told | {"files": files}))


class SplitTable(Strict):
    """Shares held out: `corpora.SplitRule` says what its keys mean and their defaults."""

    dev: Share = 0
    test: Share = 0
    seed: str = ""


class BuildTable(Strict):
    """The whole file: `corpora.config_of_file` says what its keys mean."""

    corpora: tuple[str, ...] = ()
    corpus: tuple[CorpusTable, ...] = ()
    steps: tuple[str, ...] = STEPS
    split: SplitTable = SplitTable()
    limit: Count | None = None
    shard_words: Count = 1_000_000
    against: tuple[str, ...] | None = None
