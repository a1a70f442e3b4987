"""The garbler: corruptors in a row over one document, and the edits that undo them all."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpora.garbler._config import GarblerConfig
from corpora.garbler._lexicon import Lexicon
from corpora.garbler._reserve import Reserved
from corpora.garbler._spin import spin
from restore import Edit, apply_edits, compose_edits, invert_edits

if TYPE_CHECKING:
    from corpora.garbler._dialect import Dialect
    from corpora.garbler._noise import Corruptor


@dataclass(frozen=True, slots=True)
class Garbled:
    """A garbled text and the way back.

    Attributes:
        text: the garbled text.
        edits: edits on `text` that restore the original exactly; `source` is ``garble:`` and the
            relation or noise that made the change.
        recipe: what was done: a preset's name, `random`, `noise` or `clean`, then the noises that
            struck, joined by ``+``.
    """

    text: str
    edits: list[Edit] = field(default_factory=list)
    recipe: str = "clean"


class Garbler:
    """Makes garbled text from clean text, reproducibly.

    The result depends on the seed, the document's id and its text alone: not on the order of
    documents nor on how many processes work.

    Args:
        config: a recipe (`A`, `C`, `E`, `random`, `noise`, `clean`, `training`) or a configuration.
        seed: any integer.
        reserved: overrides the configuration's treatment of held-out keys.
        lexicon: shared between garblers that treat held-out keys alike; loaded when missing.

    >>> garbled = Garbler("A", seed=7).garble("They met in the park.", "doc-1")
    >>> apply_edits(garbled.text, garbled.edits)
    'They met in the park.'
    """

    def __init__(
        self,
        config: GarblerConfig | str = "training",
        seed: int = 0,
        reserved: Reserved | str | None = None,
        lexicon: Lexicon | None = None,
    ) -> None:
        self.config = GarblerConfig.named(config) if isinstance(config, str) else config
        self.seed = seed
        rule = Reserved(reserved) if reserved is not None else self.config.reserved
        self._lexicon = lexicon or Lexicon(reserved=rule)

    def garble(self, text: str, doc_id: str = "") -> Garbled:
        """Garble one document.

        Args:
            text: the document, any length.
            doc_id: what tells it from others; the same id and text give the same result.
        """
        rng = random.Random(f"{self.seed}\t{doc_id}")
        plan = self.config.plan(rng)
        corruptors: list[Corruptor] = []
        if plan.dialect is not None:
            corruptors.append(self._spinner(plan.dialect))
        corruptors += plan.noises
        return _run(text, corruptors, rng, plan.recipe)

    def _spinner(self, dialect: Dialect) -> Corruptor:
        return lambda text, rng: spin(text, self._lexicon, dialect, rng)


def _run(text: str, corruptors: list[Corruptor], rng: random.Random, recipe: str) -> Garbled:
    """Apply corruptors in order; gather the ways back in reverse."""
    undo: list[list[Edit]] = []
    current = text
    for corruptor in corruptors:
        forward = corruptor(current, rng)
        if forward:
            undo.append(invert_edits(forward))
            current = apply_edits(current, forward)
    if len(undo) > 1:
        undo = [compose_edits(current, undo[::-1])]
    return Garbled(current, undo[0] if undo else [], recipe)
