"""Edits: the only way in which text changes. Plain data; applied, inverted and replayed exactly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import prod
from numbers import Real
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from restore._errors import EditError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


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
    return _join_insertions(inverse)


def _join_insertions(edits: Iterable[Edit]) -> list[Edit]:
    """Make one edit of insertions at the same place: their order would be lost otherwise."""
    joined: list[Edit] = []
    for edit in edits:
        last = joined[-1] if joined else None
        if last and last.start == last.end == edit.start == edit.end:
            joined[-1] = Edit(
                last.start, last.end, "", last.after + edit.after, *_blame((last, edit))
            )
        else:
            joined.append(edit)
    return joined


def _blame(edits: Sequence[Edit]) -> tuple[str, float]:
    """Return the source and confidence of an edit that several were merged into."""
    sources = dict.fromkeys(edit.source for edit in edits)
    return "+".join(sources), prod(edit.confidence for edit in edits)


def compose_edits(text: str, stages: Sequence[Sequence[Edit]]) -> list[Edit]:
    """Express rounds of edits, each on the result of the one before, as one round on `text`.

    Edits of different rounds that touch become one edit: its source joins theirs with ``+``, its
    confidence is their product.

    Args:
        text: the original.
        stages: rounds in order; offsets of round *n* refer to the result of round *n - 1*.

    Returns:
        Edits on `text`, in order, whose application gives the last round's result.
    """
    composed: list[Edit] = []
    current = text
    for stage in stages:
        ordered = in_order(stage)
        composed = _compose_two(text, current, composed, ordered)
        current = apply_edits(current, ordered)
    return composed


class _Placed(NamedTuple):
    """An edit of either round and where it stands between the rounds."""

    start: int
    end: int
    edit: Edit
    is_first: bool

    @property
    def growth(self) -> int:
        """By how much the first round had lengthened the text here."""
        return len(self.edit.after) - len(self.edit.before) if self.is_first else 0


def _compose_two(text: str, middle: str, first: list[Edit], second: list[Edit]) -> list[Edit]:
    """Merge `second` (on `middle`) into `first` (on `text`, giving `middle`)."""
    placed = [_Placed(edit.start, edit.end, edit, is_first=False) for edit in second]
    shift = 0
    for edit in first:
        start = edit.start + shift
        placed.append(_Placed(start, start + len(edit.after), edit, is_first=True))
        shift += len(edit.after) - len(edit.before)
    placed.sort(key=lambda item: (item.start, item.end))
    composed: list[Edit] = []
    shift = 0  # offset in `middle` minus offset in `text`, before the group
    for group in _overlapping(placed):
        composed.append(_merge_group(text, middle, group, shift))
        shift += sum(item.growth for item in group)
    return [edit for edit in _join_insertions(composed) if edit.before != edit.after]


def _overlapping(placed: list[_Placed]) -> Iterator[list[_Placed]]:
    """Group edits that share text, or a place where text was deleted and other text inserted."""
    group: list[_Placed] = []
    reach = 0
    for item in placed:
        last = group[-1] if group else item
        if group and item.start >= reach and not last.start == last.end == item.start == item.end:
            yield group
            group = []
        group.append(item)
        reach = max(reach, item.end)
    if group:
        yield group


def _merge_group(text: str, middle: str, group: list[_Placed], shift: int) -> Edit:
    """Make one edit on `text` of edits that overlap."""
    low, high = group[0].start, max(item.end for item in group)
    start, end = low - shift, high - shift - sum(item.growth for item in group)
    if len(group) == 1:
        return replace(group[0].edit, start=start, end=end)
    local = [
        replace(item.edit, start=item.start - low, end=item.end - low)
        for item in group
        if not item.is_first
    ]
    after = apply_edits(middle[low:high], local)
    in_turn = sorted(group, key=lambda item: not item.is_first)
    return Edit(start, end, text[start:end], after, *_blame([item.edit for item in in_turn]))
