"""One word or two, and what stands around: how likely the language model finds them there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from restore.lattice._ngram import SENTENCE_END, SENTENCE_START

if TYPE_CHECKING:
    from collections.abc import Sequence

    from restore._document import Document
    from restore.lattice._ngram import NgramModel


@dataclass(frozen=True, slots=True)
class Place:
    """Tokens from `first` up to, not including, `end`, and what is around.

    Attributes:
        first: number of the first token.
        end: number of the token behind.
        before: language-model id of what comes before.
        after: the same of what comes after.
    """

    first: int
    end: int
    before: int
    after: int

    @classmethod
    def of(
        cls,
        document: Document,
        tokens: tuple[int, int],
        sentence: tuple[int, int],
        model: NgramModel,
    ) -> Place:
        """Describe a place.

        Args:
            document: the text.
            tokens: first and end token of the place.
            sentence: the same of its sentence.
            model: gives ids.
        """
        first, end = tokens
        words = document.tokens
        before = int(model.ids([words[first - 1]])[0]) if first > sentence[0] else SENTENCE_START
        after = int(model.ids([words[end]])[0]) if end < sentence[1] else SENTENCE_END
        return cls(first, end, before, after)

    def log_probability(self, words: Sequence[str], model: NgramModel) -> float:
        """Return the log probability of these words here, and of what follows."""
        ids = np.array([self.before, *model.ids(words), self.after])
        return float(model.bigram(ids[:-1], ids[1:]).sum())
