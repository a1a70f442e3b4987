"""Word pieces: how the network spells words; longest match first (Wu et al. 2016, section 4.1)."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

END = 0  # closes a replacement; also pads
UNKNOWN_PIECE = 1
INSIDE = "##"
MAX_PIECES = 8  # of one text; what is longer is read by its beginning
_LONGEST = 24  # characters of a piece looked for


class Pieces:
    """A vocabulary of word pieces.

    Args:
        pieces: all pieces in order of their ids; the first two are `END` and the unknown piece,
            those that continue a word begin with ``##``.

    >>> pieces = Pieces(["[END]", "[UNK]", "walk", "##ing", "to"])
    >>> pieces.ids("walking to")
    (2, 3, 4)
    >>> pieces.text([2, 3, 4])
    'walking to'
    """

    def __init__(self, pieces: Sequence[str]) -> None:
        self.pieces = list(pieces)
        self._index = {piece: number for number, piece in enumerate(self.pieces)}
        self._known: dict[str, tuple[int, ...]] = {}

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a vocabulary: one piece a line."""
        return cls(path.read_text(encoding="utf-8").splitlines())

    def __len__(self) -> int:
        """Return the size of the vocabulary."""
        return len(self.pieces)

    def ids(self, text: str) -> tuple[int, ...]:
        """Return the ids of the pieces of `text`, words in turn, in small letters, no accents."""
        known = self._known.get(text)
        if known is None:
            known = tuple(i for word in plain(text).split() for i in self._word(word))
            if len(self._known) < 200_000:
                self._known[text] = known
        return known

    def _word(self, word: str) -> Iterable[int]:
        at = 0
        while at < len(word):
            mark = INSIDE if at else ""
            for end in range(min(len(word), at + _LONGEST), at, -1):
                number = self._index.get(mark + word[at:end])
                if number is not None:
                    yield number
                    at = end
                    break
            else:
                yield UNKNOWN_PIECE
                return

    def text(self, ids: Iterable[int]) -> str:
        """Join pieces into words, one space apart."""
        words: list[str] = []
        for number in ids:
            piece = self.pieces[number]
            if piece.startswith(INSIDE) and words:
                words[-1] += piece[len(INSIDE) :]
            else:
                words.append(piece.removeprefix(INSIDE))
        return " ".join(words)

    def table(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Return the first `MAX_PIECES` ids of each text, padded: shape (T, MAX_PIECES)."""
        out = np.full((len(texts), MAX_PIECES), END, np.int64)
        for row, text in enumerate(texts):
            ids = self.ids(text)[:MAX_PIECES] or (UNKNOWN_PIECE,)
            out[row, : len(ids)] = ids
        return out


def plain(text: str) -> str:
    """Return `text` in small letters without accents, straight apostrophes.

    >>> plain("Café")
    'cafe'
    """
    lower = text.lower()
    if lower.isascii():
        return lower
    lower = lower.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return "".join(c for c in unicodedata.normalize("NFD", lower) if not unicodedata.combining(c))
