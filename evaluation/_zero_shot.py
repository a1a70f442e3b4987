"""The outside reference: the dictionary's candidates, and a language model that nobody fitted."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from evaluation._errors import EvaluationError
from evaluation._systems import Prediction, language_model_signature, package_hash
from restore import Edit, RestoreError, __version__, apply_edits
from restore._capitals import fit_case
from restore._document import PROTECTED, WORD, Document
from restore.formats._segments import within
from restore.rescoring import Place
from restore.rescoring._decoder import LONGEST
from restore.rescoring._passage import reach

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from restore.rescoring import Reader

PASSAGE = 32  # words whose readings are scored at once


class ZeroShot:
    """Takes the candidate, or the word itself, that a causal language model likes best in context.

    Nothing is fitted: no prior, no threshold, no key. To the left stands what was decided, to the
    right the text as it is. Single words only.

    Args:
        candidates: how many of a form are considered, the dictionary's first.
    """

    def __init__(self, candidates: int = 5) -> None:
        from restore._modes import language_model
        from restore.dictionary import Dictionary

        try:
            self._model = language_model()
        except RestoreError as error:
            raise EvaluationError(str(error)) from error
        self._dictionary = Dictionary.load()
        self._candidates = candidates
        self.name = f"smollm2@{candidates}"
        self.signature = (
            f"restore-{__version__},zero-shot,candidates={candidates},"
            f"package={package_hash()}{language_model_signature()}"
        )

    def predict(self, documents: Sequence[str]) -> Iterator[Prediction]:
        """Restore the documents one by one."""
        for text in documents:
            start = time.perf_counter()
            edits = tuple(self._edits(Document.parse(text)))
            yield Prediction(apply_edits(text, edits), edits, time.perf_counter() - start)

    def _edits(self, document: Document) -> Iterator[Edit]:
        reader, at, size = self._model.reader(), 0, len(document.tokens)
        for first in range(0, size, PASSAGE):
            last = min(first + PASSAGE, size) - 1
            span = at, document.end(last)
            edits = list(self._passage(document, range(first, last + 1), span, reader))
            yield from edits
            reader.read(apply_edits(document.text[slice(*span)], within(edits, *span)))
            at = span[1]

    def _passage(
        self, document: Document, tokens: range, span: tuple[int, int], reader: Reader
    ) -> Iterator[Edit]:
        """Yield the edits of some tokens, which stand in `span`."""
        passage = document.text[slice(*span)]
        readings = {token: self._readings(document, token) for token in tokens}
        readings = {token: found for token, found in readings.items() if len(found) > 1}
        if not readings or len(passage) > LONGEST:
            return
        places = [_place(document, token, span, found) for token, found in readings.items()]
        for (token, found), said in zip(
            readings.items(), reader.score(passage, places), strict=True
        ):
            values = [score.both for score in said]
            best = found[values.index(max(values))]
            if best != found[0]:
                start, end = document.starts[token], document.end(token)
                yield Edit(start, end, found[0], best, "smollm2:zero-shot")

    def _readings(self, document: Document, token: int) -> tuple[str, ...]:
        """Return the word itself, and what it may stand for, with its capitals."""
        word, kind = document.tokens[token], document.kinds[token]
        entry = self._dictionary.lookup(word.lower()) if kind & WORD else None
        if entry is None or kind & PROTECTED:
            return (word,)
        start, end = document.starts[token], document.end(token)
        others = [
            fit_case(document.text, start, end, candidate.original)
            for candidate in entry.candidates[: self._candidates]
        ]
        return tuple(dict.fromkeys([word, *others]))


def _place(document: Document, token: int, span: tuple[int, int], readings: Sequence[str]) -> Place:
    """Return where readings stand in a passage; a space goes with its word."""
    text, low = document.text, span[0]
    start, end = document.starts[token], document.end(token)
    begin = start - 1 if start > low and text[start - 1] == " " else start
    variants = tuple(text[begin:start] + reading for reading in readings)
    return Place(begin - low, end - low, reach(text[slice(*span)], end - low), variants)
