"""Best mode: full mode's choices, the unsure ones among them rescored by a language model."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from restore.lattice._decoder import windows
from restore.rescoring._passage import Spot, passage, settle, spots
from restore.rescoring._posterior import Rescoring
from restore.seq2seq._choice import proposal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from restore._decoder import Proposal
    from restore._document import Document
    from restore.rescoring._model import LanguageModel, Reader
    from restore.seq2seq._choice import Choice
    from restore.seq2seq._decoder import Seq2SeqDecoder

PASSAGE = 64  # tokens of the document whose places are scored at once
LONGEST = 2000  # code points of a passage: what is longer is no prose, and may not fit into memory


class RescoringDecoder:
    """Goes through a document from left to right and asks about what full mode is unsure of.

    What was decided is the context of what comes; to the right stands full mode's best guess.

    Args:
        full: full mode's decoder.
        model: the language model.
        rescoring: how far it is asked, and believed.
    """

    name = "best"

    def __init__(
        self, full: Seq2SeqDecoder, model: LanguageModel, rescoring: Rescoring | None = None
    ) -> None:
        self.full = full
        self.model = model
        self.rescoring = rescoring or Rescoring()

    def knows(self, word: str) -> bool:
        """Tell whether a lower-case word is usual English."""
        return self.full.knows(word)

    def propose(self, document: Document) -> Proposal:
        """Return an edit wherever the best reading is not what stands there."""
        heard = list(self.full.hear(document))
        first = proposal(document.text, heard, self.name)
        if not any(self.rescoring.unsure(choice) for one in heard for choice in one.choices):
            return self.full.recased(document, first)
        # What the policy would not accept is no context either.
        least = self.full.network.policy.fitting(first).min_confidence
        decided = dict(self._decided(document, spots(document.text, heard, least), least))
        heard = [
            one._replace(choices=tuple(decided.get(c.start, c) for c in one.choices))
            for one in heard
        ]
        return self.full.recased(document, proposal(document.text, heard, self.name))

    def _decided(
        self, document: Document, found: list[Spot], least: float
    ) -> Iterator[tuple[int, Choice]]:
        """Yield the offset of each rescored choice, and the choice."""
        text, reader = document.text, self.model.reader()
        begins = [spot.start for spot in found]
        at = 0
        for group in windows(document.sentences, PASSAGE):
            end = document.end(group[-1][1] - 1)
            inside = found[bisect_left(begins, at) : bisect_left(begins, end)]
            # White space goes with what follows it; phrases are not cut with their sentence.
            span = at, max(end, inside[-1].end if inside else 0)
            for spot in self._rescore(text, span, inside, reader):
                settle(text, spot, least)
                if spot.choice is not None:
                    yield spot.choice.start, spot.choice
            reader.read(passage(text, span, inside, {})[0])
            at = span[1]

    def _rescore(
        self, text: str, span: tuple[int, int], inside: list[Spot], reader: Reader
    ) -> list[Spot]:
        """Rescore the unsure choices of a passage all at once; returns the spots they are at."""
        asked: dict[int, tuple[str, ...]] = {}
        for index, spot in enumerate(inside):
            readings = () if spot.choice is None else self.rescoring.unsure(spot.choice)
            if readings:
                asked[index] = tuple(spot.written(text, reading) for reading in readings)
        if not asked or span[1] - span[0] > LONGEST:
            return []
        scores = reader.score(*passage(text, span, inside, asked))
        for index, line in zip(asked, scores, strict=True):
            choice = inside[index].choice
            if choice is not None:
                inside[index].choice = self.rescoring.rescored(choice, line)
        return [inside[index] for index in asked]
