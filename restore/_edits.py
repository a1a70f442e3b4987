"""Edits: the only way in which text changes. Plain data; applied, inverted and replayed exactly."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
            EditError: a field is missing or has the wrong type.
        """
        try:
            return cls(
                start=_offset(data["start"]),
                end=_offset(data["end"]),
                before=_string(data["before"]),
                after=_string(data["after"]),
                source=_string(data.get("source", "user")),
                confidence=float(data.get("confidence", 1.0)),
                alternatives=tuple((str(t), float(p)) for t, p in data.get("alternatives", ())),
            )
        except (KeyError, TypeError, ValueError) as error:
            message = f"not an edit: {json.dumps(data, default=str)[:120]} ({error!r})"
            raise EditError(message) from error


def _offset(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        message = f"an offset is a whole number from 0, not {value!r}"
        raise ValueError(message)
    return value


def _string(value: object) -> str:
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
    for left, right in zip(ordered, ordered[1:], strict=False):
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
        if text[edit.start : edit.end] != edit.before or edit.end > len(text):
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
    return inverse


def compose_edits(text: str, stages: Sequence[Sequence[Edit]]) -> list[Edit]:
    """Express several rounds of edits, each on the result of the one before, as one round on `text`.

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


def _compose_two(text: str, middle: str, first: list[Edit], second: list[Edit]) -> list[Edit]:
    """Merge `second` (on `middle`) into `first` (on `text`, giving `middle`)."""
    # Every edit as a block: original range, middle range, and what the later round makes of it.
    placed: list[tuple[int, int, Edit, bool]] = []
    shift = 0
    for edit in first:
        start = edit.start + shift
        placed.append((start, start + len(edit.after), edit, True))
        shift += len(edit.after) - len(edit.before)
    placed += [(edit.start, edit.end, edit, False) for edit in second]
    placed.sort(key=lambda item: (item[0], item[1], not item[3]))
    groups: list[list[tuple[int, int, Edit, bool]]] = []
    reach = -1
    for item in placed:
        if groups and item[0] < reach:
            groups[-1].append(item)
        else:
            groups.append([item])
        reach = max(reach, item[1])
    out: list[Edit] = []
    shift = 0  # middle offset - original offset, before the group
    for group in groups:
        out.append(_merge_group(text, middle, group, shift))
        shift += sum(len(e.after) - len(e.before) for _, _, e, is_first in group if is_first)
    return [edit for edit in out if edit.before != edit.after]


def _merge_group(
    text: str, middle: str, group: list[tuple[int, int, Edit, bool]], shift: int
) -> Edit:
    if len(group) == 1:
        start, end, edit, is_first = group[0]
        if is_first:
            return edit
        return Edit(start - shift, end - shift, edit.before, edit.after, edit.source,
                    edit.confidence, edit.alternatives)  # fmt: skip
    low = min(item[0] for item in group)
    high = max(item[1] for item in group)
    grown = sum(len(e.after) - len(e.before) for _, _, e, is_first in group if is_first)
    local = [
        Edit(start - low, end - low, e.before, e.after)
        for start, end, e, is_first in group
        if not is_first
    ]
    confidence = 1.0
    for item in group:
        confidence *= item[2].confidence
    return Edit(
        low - shift,
        high - shift - grown,
        text[low - shift : high - shift - grown],
        apply_edits(middle[low:high], local),
        "+".join(dict.fromkeys(item[2].source for item in group)),
        confidence,
    )
