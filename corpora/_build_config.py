"""What a build is to do, read from a TOML file or from the command line."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpora._cleaning import STEPS, Cleaner
from corpora._errors import CorpusError
from corpora._files import existing, readable
from corpora._registry import corpus_from_table, find_all
from corpora._splits import SplitRule

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corpora._registry import Corpus

_KEYS = {"corpora", "corpus", "steps", "split", "limit", "shard_words", "against"}


@dataclass(frozen=True, slots=True)
class BuildConfig:
    """What is built of what, and how.

    Attributes:
        corpora: the corpora, in order; of two duplicates, the one read first stays.
        steps: names of cleaning steps.
        split: how documents are divided.
        limit: records read of each corpus at most.
        shard_words: words read for one shard; a killed build loses that much work at most.
        against: test sets whose text must not be in what is built.
    """

    corpora: tuple[Corpus, ...]
    steps: tuple[str, ...] = STEPS
    split: SplitRule = field(default_factory=SplitRule)
    limit: int | None = None
    shard_words: int = 1_000_000
    against: tuple[Corpus, ...] = ()

    def __post_init__(self) -> None:
        Cleaner(self.steps)  # says which name it does not know
        if not self.corpora:
            message = "nothing to build: name a corpus, or a group (open, train, test)"
            raise CorpusError(message)
        if self.shard_words < 1 or (self.limit is not None and self.limit < 1):
            message = f"shard_words and limit are 1 or more, not {self.shard_words}, {self.limit}"
            raise CorpusError(message)


def config_of_names(names: Sequence[str], limit: int | None = None) -> BuildConfig:
    """Return the default configuration for corpora or groups by name.

    Raises:
        UnknownCorpusError: a name is unknown.
    """
    return BuildConfig(tuple(find_all(names)), limit=limit, against=_all_tests())


def _all_tests() -> tuple[Corpus, ...]:
    return tuple(find_all(["test", "samples", "adversarial"]))


def config_of_file(path: Path, limit: int | None = None) -> BuildConfig:
    """Read a configuration.

    Its keys: `corpora` (names or groups), `[[corpus]]` tables (files of the user's own: `name`,
    `reader`, `files`, `columns`...), `steps`, `against`, `limit`, `shard_words` and `[split]` with
    `dev`, `test`, `seed`. Relative paths in it start at its own folder.

    Args:
        path: the TOML file.
        limit: records of each corpus at most; goes before the file's own.

    Raises:
        CorpusError: the file is missing, is not TOML, or has an unknown key or a wrong value.
    """
    with readable(existing(path)):
        text = path.read_text(encoding="utf-8")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"{path}: not TOML ({error})"
        raise CorpusError(message) from error
    unknown = sorted(set(data) - _KEYS)
    if unknown:
        message = f"{path}: unknown key {unknown[0]!r}; keys are {', '.join(sorted(_KEYS))}"
        raise CorpusError(message)
    try:
        return _config(data, path.parent, limit)
    except (TypeError, AttributeError) as error:
        message = f"{path}: a value has the wrong type ({error})"
        raise CorpusError(message) from error


def _config(data: dict[str, Any], folder: Path, limit: int | None) -> BuildConfig:
    own = [corpus_from_table(_placed(table, folder)) for table in data.get("corpus", ())]
    settings = {key: data[key] for key in ("shard_words",) if key in data}
    return BuildConfig(
        corpora=(*find_all(data.get("corpora", ())), *own),
        steps=tuple(data.get("steps", STEPS)),
        split=SplitRule(**data.get("split", {})),
        limit=limit or data.get("limit"),
        against=tuple(find_all(data["against"])) if "against" in data else _all_tests(),
        **settings,
    )


def _placed(table: dict[str, Any], folder: Path) -> dict[str, Any]:
    files = {part: str(folder / name) for part, name in table.get("files", {}).items()}
    return {**table, "files": files}
