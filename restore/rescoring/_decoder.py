"""Best mode: full mode's choices, the unsure ones among them rescored by a language model."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from restore.lattice._decoder import windows
from restore.rescoring._occurrences import Occurrences
from restore.rescoring._passage import passage, spots
from restore.rescoring._posterior import promising, unsure
from restore.seq2seq._choice import proposal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from restore._decoder import Proposal
    from restore._document import Document
    from restore.rescoring._model import LanguageModel, Place, Reader, Score
    from restore.rescoring._passage import Passage
    from restore.rescoring._posterior import Asked, Rescorer
    from restore.seq2seq._choice import Heard, Reading
    from restore.seq2seq._decoder import Seq2SeqDecoder

PASSAGE = 64  # tokens of the document whose places are scored at once
LONGEST = 2000  # code points of a passage: what is longer is no prose, and may not fit into memory


class RescoringDecoder:
    """Asks a language model about what full mode is unsure of, and weighs what both say.

    On both sides of a place stands full mode's best guess. Choices are made in the end, in the
    light of what was said of all places of a form.

    Args:
        full: full mode's decoder.
        model: the language model.
        rescorer: weighs what both say.
    """

    name = "best"

    def __init__(self, full: Seq2SeqDecoder, model: LanguageModel, rescorer: Rescorer) -> None:
        self.full = full
        self.model = model
        self.rescorer = rescorer

    def knows(self, word: str) -> bool:
        """Tell whether a lower-case word is usual English."""
        return self.full.knows(word)

    def propose(self, document: Document) -> Proposal:
        """Return an edit wherever the best reading is not what stands there."""
        heard, occurrences = list(self.full.hear(document)), Occurrences()
        answers = list(ask(document, heard, self.full, self.model))
        for asked, scores in answers:
            occurrences.hear(asked.choice, asked.readings, scores)
        decided = {
            asked.choice.start: self.rescorer.rescored(asked, scores, occurrences)
            for asked, scores in answers
        }
        heard = [
            one._replace(choices=tuple(decided.get(c.start, c) for c in one.choices))
            for one in heard
        ]
        return self.full.recased(document, proposal(document.text, heard, self.name))


def ask(
    document: Document, heard: Sequence[Heard], full: Seq2SeqDecoder, model: LanguageModel
) -> Iterator[tuple[Asked, list[Score]]]:
    """Yield full mode's unsure choices, and what a language model says of their readings.

    Args:
        document: the text.
        heard: all that full mode says of it.
        full: says what it would make of that.
        model: the language model.
    """
    if not any(unsure(choice) for one in heard for choice in one.choices):
        return
    text, reader = document.text, model.reader()
    # What the policy would not accept is no context either.
    least = full.network.policy.fitting(proposal(text, heard, full.name)).min_confidence
    found = spots(text, heard, least)
    begins = [spot.start for spot in found]
    at = 0
    for group in windows(document.sentences, PASSAGE):
        end = document.end(group[-1][1] - 1)
        inside = found[bisect_left(begins, at) : bisect_left(begins, end)]
        # White space goes with what follows it; phrases are not cut with their sentence.
        span = at, max(end, inside[-1].end if inside else 0)
        here = passage(text, span, inside)
        if span[1] - span[0] <= LONGEST:
            yield from _answers(text, here, reader)
        reader.read(here.text)
        at = span[1]


def _answers(text: str, here: Passage, reader: Reader) -> list[tuple[Asked, list[Score]]]:
    """Ask about a passage's unsure choices: all readings at a glance, then the best of them."""
    choices = {at: spot.choice for at, spot in enumerate(here.spots) if spot.choice is not None}
    every = {at: readings for at, choice in choices.items() if (readings := unsure(choice))}
    if not every:
        return []

    def places(readings: Mapping[int, Sequence[Reading]]) -> list[Place]:
        return [
            here.place(at, tuple(here.spots[at].written(text, reading) for reading in some))
            for at, some in readings.items()
        ]

    glances = dict(zip(every, reader.glance(here.text, places(every)), strict=True))
    asked = {at: promising(choices[at], every[at], glances[at]) for at in every}
    compared = places({at: one.readings for at, one in asked.items()})
    return list(zip(asked.values(), reader.score(here.text, compared), strict=True))
