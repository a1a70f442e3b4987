"""User tables: tab-separated, one garbled form and one original a line, checked before use."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from restore._decoder import lower_tokens
from restore._document import WORD
from restore._errors import DictionaryError
from restore._tokens import tokenize
from restore.dictionary._form import MAX_WORDS, normalise_form

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class UserRow:
    """One line of a user table: `form` is normalised, `weight` positive."""

    form: str
    original: str
    weight: float = 1.0


def check_row(garbled: str, original: str, weight: float = 1.0) -> UserRow:
    """Check one row.

    Raises:
        ValueError: the reason why the row cannot be used.
    """
    form, original = normalise_form(garbled), " ".join(original.split())
    if not form or not original:
        message = f"the {'garbled form' if not form else 'original'} is empty"
        raise ValueError(message)
    if form.count(" ") >= MAX_WORDS:
        message = f"the garbled form has more than {MAX_WORDS} words: {form!r}"
        raise ValueError(message)
    if not _is_words(garbled, form):
        message = f"no text would match {form!r}: words alone, without marks and figures, can"
        raise ValueError(message)
    if form == original:
        message = f"the garbled form and the original are the same: {form!r}"
        raise ValueError(message)
    if not (weight > 0 and math.isfinite(weight)):
        message = f"the weight must be a positive number, not {weight!r}"
        raise ValueError(message)
    return UserRow(form, original, weight)


def _is_words(garbled: str, form: str) -> bool:
    """Tell whether what is written `garbled` is read as the form, and as words alone."""
    tokens, _, kinds = tokenize(" ".join(garbled.split()))
    return " ".join(lower_tokens(tokens)) == form and all(kind & WORD for kind in kinds)


def _parse_line(line: str) -> UserRow | None:
    if not line.strip() or line.startswith("#"):
        return None
    fields = line.split("\t")
    if len(fields) not in (2, 3):
        message = f"expected garbled<TAB>original[<TAB>weight], found {len(fields)} column(s)"
        raise ValueError(message)
    try:
        weight = float(fields[2]) if len(fields) == 3 else 1.0
    except ValueError:
        message = f"the weight is not a number: {fields[2]!r}"
        raise ValueError(message) from None
    return check_row(fields[0], fields[1], weight)


def read_user_table(path: Path) -> list[UserRow]:
    """Read a user table: UTF-8, `#` comments, blank lines, several rows for one form allowed.

    Raises:
        DictionaryError: the file cannot be read, or a line is bad; names file, line and reason.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        message = f"{path}: cannot read the user dictionary ({error.strerror})"
        raise DictionaryError(message) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        message = f"{path}:{line}: not UTF-8 (byte {error.object[error.start]:#04x})"
        raise DictionaryError(message) from error
    rows: list[UserRow] = []
    for number, content in enumerate(text.split("\n"), 1):
        try:
            row = _parse_line(content.rstrip("\r"))
        except ValueError as error:
            message = f"{path}:{number}: {error}"
            raise DictionaryError(message) from error
        if row is not None:
            rows.append(row)
    return rows
