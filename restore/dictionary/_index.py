"""Finds the row of a form in a quarter of the memory that a dict of strings takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MASK = (1 << 20) - 1  # three times as many slots as forms: few share one
_FREE = -1


class FormIndex(Mapping[str, int]):
    """Forms to their rows; never changed once made.

    A form that stands in several rows has the last one: a user's table comes after what is shipped.

    A hash table with linear probing (Knuth, The Art of Computer Programming 3, section 6.4,
    algorithm L), by Python's own hash of a string. That differs between processes; nothing of it is
    kept or seen, for it only decides where to look first.
    """

    def __init__(self, forms: Iterable[str]) -> None:
        """Index forms without line feeds, rows in their order.

        >>> index = FormIndex(["nan", "tin can"])
        >>> index["tin can"], index.get("can"), len(index)
        (1, -1, 2)
        """
        every = list(forms)
        self._text = "".join(f"{form}\n" for form in every)
        ends = np.cumsum(np.fromiter(map(len, every), np.int64, len(every)) + 1)
        # Items of memory views are plain integers; a numpy scalar takes several times as long.
        self._starts = memoryview(np.concatenate([[0], ends]).astype(np.int32).data)
        self._slots = memoryview(_slots(every).data)

    def extended(self, forms: Iterable[str]) -> FormIndex:
        """Return an index in which `forms` follow as further rows.

        >>> FormIndex(["nan", "tin"]).extended(["nan"])["nan"]
        2
        """
        return FormIndex([*self.lines(), *forms])

    def lines(self) -> list[str]:
        """Return the forms in the order of their rows."""
        return self._text.split("\n")[:-1]

    def form(self, row: int) -> str:
        """Return the form of a row."""
        return self._text[self._starts[row] : self._starts[row + 1] - 1]

    def phrases(self) -> list[str]:
        """Return the forms of two or more words.

        >>> FormIndex(["nan", "tin can"]).phrases()
        ['tin can']
        """
        return [form for form in self.lines() if " " in form]

    def get(self, form: str, default: int = -1) -> int:  # type: ignore[override]
        """Return the row of `form`, or else `default`."""
        slot = hash(form) & _MASK
        line = f"{form}\n"
        while (row := self._slots[slot]) >= 0:
            if self._text.startswith(line, self._starts[row]) and "\n" not in form:
                return row
            slot += 1
        return default

    def __getitem__(self, form: str) -> int:
        row = self.get(form)
        if row < 0:
            raise KeyError(form)
        return row

    def __contains__(self, form: object) -> bool:
        return isinstance(form, str) and self.get(form) >= 0

    def __len__(self) -> int:
        return len(set(self.lines()))

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(self.lines()))


def _slots(forms: list[str]) -> NDArray[np.int32]:
    """Place rows as insertion by one after the other would, those that share a slot last first."""
    home = np.fromiter(map(hash, forms), np.int64, len(forms))[::-1] & _MASK
    order = np.argsort(home, kind="stable")
    at = np.arange(len(forms))
    place = np.maximum.accumulate(home[order] - at) + at
    slots = np.full(int(place.max(initial=_MASK)) + 2, _FREE, np.int32)  # the last one stays free
    slots[place] = len(forms) - 1 - order
    return slots
