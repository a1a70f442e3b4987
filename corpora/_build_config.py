"""What a build is to do, read from a TOML file or from the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from corpora._cleaning import STEPS, Cleaner
from corpora._errors import CorpusError
from corpora._registry import find_all
from corpora._splits import SplitRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpora._registry import Corpus


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
        _check_names([corpus.name for corpus in self.corpora])
        if self.shard_words < 1 or (self.limit is not None and self.limit < 1):
            message = f"shard_words and limit are 1 or more, not {self.shard_words}, {self.limit}"
            raise CorpusError(message)


def _check_names(names: Sequence[str]) -> None:
    """Refuse what cannot tell shards apart: they are files that begin with their corpus's name."""
    for name in names:
        if not _is_plain(name):
            message = (
                f"a corpus cannot be called {name!r}, as its files begin with its name: "
                "give it one without slashes and a leading full stop"
            )
            raise CorpusError(message)
        if names.count(name) > 1:
            message = f"two corpora are called {name!r}: give one of them another name"
            raise CorpusError(message)


def _is_plain(name: str) -> bool:
    return (
        name.isprintable()
        and name[:1] not in {"", "."}
        and "\\" not in name
        and name == Path(name).name
    )


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
    # Imported here: the rest of the package is of use without pydantic.
    from corpora._build_tables import BuildTable
    from corpora._strict import checked, read_toml

    told = checked(BuildTable, read_toml(path, CorpusError), str(path), CorpusError)
    own = [table.corpus(path.parent) for table in told.corpus]
    return BuildConfig(
        corpora=(*find_all(told.corpora), *own),
        steps=told.steps,
        split=SplitRule(**told.split.model_dump(exclude_unset=True)),
        limit=limit or told.limit,
        shard_words=told.shard_words,
        against=_all_tests() if told.against is None else tuple(find_all(told.against)),
    )
