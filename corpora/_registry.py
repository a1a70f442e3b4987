"""The registry: which corpora there are, where they come from, and how they are read."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from corpora._errors import CorpusError, UnknownCorpusError
from corpora._files import content_sha256, read_json, read_lines, user_root
from corpora._readers import read_folder, read_parallel, read_rows
from corpora._readers_m2 import read_m2
from corpora._record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PACKAGE = Path(__file__).parent

# Names that stand for several corpora.
GROUPS = {
    "open": "the training corpora that anyone may use for anything",
    "train": "all training corpora",
    "test": "all test sets",
}


@dataclass(frozen=True, slots=True)
class Corpus:
    """What is known of one corpus.

    Attributes:
        name: what it is called by.
        task: what it is for, in a line.
        role: `train`, `test` (never trained on) or `sample` (our own articles).
        base: `shared` where `files` lie under the user's root folder, `package` where they are
            ours, `path` where they are paths as they stand.
        reader: `rows`, `parallel`, `folder`, `m2` or `samples`.
        files: what is read, by its part (`table`; `source`, `reference`, `docs`; `folder`...).
        columns: which column is `id`, `doc_id`, `source`, `reference`.
        kind: the table's format where the file's name does not tell.
        origin: where the data come from.
        licence: what may be done with them.
        open: whether anyone may use them for anything.
        language: BCP 47 tag.
        split: `hash` (by document hash) or `test` (all of it).
        sha256: content hash of each file, in the order of `files`; empty where none is pledged.
    """

    name: str
    task: str = "given by the user"
    role: str = "train"
    base: str = "path"
    reader: str = "rows"
    files: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    kind: str | None = None
    origin: str = "given by the user"
    licence: str = "unknown"
    open: bool = False
    language: str = "en"
    split: str = "hash"
    sha256: Sequence[str] = ()

    @property
    def is_test(self) -> bool:
        """Whether all of it is for testing: none of it may be trained on."""
        return self.split == "test" or self.role == "test"

    def paths(self, root: Path | str | None = None) -> dict[str, Path]:
        """Return where the corpus's files are.

        Args:
            root: the folder of outside data; default: the variable RESTORE_SHARED.

        Raises:
            CorpusError: the corpus needs a root folder and none is given.
        """
        folder = {"package": _PACKAGE, "path": Path()}.get(self.base) or user_root(root)
        if folder is None:
            message = (
                f"{self.name} is outside data: give the folder that holds {self._first()} "
                "with --root, or in the variable RESTORE_SHARED"
            )
            raise CorpusError(message)
        return {part: folder / name for part, name in self.files.items()}

    def _first(self) -> str:
        return next(iter(self.files.values()), "it")

    def read(self, root: Path | str | None = None, limit: int | None = None) -> Iterator[Record]:
        """Yield the corpus's records in the order of its files.

        Args:
            root: as for `paths`.
            limit: records to read at most.

        Raises:
            CorpusError: a file is missing, damaged, or not as the registry says.
        """
        reader = _READERS.get(self.reader)
        if reader is None:
            message = f"{self.name}: no reader {self.reader!r}; there are {', '.join(_READERS)}"
            raise CorpusError(message)
        return islice(reader(self, self.paths(root)), limit)

    def changed_files(self, root: Path | str | None = None) -> list[Path]:
        """Return the files whose bytes are not those that the registry pledges.

        Raises:
            CorpusError: a file is missing.
        """
        paths = list(self.paths(root).values())
        digests = [content_sha256(path) for path in paths]
        if not self.sha256:
            return []
        pairs = zip(paths, digests, self.sha256, strict=True)
        return [path for path, digest, pledged in pairs if digest != pledged]


def _part(corpus: Corpus, paths: dict[str, Path], part: str) -> Path:
    if part not in paths:
        message = f"{corpus.name}: the {corpus.reader} reader needs files.{part}"
        raise CorpusError(message)
    return paths[part]


def _rows(corpus: Corpus, paths: dict[str, Path]) -> Iterator[Record]:
    return read_rows(_part(corpus, paths, "table"), corpus.columns, corpus.kind)


def _parallel(corpus: Corpus, paths: dict[str, Path]) -> Iterator[Record]:
    source, reference = (_part(corpus, paths, part) for part in ("source", "reference"))
    return read_parallel(source, reference, paths.get("docs"))


def _folder(corpus: Corpus, paths: dict[str, Path]) -> Iterator[Record]:
    return read_folder(_part(corpus, paths, "folder"))


def _m2(corpus: Corpus, paths: dict[str, Path]) -> Iterator[Record]:
    return read_m2(_part(corpus, paths, "table"))


def _samples(corpus: Corpus, paths: dict[str, Path]) -> Iterator[Record]:
    index = _part(corpus, paths, "index")
    for entry in read_json(index):
        # The first line is the title, which the index holds as well.
        _, _, text = "\n".join(read_lines(index.parent / entry["file"])).strip("\n").partition("\n")
        metadata = {key: entry[key] for key in ("title", "topic") if key in entry}
        yield Record(entry["id"], entry["id"], None, text.strip("\n"), metadata)


_READERS = {
    "rows": _rows,
    "parallel": _parallel,
    "folder": _folder,
    "m2": _m2,
    "samples": _samples,
}


@cache
def registry() -> dict[str, Corpus]:
    """Return the built-in corpora by name.

    >>> registry()["samples"].licence
    'Apache-2.0'
    """
    tables = tomllib.loads((_PACKAGE / "registry.toml").read_text(encoding="utf-8"))
    return {name: Corpus(name=name, **table) for name, table in tables.items()}


def find(name: str) -> Corpus:
    """Return the corpus called `name`.

    Raises:
        UnknownCorpusError: there is none; the text lists the near names.

    >>> find("wikinewz")
    Traceback (most recent call last):
    corpora.UnknownCorpusError: no corpus is called 'wikinewz'; near names: wikinews
    """
    corpora = registry()
    if name in corpora:
        return corpora[name]
    near = get_close_matches(name.lower(), corpora, n=4, cutoff=0.5)
    near += [other for other in corpora if name.lower() in other and other not in near][:4]
    hint = f"near names: {', '.join(near)}" if near else "`corpora list` shows all names"
    message = f"no corpus is called {name!r}; {hint}"
    raise UnknownCorpusError(message)


def find_all(names: Sequence[str]) -> list[Corpus]:
    """Return the corpora of names and of groups (`open`, `train`, `test`), each once, in order.

    Raises:
        UnknownCorpusError: a name is neither a corpus nor a group.
    """
    found: dict[str, Corpus] = {}
    for name in names:
        members = _group(name) if name in GROUPS else [find(name)]
        found |= {corpus.name: corpus for corpus in members}
    return list(found.values())


def _group(name: str) -> list[Corpus]:
    role = "train" if name == "open" else name
    members = [corpus for corpus in registry().values() if corpus.role == role]
    return [corpus for corpus in members if corpus.open] if name == "open" else members
