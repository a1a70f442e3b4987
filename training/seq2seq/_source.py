"""An exported model as what is fitted on its output finds it, and the texts to fit it on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from restore.seq2seq import Seq2SeqDecoder

GARBLED = 3  # times that each document of the closing round is garbled, unless said otherwise


@dataclass(frozen=True)
class Source:
    """A model folder, and the language model that is used with it.

    Attributes:
        folder: the model.
        ngram: language model, the shipped one if None.
    """

    folder: Path
    ngram: Path | None = None

    @cached_property
    def decoder(self) -> Seq2SeqDecoder:
        """Runs it; loaded when it is first asked for."""
        return decoder_of(self.folder, self.ngram)

    def __reduce__(self) -> tuple[type[Source], tuple[Path, Path | None]]:
        """Travel to workers without the decoder: each loads its own."""
        return Source, (self.folder, self.ngram)


@dataclass(frozen=True, slots=True)
class Texts:
    """What the last parts of a model are fitted on.

    Attributes:
        closing: documents that fit the closing round, as many for each language model; 0: there
            will be none.
        words: documents that fit what weighs written words; 0: there will be nothing that does.
        garblings: of each document of the closing round, by other spinners.
        ngrams: language models that have read less than the shipped one, so that there are more
            documents; they may have left out different ones. Without any, the shipped one.
        workers: processes that read what the closing round is fitted on; the fit is the same.
    """

    closing: int
    words: int
    garblings: int = GARBLED
    ngrams: Sequence[Path] = ()
    workers: int = 1

    def sources(self, folder: Path) -> list[Source]:
        """Return a model folder with each of the language models."""
        return [Source(folder, ngram) for ngram in self.ngrams or (None,)]


def decoder_of(folder: Path, ngram: Path | None = None) -> Seq2SeqDecoder:
    """Load a model folder, without keeping it: the next one may have the same name.

    Args:
        folder: the model.
        ngram: language model, the shipped one if None.
    """
    from restore.lattice import load_weights
    from restore.seq2seq import OnnxNetwork, Seq2SeqDecoder
    from training.seq2seq._run import load_lexicon

    return Seq2SeqDecoder(load_lexicon(ngram), load_weights(), OnnxNetwork(folder))
