"""Rounds of edits, each on the result of the one before, as one round."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from restore._edits import Edit, apply_edits, blame, in_order, join_insertions, moved, placed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


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
    items = [_Placed(edit.start, edit.end, edit, is_first=False) for edit in second]
    shift = 0
    for edit in first:
        start = edit.start + shift
        items.append(_Placed(start, start + len(edit.after), edit, is_first=True))
        shift += len(edit.after) - len(edit.before)
    items.sort(key=lambda item: (item.start, item.end))
    composed: list[Edit] = []
    shift = 0  # offset in `middle` minus offset in `text`, before the group
    for group in _overlapping(items):
        composed.append(_merge_group(text, middle, group, shift))
        shift += sum(item.growth for item in group)
    return [edit for edit in join_insertions(composed) if edit.before != edit.after]


def _overlapping(items: list[_Placed]) -> Iterator[list[_Placed]]:
    """Group edits that share text, or a place where text was deleted and other text inserted."""
    group: list[_Placed] = []
    reach = 0
    for item in items:
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
        edit = group[0].edit
        return placed(edit, start, end, edit.before, edit.after)
    local = [moved(item.edit, -low) for item in group if not item.is_first]
    after = apply_edits(middle[low:high], local)
    in_turn = sorted(group, key=lambda item: not item.is_first)
    return Edit(start, end, text[start:end], after, *blame([item.edit for item in in_turn]))
