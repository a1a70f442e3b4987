"""The noises by name, and how much of each a document gets."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from corpora._strict import Strict
from corpora.garbler._noise_layout import (
    join_words,
    lower_case,
    mojibake,
    punctuation,
    split_words,
    upper_case,
)
from corpora.garbler._noise_ocr import hyphenation, ocr, strays
from corpora.garbler._noise_typing import keyboard, phonetic
from corpora.garbler._noise_words import confused
from restore import Edit

if TYPE_CHECKING:
    import random

# In the order in which they strike: the writer's, the editor's, the printer's, the machine's.
NOISES = {
    "phonetic": phonetic,
    "keyboard": keyboard,
    "lower_case": lower_case,
    "upper_case": upper_case,
    "punctuation": punctuation,
    "hyphenation": hyphenation,
    "confused": confused,
    "ocr": ocr,
    "strays": strays,
    "split": split_words,
    "join": join_words,
    "mojibake": mojibake,
}
Corruptor = Callable[[str, "random.Random"], list[Edit]]


class Noise(Strict):
    """How often and how strongly one noise strikes; unknown fields are refused.

    Attributes:
        share: of the noisy documents, 0-1.
        low: least rate, per word, sign or mark as the noise has it, 0-1.
        high: greatest rate; a document's is uniform between the two.
    """

    share: float = Field(default=0.3, ge=0.0, le=1.0)
    low: float = Field(default=0.01, ge=0.0, le=1.0)
    high: float = Field(default=0.05, ge=0.0, le=1.0)

    @model_validator(mode="after")
    def _ordered(self) -> Noise:
        if self.low > self.high:
            message = f"low ({self.low}) exceeds high ({self.high})"
            raise ValueError(message)
        return self


DEFAULT_NOISE = {
    "phonetic": Noise(share=0.3, low=0.01, high=0.1),
    "keyboard": Noise(share=0.35, low=0.01, high=0.12),
    "lower_case": Noise(share=0.08, low=0.2, high=1.0),
    "upper_case": Noise(share=0.04, low=0.01, high=0.3),
    "punctuation": Noise(share=0.2, low=0.02, high=0.3),
    "hyphenation": Noise(share=0.15, low=0.01, high=0.08),
    "ocr": Noise(share=0.3, low=0.005, high=0.08),
    "split": Noise(share=0.2, low=0.005, high=0.05),
    "join": Noise(share=0.2, low=0.005, high=0.05),
    "mojibake": Noise(share=0.2, low=1.0, high=1.0),
}

# Newspapers that were scanned: what a column's neighbours and its worn type leave in it.
SCAN = {
    "hyphenation": Noise(share=0.3, low=0.01, high=0.05),
    "confused": Noise(share=0.6, low=0.003, high=0.03),
    "ocr": Noise(share=1.0, low=0.003, high=0.05),
    "strays": Noise(share=0.7, low=0.003, high=0.05),
    "split": Noise(share=0.3, low=0.005, high=0.03),
    "join": Noise(share=0.3, low=0.005, high=0.03),
}


def draw_noises(noises: dict[str, Noise], rng: random.Random) -> tuple[list[str], list[Corruptor]]:
    """Choose the noises of one document, at least one; return their names and corruptors."""
    names = [name for name in NOISES if name in noises and rng.random() < noises[name].share]
    if not names:
        possible = [name for name in NOISES if name in noises and noises[name].share]
        weights = [noises[name].share for name in possible]
        names = rng.choices(possible, weights) if possible else []
    return names, [_at_rate(name, noises[name], rng) for name in names]


def _at_rate(name: str, noise: Noise, rng: random.Random) -> Corruptor:
    rate = rng.uniform(noise.low, noise.high)
    corrupt = NOISES[name]
    return lambda text, generator: corrupt(text, rate, generator)
