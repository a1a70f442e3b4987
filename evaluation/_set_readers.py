"""Readers of test sets, one a kind, and the guess which of them a path is for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora._files import read_json, read_lines
from corpora._readers import jsonl_rows, read_folder, read_parallel, read_rows
from evaluation._errors import EvaluationError
from evaluation._seed import read_seed
from evaluation._sets import Row, TestSet, checked
from restore import Edit, EditError, apply_edits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def read_set(spec: str) -> TestSet:
    """Read the test set that ``NAME=PATH`` or ``NAME:KIND=PATH`` names.

    Without a kind, the path tells: a folder of ``source.txt`` and ``reference.txt`` (or a prefix
    of ``PREFIX.source.txt``) is line-parallel, other folders hold clean texts or mojibake JSON,
    ``.jsonl`` has sources and references or clean texts, ``.tsv`` has pairs or a header with
    ``id, form, sentence``.

    Raises:
        EvaluationError: no such kind or path, or rows that cannot be scored.
        CorpusError: a file cannot be read.
    """
    name, kind, place = parts_of(spec)
    path = Path(place)
    kind = kind or guess_kind(path)
    if kind not in READERS:
        message = f"no kind of test set {kind!r}; there are: {', '.join(READERS)}"
        raise EvaluationError(message)
    return READERS[kind](name, path)


def parts_of(spec: str) -> tuple[str, str, str]:
    """Return the name, the kind (empty where none is given) and the path of a test set.

    Raises:
        EvaluationError: it is not written as `read_set` wants it.
    """
    name, equals, place = spec.partition("=")
    name, _, kind = name.partition(":")
    if not (equals and name and place):
        message = f"a test set is given as NAME=PATH or NAME:KIND=PATH, not {spec!r}"
        raise EvaluationError(message)
    return name, kind, place


def is_there(path: Path) -> bool:
    """Say whether a test set lies at a path, which may be the prefix of parallel files."""
    return path.exists() or path.with_name(f"{path.name}.source.txt").exists()


def guess_kind(path: Path) -> str:
    """Tell from a path, and the first line of a table, which reader it is for.

    Raises:
        EvaluationError: there is no such path, or nothing tells.
    """
    if path.is_dir():
        if (path / "source.txt").exists():
            return "parallel"
        return "mojibake" if any(path.glob("*.json")) else "clean"
    if path.with_name(f"{path.name}.source.txt").exists():
        return "parallel"
    if not path.exists():
        message = f"no such test set: {path}"
        raise EvaluationError(message)
    ending = path.name.removesuffix(".gz").rpartition(".")[2]
    if ending == "tsv":
        return _guess_table(path)
    kinds = {"jsonl": "jsonl", "json": "mojibake", "txt": "clean"}
    if ending not in kinds:
        message = f"{path}: say its kind with NAME:KIND=PATH; there are: {', '.join(READERS)}"
        raise EvaluationError(message)
    return kinds[ending]


def _guess_table(path: Path) -> str:
    lines = (line for line in read_lines(path) if not line.startswith("#"))
    first = next(lines, "").split("\t")
    if "sentence" in first:
        return "adversarial"
    return "phrases" if " " in first[0] else "words"


def _read_parallel(name: str, path: Path) -> TestSet:
    stem = "" if path.is_dir() else f"{path.name}."
    folder = path if path.is_dir() else path.parent
    files = {part: folder / f"{stem}{part}.txt" for part in ("source", "reference", "docs")}
    docs = files["docs"] if files["docs"].exists() else None
    rows = [
        Row(record.id, record.doc_id, record.source or "", record.reference)
        for record in read_parallel(files["source"], files["reference"], docs)
    ]
    clean = all(row.source == row.reference for row in rows)
    return checked(name, "clean" if clean else "parallel", path, rows)


def _read_jsonl(name: str, path: Path) -> TestSet:
    """Read rows with ``source`` and ``reference``, or clean ones with ``text``."""
    raws = [(f"{path}, line {number}", raw) for number, raw in jsonl_rows(path)]
    first = raws[0][1] if raws else {}
    if "reference" not in first and "text" in first:
        return checked(name, "clean", path, [_clean_row(where, raw) for where, raw in raws])
    rows = [_json_row(where, raw) for where, raw in raws]
    clean = all(row.source == row.reference for row in rows)
    return checked(name, "clean" if clean else "jsonl", path, rows)


def _clean_row(where: str, raw: Mapping[str, Any]) -> Row:
    row_id, text = _name(where, raw, "id"), _text(where, raw, "text")
    return Row(row_id, row_id, text, text)


def _json_row(where: str, raw: Mapping[str, Any]) -> Row:
    row_id = _name(where, raw, "id")
    source, reference = (_text(where, raw, key) for key in ("source", "reference"))
    try:
        gold = _gold(raw.get("edits"))
        undone = apply_edits(source, gold) if gold else reference
    except EditError as error:
        message = f"{where}: row {row_id!r}: {error}"
        raise EvaluationError(message) from error
    if undone != reference:
        message = f"{where}: row {row_id!r}: its edits do not turn the source into the reference"
        raise EvaluationError(message)
    known = ("id", "doc_id", "source", "reference", "edits")
    metadata = {key: value for key, value in raw.items() if key not in known}
    return Row(row_id, _name(where, raw, "doc_id") or row_id, source, reference, metadata, gold)


def _name(where: str, raw: Mapping[str, Any], key: str) -> str:
    """Return an id, which may be a number; empty where there is none."""
    value = raw.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        message = f"{where}: {key!r} holds {value!r:.80}, neither a string nor a number"
        raise EvaluationError(message)
    return str(value)


def _text(where: str, raw: Mapping[str, Any], key: str) -> str:
    """Return a text; what is none would be scored as Python writes it."""
    value = raw.get(key)
    if not isinstance(value, str):
        held = f"it holds {value!r:.80}" if key in raw else "there is no such key"
        row = f"row {raw['id']!r}: " if "id" in raw else ""
        message = f"{where}: {row}no text {key!r}: {held}"
        raise EvaluationError(message)
    return value


def _gold(edits: object) -> tuple[Edit, ...]:
    if edits is None:
        return ()
    if not isinstance(edits, list):
        message = f"'edits' holds {edits!r:.80}, not a list"
        raise EditError(message)
    return tuple(map(Edit.from_dict, edits))


def _read_clean(name: str, path: Path) -> TestSet:
    if path.is_dir():
        found = [(record.id, record.reference) for record in read_folder(path)]
    else:
        found = [(str(n), line) for n, line in enumerate(read_lines(path), start=1)]
    return checked(name, "clean", path, [Row(i, i, text, text) for i, text in found])


def _read_adversarial(name: str, path: Path) -> TestSet:
    columns = {"id": "id", "reference": "sentence"}
    records = list(read_rows(path, columns, "tsv-headed"))
    rows = [Row(r.id, r.id, r.reference, r.reference, r.metadata) for r in records]
    return checked(name, "adversarial", path, rows)


def _read_mojibake(name: str, path: Path) -> TestSet:
    """Read ftfy's cases; either its full or its encoding-only result is right."""
    rows = []
    for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
        for number, case in enumerate(read_json(file), start=1):
            key = f"{file.stem}:{number}"
            if not isinstance(case, dict) or not {"original", "fixed"} <= case.keys():
                message = f"{file}, case {number}: needs the keys 'original' and 'fixed'"
                raise EvaluationError(message)
            where, parts = f"{file}, case {number}", ("original", "fixed", "fixed-encoding")
            original, fixed, *other = (_text(where, case, one) for one in parts if one in case)
            rows.append(Row(key, key, original, fixed, {"file": file.stem}, accept=tuple(other)))
    return checked(name, "mojibake", path, rows)


