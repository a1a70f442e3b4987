"""Edits: the only way in which text changes. Plain data; applied, inverted and replayed exactly."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import prod
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeGuard

from restore._errors import EditError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement in a text.

    Attributes:
        start: offset of the first code point replaced, in the original text.
        end: offset after the last code point replaced; ``start == end`` inserts.
        before: what stands there, ``text[start:end]``.
        after: what is to stand there.
        source: who proposed it, as ``stage:detail`` (``repair:mojibake``, ``dictionary:hypernym``,
            ``fast:synonym``).
        confidence: calibrated probability that the edit is right, 0-1.
        alternatives: other readings with their probabilities, best first.
    """

    start: int
    end: int
    before: str
    after: str
    source: str = "user"
    confidence: float = 1.0
    alternatives: tuple[tuple[str, float], ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        # Half the time of what dataclasses do; workers send every edit that they make.
        values = (self.start, self.end, self.before, self.after, self.source)
        return Edit, (*values, self.confidence, self.alternatives)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data that ``json.dumps`` takes.

        >>> Edit(0, 3, "nan", "the").to_dict()["after"]
        'the'
        """
        return {
            "start": self.start,
            "end": self.end,
            "before": self.before,
            "after": self.after,
            "source": self.source,
            "confidence": self.confidence,
            "alternatives": [list(pair) for pair in self.alternatives],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Edit:
        """Rebuild an edit from `to_dict`'s data.

        Raises:
            EditError: a field is missing or has the wrong type, or `before` is not as long as what
                lies between `start` and `end`.
        """
        try:
            edit = cls(
                start=_offset(data["start"]),
                end=_offset(data["end"]),
                before=checked_string(data["before"]),
                after=checked_string(data["after"]),
                source=checked_string(data.get("source", "user")),
                confidence=checked_probability(data.get("confidence", 1.0)),
                alternatives=tuple(
                    (checked_string(text), checked_probability(share))
                    for text, share in data.get("alternatives", ())
                ),
            )
            _check_span(edit)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            message = f"not an edit: {data!r:.120} ({error!r})"
            raise EditError(message) from error
        return edit


def _check_span(edit: Edit) -> None:
    if edit.end - edit.start != len(edit.before):
        message = f"{edit.before!r:.40} does not fill {edit.start} to {edit.end}"
        raise ValueError(message)


def _offset(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        message = f"an offset is a whole number from 0, not {value!r}"
        raise ValueError(message)
    return value


def checked_probability(value: object) -> float:
    """Return a number from 0 to 1 as a float; ValueError for anything else."""
    if not is_probability(value):
        message = f"a probability is a number from 0 to 1, not {value!r}"
        raise ValueError(message)
    return float(value)


def is_probability(value: object) -> TypeGuard[float]:
    """Tell whether a value is a number from 0 to 1; true and false are none."""
    # typeshed does not know that whole numbers compare with all others.
    return (
        isinstance(value, Real) and not isinstance(value, bool) and 0 <= value <= 1  # type: ignore[operator]
    )


def checked_string(value: object) -> str:
    """Return a string as it is; TypeError for anything else."""
    if not isinstance(value, str):
        message = f"a string was expected, not {value!r}"
        raise TypeError(message)
    return value


def in_order(edits: Iterable[Edit]) -> list[Edit]:
    """Sort edits by place and refuse overlaps.

    Raises:
        EditError: two edits touch the same code points, or insert at the same place.
    """
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    for left, right in pairwise(ordered):
        if right.start < left.end or (left.start, left.end) == (right.start, right.end):
            message = f"edits overlap: {left.start}-{left.end} and {right.start}-{right.end}"
            raise EditError(message)
    return ordered


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with all `edits` made; offsets refer to `text` as given.

    Raises:
        EditError: edits overlap, or `before` is not what stands in the text.

    >>> apply_edits("nan cat", [Edit(0, 3, "nan", "the")])
    'the cat'
    """
    pieces: list[str] = []
    at = 0
    for edit in in_order(edits):
        fits = 0 <= edit.start <= len(text) and len(edit.before) == edit.end - edit.start
        if not fits or text[edit.start : edit.end] != edit.before:
            message = (
                f"edit {edit.start}-{edit.end} expects {edit.before!r}, "
                f"the text has {text[edit.start : edit.end]!r}: was it made for another text?"
            )
            raise EditError(message)
        pieces += (text[at : edit.start], edit.after)
        at = edit.end
    pieces.append(text[at:])
    return "".join(pieces)


def invert_edits(edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits that turn the result of `apply_edits` back into the original.

    >>> invert_edits([Edit(0, 3, "nan", "the"), Edit(4, 5, "x", "yy")])[1].start
    4
    """
    inverse: list[Edit] = []
    shift = 0
    for edit in in_order(edits):
        start = edit.start + shift
        inverse.append(Edit(start, start + len(edit.after), edit.after, edit.before, edit.source))
        shift += len(edit.after) - len(edit.before)
    return join_insertions(inverse)


def placed(edit: Edit, start: int, end: int, before: str, after: str) -> Edit:
    """Return the same edit in another place."""
    # Four times as fast as dataclasses.replace, and there is one for every edit of a file.
    return Edit(start, end, before, after, edit.source, edit.confidence, edit.alternatives)


def moved(edit: Edit, by: int) -> Edit:
    """Return the same edit farther on."""
    return placed(edit, edit.start + by, edit.end + by, edit.before, edit.after)


def join_insertions(edits: Iterable[Edit]) -> list[Edit]:
    """Make one edit of insertions at the same place: their order would be lost otherwise."""
    joined: list[Edit] = []
    for edit in edits:
        last = joined[-1] if joined else None
        if last and last.start == last.end == edit.start == edit.end:
            joined[-1] = Edit(
                last.start, last.end, "", last.after + edit.after, *blame((last, edit))
            )
        else:
            joined.append(edit)
    return joined


def blame(edits: Sequence[Edit]) -> tuple[str, float]:
    """Return the source and confidence of an edit that several were merged into."""
    sources = dict.fromkeys(edit.source for edit in edits)
    return "+".join(sources), prod(edit.confidence for edit in edits)
