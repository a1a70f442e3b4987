"""An exported model, as what is fitted on its output finds it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from restore.seq2seq import Seq2SeqDecoder


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