def _read_pairs(kind: str) -> Callable[[str, Path], TestSet]:
    def read(name: str, path: Path) -> TestSet:
        rows = []
        for number, line in enumerate(read_lines(path), start=1):
            cells = line.split("\t")
            if len(cells) < 2 and line.strip():
                message = f"{path}, line {number}: a tab between wrong and right is missing"
                raise EvaluationError(message)
            wrong, right = (*cells, "")[:2]
            rows.append(Row(str(number), str(number), wrong, right, accept=_variants(right)))
        return checked(name, kind, path, rows, fold=True)

    return read


def _variants(phrase: str) -> tuple[str, ...]:
    """Return the phrase without an abbreviation in brackets at its end, if it has one.

    >>> _variants("region of interest (roi)")
    ('region of interest',)
    """
    bare = re.sub(r"\s*\([^)]*\)$", "", phrase)
    return (bare,) if bare != phrase else ()


READERS: dict[str, Callable[[str, Path], TestSet]] = {
    "parallel": _read_parallel,
    "jsonl": _read_jsonl,
    "clean": _read_clean,
    "adversarial": _read_adversarial,
    "mojibake": _read_mojibake,
    "words": _read_pairs("words"),
    "phrases": _read_pairs("phrases"),
    "seed": read_seed,
}
