"""Which choices are unsure, and what a language model's scores make of their probabilities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore._container import DATA
from restore._sources import NO_EVIDENCE
from restore.lattice._scorer import log_softmax_groups
from restore.lattice._weights import load_scorers
from restore.rescoring._features import NAMES, describe

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from restore.lattice._scorer import Scorer
    from restore.rescoring._model import Score
    from restore.rescoring._occurrences import Occurrences
    from restore.seq2seq._choice import Choice, Reading

SHIPPED = DATA / "rescoring.bin"
SCORERS = {"reading": NAMES}  # of the file

SURE = 0.9  # a choice this probable is not asked about
LEAST, MOST = 0.005, 5  # probability of a reading that is asked about; number of such, at most
LEAST_WRITTEN, MOST_WRITTEN = 0.002, 6  # the same of those that no list holds
COMPARED = 3  # readings that are compared with what follows them: of 1,000 right ones 998 are left
OWN, BEGINNING = 0.72, 0.29  # weights of log probabilities, full mode's and the first token's


def unsure(choice: Choice) -> tuple[Reading, ...]:
    """Return the readings that a language model is to compare; none where one is clear.

    A user's own entries are none of its business; nor may it delete debris of encodings.
    """
    readings = choice.readings
    own = any(reading.source == "user" for reading in readings)
    if own or readings[0].share >= SURE:
        return ()
    plain = [r for r in readings if r.text or choice.before.isascii()]
    listed = [r for r in plain if r.source != "written" and r.share >= LEAST]
    written = [r for r in plain if r.source == "written" and r.share >= LEAST_WRITTEN]
    found = sorted((*listed[:MOST], *written[:MOST_WRITTEN]), key=lambda reading: -reading.share)
    return tuple(found) if len(found) > 1 else ()


class Asked(NamedTuple):
    """An unsure choice, and what a language model is asked about it.

    Attributes:
        choice: full mode's.
        readings: those that are compared, most probable first.
        dropped: the others that were unsure, with the probability that is left to them.
    """

    choice: Choice
    readings: tuple[Reading, ...]
    dropped: tuple[Reading, ...]


def promising(choice: Choice, readings: Sequence[Reading], glances: Sequence[float]) -> Asked:
    """Choose the readings that are compared, by full mode and by how they begin in context.

    Args:
        choice: full mode's.
        readings: its unsure ones.
        glances: natural log probability of the first token of each.
    """
    shares = np.array([reading.share for reading in readings])
    value = OWN * np.log(shares) + BEGINNING * np.array(glances)
    left = np.exp(value - value.max())
    left *= shares.sum() / left.sum()
    best = set(np.argsort(-value, kind="stable")[:COMPARED].tolist())
    return Asked(
        choice,
        tuple(reading for at, reading in enumerate(readings) if at in best),
        tuple(
            reading._replace(share=float(share))
            for at, (reading, share) in enumerate(zip(readings, left, strict=True))
            if at not in best
        ),
    )


@dataclass(frozen=True, slots=True)
class Rescorer:
    """Weighs full mode's probabilities and a language model's scores.

    Attributes:
        scorer: of a reading among those of its place.
    """

    scorer: Scorer

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Rescorer:
        """Read the scorer, by default the shipped one.

        Raises:
            ModelError: the file is missing, damaged, or was fitted for other features.
        """
        return cls(load_scorers(path, SCORERS)["reading"])

    def rescored(self, asked: Asked, scores: Sequence[Score], occurrences: Occurrences) -> Choice:
        """Share the probability of the unsure readings out anew.

        Args:
            asked: full mode's choice, and what was compared.
            scores: what the language model says of each reading that was compared.
            occurrences: what it said of all places of the document so far.
        """
        choice, compared, dropped = asked
        about, codes = describe(choice, compared, scores, occurrences)
        raw = self.scorer.scores(about, codes)
        logs = log_softmax_groups(raw, np.array([0, len(raw)], np.int32))
        asked_about = {reading.text for reading in (*compared, *dropped)}
        rest = [reading for reading in choice.readings if reading.text not in asked_about]
        whole = sum(r.share for r in choice.readings) - sum(r.share for r in (*rest, *dropped))
        fresh = [
            reading._replace(share=float(share))
            for reading, share in zip(compared, whole * np.exp(logs), strict=True)
        ]
        readings = tuple(sorted((*fresh, *dropped, *rest), key=lambda reading: -reading.share))
        return replace(
            choice,
            readings=readings,
            keeps=readings[0].source == "keep",
            garbled=_moved(choice.garbled, choice.readings, readings, {"keep"}),
            explained=_moved(choice.explained, choice.readings, readings, {"keep", *NO_EVIDENCE}),
        )


def _moved(
    value: float, before: Sequence[Reading], after: Sequence[Reading], others: set[str]
) -> float:
    """Move a probability by what the readings of all but some sources have gained."""
    gained, had = (
        sum(reading.share for reading in readings if reading.source not in others)
        for readings in (after, before)
    )
    return min(1.0, max(0.0, value + gained - had))
