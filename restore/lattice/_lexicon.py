"""The dictionary and the language model joined: candidate originals as language-model ids."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from restore._capitals import capitals
from restore._forms import Forms
from restore._function_words import CLOSED_CLASS, FUNCTION_WORDS
from restore.dictionary import Relation
from restore.lattice._gaps import GapModel
from restore.lattice._topics import TopicModel, load_topics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from restore.dictionary import Dictionary
    from restore.lattice._ngram import NgramModel

# Relations of entries that were listed by somebody, not derived.
_LISTED = frozenset({Relation.USER, Relation.OBSERVED, Relation.CLOSED_CLASS, Relation.PHRASE})

_RELATION_NAMES = {int(relation): str(relation) for relation in Relation}

# Inflections as a reader sees them: a spinner that keeps them gives the original's ending away.
ENDINGS = ("ing", "ed", "ly", "est", "er", "s")


# Upper bounds of classes of words by log relative frequency.
FREQUENCY_CLASSES = (-12.0, -10.5, -9.0, -7.5, -6.0)


def ending(word: str) -> int:
    """Return the number of the ending of `word` in `ENDINGS`, from 1; 0 for none.

    >>> ending("walking"), ending("walk"), ending("press")
    (1, 0, 0)
    """
    for number, suffix in enumerate(ENDINGS, 1):
        if word.endswith(suffix) and len(word) > len(suffix) + 2 and not word.endswith("ss"):
            return number
    return 0


class Lexicon:
    """Look-up tables shared by all documents; read-only after construction.

    Attributes:
        table: the substitution dictionary.
        model: the n-gram language model.
        originals: strings of all readings: the dictionary's originals, then the function words.
        first: language-model id of the first word of each original, shape (originals,).
        last: the same of the last word.
        inner: log-probability of the words after the first, given the word before them.
        ending: number of each original's ending, see `ending`.
        closed_id: language-model id of each closed-class word.
        closed_text: index into `originals` of each closed-class word.
        function_text: the same of all function words, rarer ones too, by the word.
        log_frequency: usual log relative frequency of each language-model id in clean news.
        own: the forms of the user's tables.
        phrases: the forms of two or more words.
        closed_rate: share of each among the running words of clean news.
        is_closed: which language-model ids are closed-class words.
        frequency_class: how frequent the word of each id is, from 0 for rare ones to 5.
    """

    def __init__(self, table: Dictionary, model: NgramModel) -> None:
        self.table = table
        self.model = model
        self.own = Forms.of(_own_forms(table))
        self.phrases = Forms(table.phrase_lengths, self.is_phrase)
        self.vocabulary_size = len(model.unigram)
        self.originals: list[str] = [*table.originals, *FUNCTION_WORDS]
        self.first, self.last, self.inner = _ids_of_originals(self.originals, model)
        self.ending = np.array([ending(text) for text in self.originals], np.int8)
        self.closed_id = model.ids(CLOSED_CLASS)
        self.function_text = {
            word: len(table.originals) + n for n, word in enumerate(FUNCTION_WORDS)
        }
        self.closed_text = np.array([self.function_text[word] for word in CLOSED_CLASS], np.int32)
        self.log_frequency = model.log_frequency
        self.closed_rate = np.exp(self.log_frequency[self.closed_id])
        self.is_closed = np.isin(np.arange(self.vocabulary_size), self.closed_id)
        self.frequency_class = np.digitize(self.log_frequency, FREQUENCY_CLASSES).astype(np.int8)

    @cached_property
    def small(self) -> list[str]:
        """The originals in small letters."""
        return [text.lower() for text in self.originals]

    @cached_property
    def topics(self) -> TopicModel:
        """How well words go with what a text is about."""
        return TopicModel(load_topics(), self.model)

    @cached_property
    def gaps(self) -> GapModel:
        """What function word belongs into a gap."""
        return GapModel.load(self.model)

    def relation_name(self, relation: int) -> str:
        """Return how a dictionary relation is called in an edit's source."""
        return _RELATION_NAMES[relation]

    def is_deterministic(self, forms: Sequence[str]) -> NDArray[np.bool_]:
        """Tell which forms are practically never honest English; False for unknown forms."""
        rows = self.rows(forms)
        return (rows >= 0) & self.table.deterministic[rows]

    def is_rule(self, form: str) -> bool:
        """Is `form` undone whatever its context: a user's own entry, or a phrase nobody writes?"""
        if " " not in form and not self.is_own(form):
            return False
        row = self.table.forms.get(form)
        return row >= 0 and bool(self.table.deterministic[row])

    def is_own(self, form: str) -> bool:
        """Does `form` stand in a user's table?"""
        return bool(self.own.sizes) and self.own.has([form])

    def is_phrase(self, words: Sequence[str]) -> bool:
        """Does the dictionary know these words as a whole, rather than as garbled words in a row?

        A phrase that is merely in WordNet does not count where one of its words is practically
        never honest: "nan river" is a garbled word and a river.
        """
        row = self.table.forms.get(" ".join(words), -1)
        if row < 0:
            return False
        return self._first_relation(row) in _LISTED or not self.is_deterministic(words).any()

    def _first_relation(self, row: int) -> int:
        return int(self.table.relations[self.table.offsets[row]])

    def spelling(self, text: str) -> str:
        """Return an original in lower case as it is written.

        The dictionary's own capitals (``I``, ``U.S.``) come back, unless it also has the word
        without them, or what it is the plural of: of ``Laws`` and ``law`` both plurals are meant.
        """
        return self._capitals.get(text, text)

    @cached_property
    def _capitals(self) -> dict[str, str]:
        every, named = set(self.originals), capitals()
        small = {text: text.lower() for text in self.originals if text != text.lower()}
        return {
            low: text
            for text, low in small.items()
            if low not in every and (low in named or not low.endswith("s") or low[:-1] not in every)
        }

    def rows(self, forms: Sequence[str]) -> NDArray[np.int32]:
        """Return the dictionary's row of each form, -1 where it has none."""
        get = self.table.forms.get
        return np.array([get(form, -1) for form in forms], np.int32)


def _own_forms(table: Dictionary) -> list[str]:
    is_own = table.relations[table.offsets[:-1]] == Relation.USER
    return [table.forms.form(row) for row in np.flatnonzero(is_own).tolist()]


def _ids_of_originals(
    originals: list[str], model: NgramModel
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    first = model.ids([text.split(" ", 1)[0].lower() for text in originals])
    last = model.ids([text.rsplit(" ", 1)[-1].lower() for text in originals])
    inner = np.zeros(len(originals), np.float32)
    for index, text in enumerate(originals):
        if " " in text:
            words = model.ids(text.lower().split(" "))
            inner[index] = float(model.bigram(words[:-1], words[1:]).sum())
    return first.astype(np.int32), last.astype(np.int32), inner
