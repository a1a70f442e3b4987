"""Finds the listed sets, building those of spun-news; what is not there is named with a reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import restore
from evaluation._errors import EvaluationError
from evaluation._set_readers import is_there, read_set
from restore import RestoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evaluation._sets import TestSet
    from evaluation.benchmark._listing import ListedSet

PART = "dev"  # of spun-news: the other one is kept for tests


@dataclass(frozen=True, slots=True)
class Sets:
    """The sets of a run.

    Attributes:
        there: those that can be scored, with full paths, in the order of the listing.
        missing: name of each other one to the reason.
        notes: what a reader should know of how they were made.
    """

    there: list[ListedSet] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def find_sets(listed: Sequence[ListedSet], root: Path | None, work: Path) -> Sets:
    """Find the sets, and read each once to see that it can be scored.

    Args:
        listed: what is wanted.
        root: the folder of outside data, if there is one.
        work: where spun-news is built.
    """
    found = Sets()
    unbuilt = ""
    if any(one.place == "spun-news" for one in listed):
        try:
            found.notes.extend(_build(work / "spun-news", root))
        except RestoreError as error:
            unbuilt = one_line(error)
    for one in listed:
        try:
            entry = _placed(one, root, work, unbuilt)
            _read(entry)
            found.there.append(entry)
        except RestoreError as error:
            found.missing[one.name] = one_line(error)
    return found


def _build(folder: Path, root: Path | None) -> list[str]:
    """Build spun-news, unless it is there as the project pledges it; return how it differs."""
    from corpora.spun_news import Benchmark, check, is_benchmark

    if not is_benchmark(folder) or check(folder, (PART,)):
        Benchmark.make(root, (PART,)).write(folder)
    return [f"spun-news differs from its manifest: {one}" for one in check(folder, (PART,))]


def _placed(one: ListedSet, root: Path | None, work: Path, unbuilt: str) -> ListedSet:
    """Return the set with its full path.

    Raises:
        EvaluationError: there is no such place.
    """
    import corpora

    if one.place == "spun-news" and unbuilt:
        raise EvaluationError(unbuilt)
    places = {
        "root": root,
        "package": Path(corpora.__file__).parent,
        "spun-news": work / "spun-news",
    }
    folder = places[one.place]
    if folder is None:
        message = "no folder of outside data: give --root FOLDER"
        raise EvaluationError(message)
    path = folder / one.path
    if not is_there(path):
        message = f"{one.path} is not there"
        raise EvaluationError(message)
    return one.model_copy(update={"path": str(path)})


def _read(entry: ListedSet) -> TestSet:
    return read_set(entry.spec)


def one_line(error: Exception) -> str:
    """Return a reason in one line, without the place where the packages happen to lie."""
    place = f"{Path(restore.__file__).parents[1]}/"
    return " ".join(str(error).replace(place, "").split())


def texts_of(entry: ListedSet) -> list[str]:
    """Return a set's documents as systems get them."""
    documents = _read(entry).documents()
    return ["\n".join(row.source for row in rows) for _, rows in documents]
