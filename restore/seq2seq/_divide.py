"""Words run together: which they may be, and how likely it is (``ofwomen``, ``alliancewiththe``).

An unknown word may be several words whose spaces were lost, a misspelt one, a name, or a compound
that nobody has listed. A small scorer weighs the likeliest division against the others by the
language model's bigrams, the best correction, and what kinds of words the parts are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from restore._capitals import capitals
from restore._container import DATA
from restore._document import CAPITAL, SENTENCE_START
from restore._function_words import FUNCTION_WORDS
from restore.lattice._ngram import UNKNOWN
from restore.lattice._scorer import opposed
from restore.lattice._weights import load_scorers
from restore.seq2seq._rare_english import RARE_ENGLISH
from restore.seq2seq._spelling import LONGEST as LONGEST_MISSPELT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from restore.lattice._ngram import NgramModel
    from restore.lattice._scorer import Scorer
    from restore.seq2seq._place import Place
    from restore.seq2seq._spelling import Speller

SHIPPED = DATA / "divisions.bin"
DIVISION_NAMES = (
    "over_whole", "over_correction", "correctable", "least_usual", "usual", "parts", "letters",
    "function", "capital", "begins", "capital_inside", "single", "shortest", "unknown",
)  # fmt: skip
BEGINS, LEAST_USUAL = DIVISION_NAMES.index("begins"), DIVISION_NAMES.index("least_usual")
SCORERS = {"division": DIVISION_NAMES}  # of the file
WHOLE, DIVIDED = 0, 1  # codes of what the scorer chooses between
LONGEST, LONGEST_PART = 100, 20  # letters of the whole, and of a part
USUAL = -15.5  # log frequency of each part, at least
WORDS = frozenset("ai")  # single letters that are words
SHORTEST_NAME = 3  # letters of a name behind a function word: ``andOrlaith``
BEFORE_NAMES = frozenset(["and", "the", "of", "by", "from"])  # those of them
ENDINGS = frozenset("able age dom ful hood ism ist less like ness ship ward wise".split())  # noqa: SIM905
HOPELESS = -8.0  # nats of a division over the whole word, for each part more than one
FARTHEST = 15.0  # nats that a division may be ahead of a correction
# Function words that begin or end compounds; the others tell that words were run together.
COMPOUNDING = frozenset(
    """above after all any around back before behind being below by can down due ever every few
    first in inside last less like may mine more most near new next no none off on one out over own
    per same self some still such three through two under up via well will""".split()  # noqa: SIM905
)
UNCOMPOUNDED = frozenset(FUNCTION_WORDS) - COMPOUNDING


class Division(NamedTuple):
    """The likeliest division of a word.

    Attributes:
        parts: the words, two and more.
        about: what speaks for it and against it, (len(DIVISION_NAMES),).
    """

    parts: list[str]
    about: NDArray[np.float32]

    @property
    def may_be_one(self) -> bool:
        """May the whole be a compound that we do not know, or a name?

        A function word tells that it is not; but ``FirstEnergy`` and ``forEach`` are names of
        companies and in programs, ``Theydon`` one of a village, ``betweenness`` has an ending.
        """
        first, *others = self.parts
        if first[0].isupper() and first.lower() in FUNCTION_WORDS and not self.about[BEGINS]:
            return True
        capital = [part for part in others if part[0].isupper()]
        unknown = self.about[LEAST_USUAL] <= USUAL  # ``andOrlaith``
        names = unknown or all(part.lower() in capitals() for part in capital)
        told = not UNCOMPOUNDED.isdisjoint(part.lower() for part in self.parts)
        return not told or (bool(capital) and not names) or others[-1] in ENDINGS


@dataclass(frozen=True, slots=True)
class Divider:
    """Divides words that were run together.

    Args:
        speller: knows words, and those near a misspelt one.
        scorer: of a division against the whole word.
    """

    speller: Speller
    scorer: Scorer

    @classmethod
    def load(cls, speller: Speller, path: Path = SHIPPED) -> Divider:
        """Read the scorer, by default the shipped one.

        Raises:
            ModelError: the file is missing, damaged, or was fitted for other features.
        """
        return cls(speller, load_scorers(path, SCORERS)["division"])

    def confidence(self, division: Division) -> float:
        """Return the probability that a word was run together of these, 0-1, in damaged text."""
        both, codes = opposed(division.about[None])
        scores = self.scorer.scores(both, codes)
        return float(1 + np.tanh((scores[DIVIDED] - scores[WHOLE]) / 2)) / 2


def divide(word: str, kind: int, place: Place, speller: Speller) -> Division | None:
    """Find the likeliest division of a word; None where it has none, or is a name.

    Args:
        word: as it is written.
        kind: of its token, as `Document.kinds` has it.
        place: where it stands.
        speller: knows words.
    """
    model = speller.model
    if word.lower() in capitals() or word.lower() in RARE_ENGLISH or len(word) > LONGEST:
        return None
    every = [*_before_name(word)]
    if usual := _likeliest(word, place, model):
        every.append(usual)
    if not every:
        return None
    value, parts = max((place.log_probability(parts, model), parts) for parts in every)
    over = value - place.log_probability([word], model)
    if over < HOPELESS * (len(parts) - 1):
        return None
    return Division(parts, _describe(word, kind, parts, (value, over), place, speller))


class _Way(NamedTuple):
    """The likeliest words up to a place of the word, of those that end with the same one."""

    score: float
    parts: list[str]
    last: int  # language-model id


def _likeliest(word: str, place: Place, model: NgramModel) -> list[str]:
    """Divide a word into usual ones as bigrams like it best (Viterbi 1967); empty if it cannot."""
    ways: list[list[_Way]] = [[_Way(0.0, [], place.before)], *([] for _ in word)]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - LONGEST_PART), end):
            part = word[start:end]
            if ways[start] and part != word and _is_usual(part, model):
                ways[end].append(_with(part, int(model.ids([part])[0]), ways[start], model))
    return _with("", place.after, ways[-1], model).parts[:-1] if ways[-1] else []


def _with(part: str, number: int, ways: list[_Way], model: NgramModel) -> _Way:
    """Return the best of the ways with a part more."""
    scores = [way.score for way in ways] + model.bigram([way.last for way in ways], number)
    best = int(scores.argmax())
    return _Way(float(scores[best]), [*ways[best].parts, part], number)


def _is_usual(part: str, model: NgramModel) -> bool:
    if len(part) == 1:
        return part.lower() in WORDS
    return model.log_share(part) > USUAL


def _before_name(word: str) -> Iterator[list[str]]:
    """Yield the function word and the name that a word begins and ends with."""
    at = next((at for at, letter in enumerate(word) if at and letter.isupper()), 0)
    head, tail = word[:at], word[at:]
    if head in BEFORE_NAMES and len(tail) >= SHORTEST_NAME and tail[1:].islower():
        yield [head, tail]


def _describe(  # noqa: PLR0913, PLR0917 - of one division
    word: str,
    kind: int,
    parts: list[str],
    values: tuple[float, float],
    place: Place,
    speller: Speller,
) -> NDArray[np.float32]:
    model, (value, over_whole) = speller.model, values
    shares = model.log_shares(parts)
    near = speller.candidates(word.lower()) if len(word) <= LONGEST_MISSPELT else ()
    rivals = [
        weight - model.log_share(text) + place.log_probability([text], model)
        for text, weight in near
    ]
    ahead = float(np.clip(value - max(rivals), -2 * FARTHEST, FARTHEST)) if rivals else FARTHEST
    about = (
        over_whole,
        ahead,
        bool(rivals),
        shares.min(),
        shares.mean(),
        len(parts),
        len(word),
        any(part.lower() in UNCOMPOUNDED for part in parts),
        bool(kind & CAPITAL),
        bool(kind & SENTENCE_START),
        any(part[0].isupper() for part in parts[1:]),
        any(len(part) == 1 for part in parts),
        min(map(len, parts)),
        model.ids([word])[0] == UNKNOWN,
    )
    return np.array(about, np.float32)
