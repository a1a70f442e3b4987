"""The ceiling: always picks the right candidate where the dictionary offers it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from evaluation._systems import Prediction, package_hash
from restore import Edit, __version__, apply_edits
from restore._document import Document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST = 5  # words of a form or of an original

Piece = tuple[int, int, str]  # first source token, token after the last, its original


def _blocks(
    source: Sequence[str], target: Sequence[str]
) -> Iterator[tuple[int, Sequence[str], Sequence[str]]]:
    """Yield the stretches between equal tokens: first token, what stands there, what should."""
    at, to = 0, 0
    for part in Levenshtein.opcodes(source, target):
        if part.tag == "equal":
            if at < part.src_start:
                yield at, source[at : part.src_start], target[to : part.dest_start]
            at, to = part.src_end, part.dest_end
    if at < len(source):
        yield at, source[at:], target[to:]


class Oracle:
    """Knows the references, and uses them only to choose among the dictionary's candidates."""

    def __init__(self, first: int = 24) -> None:
        from restore.dictionary import Dictionary

        self._dictionary = Dictionary.load()
        self._first = first
        self._references: dict[str, str] = {}
        self._offers: dict[str, frozenset[str]] = {}
        self.name = f"oracle@{first}"
        self.signature = f"restore-{__version__},oracle,first={first},package={package_hash()}"

    def bind(self, documents: Sequence[str], references: Sequence[str]) -> None:
        """Tell the references of the documents that are to come."""
        self._references = dict(zip(documents, references, strict=True))

    def predict(self, documents: Sequence[str]) -> Iterator[Prediction]:
        """Restore what the dictionary can restore."""
        for text in documents:
            start = time.perf_counter()
            edits = self._edits(text, self._references[text])
            yield Prediction(apply_edits(text, edits), edits, time.perf_counter() - start)

    def _edits(self, text: str, reference: str) -> tuple[Edit, ...]:
        source, target = Document.parse(text), Document.parse(reference)
        edits = []
        for at, garbled, right in _blocks(source.tokens, target.tokens):
            for first, last, original in self._solve(garbled, right):
                start = source.starts[at + first]
                end = source.starts[at + last - 1] + len(source.tokens[at + last - 1])
                edits.append(Edit(start, end, text[start:end], original, "oracle"))
        return tuple(edits)

    def _solve(self, garbled: Sequence[str], right: Sequence[str]) -> list[Piece]:
        """Cover as many of the garbled tokens as candidates can, in order (dynamic programming)."""
        best: dict[tuple[int, int], tuple[int, list[Piece]]] = {(0, 0): (0, [])}
        for i in range(len(garbled)):
            # With equal lengths words answer one another; otherwise any split is tried.
            wheres = [i] if len(garbled) == len(right) else range(len(right) + 1)
            for j in wheres:
                here = max(
                    (best[k] for k in ((i, j), (i, j - 1)) if k in best),
                    key=lambda one: one[0],
                    default=None,
                )
                if here is not None:
                    best[i, j] = here
                    self._extend(best, (i, j), garbled, right)
        return max((one for one in best.values()), key=lambda one: one[0])[1]

    def _extend(
        self,
        best: dict[tuple[int, int], tuple[int, list[Piece]]],
        at: tuple[int, int],
        garbled: Sequence[str],
        right: Sequence[str],
    ) -> None:
        (i, j), (score, pieces) = at, best[at]
        steps = [((i + 1, j), score, pieces), ((i + 1, j + 1), score, pieces)]
        for last in range(i + 1, min(i + LONGEST, len(garbled)) + 1):
            offers = self._offered(" ".join(garbled[i:last]))
            for end in range(j + 1, min(j + LONGEST, len(right)) + 1) if offers else ():
                if " ".join(right[j:end]).casefold() in offers:
                    piece = (i, last, " ".join(right[j:end]))
                    steps.append(((last, end), score + last - i, [*pieces, piece]))
        for state, value, solution in steps:
            if state not in best or best[state][0] < value:
                best[state] = (value, solution)

    def _offered(self, form: str) -> frozenset[str]:
        folded = form.casefold()
        if folded not in self._offers:
            entry = self._dictionary.lookup(folded)
            candidates = entry.candidates[: self._first] if entry else ()
            self._offers[folded] = frozenset(one.original.casefold() for one in candidates)
        return self._offers[folded]
