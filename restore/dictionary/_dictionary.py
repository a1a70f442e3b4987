"""The dictionary that the restorer asks: look-up, phrase matching, overlays."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from restore._errors import DictionaryError
from restore._forms import longest_first
from restore.dictionary._container import Tables, read_tables
from restore.dictionary._entry import Candidate, Entry
from restore.dictionary._form import normalise_form
from restore.dictionary._overlay import overlay_tables
from restore.dictionary._relation import Relation
from restore.dictionary._user import check_row, read_user_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SHIPPED = Path(__file__).parent.parent / "data" / "dictionary.bin"


class Dictionary:
    """Garbled forms and the originals they may stand for; never changed once made.

    Attributes:
        forms: garbled form (lower case, words joined by spaces) to its row.
        originals: string table of the originals.
        offsets: int32, candidates of row *i* are ``offsets[i]:offsets[i + 1]``.
        candidates: int32, places in `originals`, best first within a row.
        log_priors: float32, log P(original | the form is garbled), natural logarithm.
        relations: uint8, values of `Relation`.
        observed: bool, whether the pair was seen in spun text.
        deterministic: bool a row, see `Entry`.
        version: what the builder says about itself.
        content_hash: sha256 of the compiled content, hexadecimal.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.forms = tables.forms
        self.originals = tables.originals
        self.offsets = tables.offsets
        self.candidates = tables.candidates
        self.log_priors = tables.log_priors
        self.relations = tables.relations
        self.observed = tables.observed
        self.deterministic = tables.deterministic
        self.version = tables.version
        self.content_hash = tables.content_hash

    @classmethod
    def load(cls, path: Path | str | None = None) -> Dictionary:
        """Read a compiled dictionary, by default the one that ships with the package.

        Raises:
            DictionaryError: the file is missing, of another format, or damaged.
        """
        return cls(read_tables(SHIPPED if path is None else Path(path)))

    def __len__(self) -> int:
        return len(self.forms)

    def __contains__(self, form: object) -> bool:
        return isinstance(form, str) and normalise_form(form) in self.forms

    def row(self, form: str) -> int | None:
        """Return the row of `form` as written by a person (any case), None if there is none."""
        found = self.forms.get(form)
        if found < 0:
            found = self.forms.get(normalise_form(form))
        return None if found < 0 else found

    def lookup(self, form: str) -> Entry | None:
        """Return what `form` may stand for, None if it is not in the dictionary."""
        row = self.row(form)
        return None if row is None else self.entry(normalise_form(form), row)

    def entry(self, form: str, row: int) -> Entry:
        """Build the entry of one row."""
        span = slice(int(self.offsets[row]), int(self.offsets[row + 1]))
        columns = (self.candidates, np.exp(self.log_priors[span]), self.relations, self.observed)
        candidates = tuple(
            Candidate(self.originals[original], min(1.0, prior), Relation(relation), seen)
            for original, prior, relation, seen in zip(
                columns[0][span].tolist(),
                columns[1].tolist(),
                columns[2][span].tolist(),
                columns[3][span].tolist(),
                strict=True,
            )
        )
        return Entry(form, candidates, bool(self.deterministic[row]))

    def deterministic_entries(self) -> Iterator[Entry]:
        """Yield the entries that may be applied without looking at the context."""
        for row in np.flatnonzero(self.deterministic).tolist():
            form = self.forms.form(row)
            if self.forms.get(form) == row:
                yield self.entry(form, row)

    @cached_property
    def phrase_lengths(self) -> dict[str, tuple[int, ...]]:
        """First word of every form of two or more words, to the word counts, longest first."""
        return longest_first(self.forms.phrases())

    def match(self, tokens: Sequence[str], start: int) -> tuple[str, int] | None:
        """Find the longest form whose words are ``tokens[start:]``, case ignored.

        Args:
            tokens: surface strings as in `Document.tokens`.
            start: place of the first word.

        Returns:
            The form and its length in tokens, or None.
        """
        first = normalise_form(tokens[start])
        for length in self.phrase_lengths.get(first, ()):
            if start + length <= len(tokens):
                form = normalise_form(" ".join(tokens[start : start + length]))
                if form in self.forms:
                    return form, length
        return (first, 1) if first in self.forms else None

    def overlay(self, table: Path | str | Iterable[tuple[str, str]]) -> Dictionary:
        """Return a dictionary in which a user's rows come before everything else.

        A form with a single original in `table` becomes deterministic. Built-in candidates of the
        form stay behind the user's. This dictionary itself is not changed.

        Args:
            table: a TSV file (garbled, original, optional weight), or pairs of strings.

        Raises:
            DictionaryError: a row is bad; nothing of the table is used.
        """
        if isinstance(table, (str, Path)):
            rows = read_user_table(Path(table))
        else:
            rows = []
            for number, (garbled, original) in enumerate(table, 1):
                try:
                    rows.append(check_row(garbled, original))
                except ValueError as error:
                    message = f"user pair {number}: {error}"
                    raise DictionaryError(message) from error
        return Dictionary(overlay_tables(self._tables, rows))
