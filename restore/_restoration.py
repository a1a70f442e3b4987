"""The result of a restoration: the text, the edits that made it, and how garbled the input was."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from restore._edits import Edit, apply_edits, checked_probability, checked_string
from restore._errors import EditError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


@dataclass(frozen=True)
class Restoration:
    """A restored text with its history.

    Attributes:
        source: the text as given.
        edits: what was changed, in order; offsets are code points of `source`.
        garbled_share: estimated share of the words that were garbled, 0-1, whether repaired or not.
        mode: the mode that was used.
    """

    source: str
    edits: tuple[Edit, ...]
    garbled_share: float
    mode: str

    @cached_property
    def text(self) -> str:
        """The restored text: exactly `edits` applied to `source`."""
        return apply_edits(self.source, self.edits)

    def apply(self, reject: Callable[[Edit], bool] | Collection[int] = ()) -> str:
        """Return the text without the rejected edits.

        Args:
            reject: indexes into `edits`, or a function that is true for an edit to leave out.

        Raises:
            EditError: an index is out of range.

        >>> result = Restoration("nan cat", (Edit(0, 3, "nan", "the"),), 0.5, "dictionary")
        >>> result.apply(reject={0}), result.apply(reject=lambda edit: edit.confidence < 0.5)
        ('nan cat', 'the cat')
        """
        if callable(reject):
            kept = [edit for edit in self.edits if not reject(edit)]
        else:
            rejected = set(reject)
            _check_indexes(rejected, len(self.edits))
            kept = [edit for index, edit in enumerate(self.edits) if index not in rejected]
        return apply_edits(self.source, kept)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "source": self.source,
            "text": self.text,
            "garbled_share": self.garbled_share,
            "mode": self.mode,
            "edits": [edit.to_dict() for edit in self.edits],
        }

    def to_json(self) -> str:
        """Return one line of JSON; `from_json` gives the same object back."""
        return json.dumps(self.to_dict(), ensure_ascii=True)

    @classmethod
    def from_json(cls, line: str) -> Restoration:
        """Read `to_json`'s output.

        Raises:
            EditError: the line is not such JSON, or its edits do not give its text.
        """
        try:
            data = json.loads(line)
            edits = tuple(Edit.from_dict(item) for item in data["edits"])
            result = cls(
                checked_string(data["source"]),
                edits,
                checked_probability(data["garbled_share"]),
                checked_string(data["mode"]),
            )
        except (KeyError, RecursionError, TypeError, ValueError) as error:
            message = f"not a restoration in JSON: {line!r:.80} ({error!r:.200})"
            raise EditError(message) from error
        if result.text != data.get("text"):
            message = "the edits do not give the text that the JSON states: was it changed by hand?"
            raise EditError(message)
        return result


def _check_indexes(indexes: Collection[int], size: int) -> None:
    for index in indexes:
        if not 0 <= index < size:
            message = f"no edit has index {index}: there are {size}"
            raise EditError(message)
