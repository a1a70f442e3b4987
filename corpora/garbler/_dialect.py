"""A spinner's dialect: what it replaces, by what, and how it treats the form of a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, field_validator

from corpora._strict import Strict
from corpora.garbler._lexicon import RELATIONS
from corpora.garbler._tables import arbitrary_words

if TYPE_CHECKING:
    import random

KINDS = ("common", "rare", *arbitrary_words())


class Dialect(Strict):
    """One spinner, as applied to one document; unknown fields are refused.

    Attributes:
        name: what edits and reports call it.
        relations: relation to its weight; `corpora.garbler.RELATIONS` are known.
        focus: 1 takes all replacements of a relation alike; above, those of frequent senses.
        common: probability that the commoner of two drawn replacements is taken.
        one_pos: only replacements from the part of speech that the word mostly has.
        consistent: one replacement for a word in the whole document, or one for each occurrence.
        varied: how many replacements a word has where it is not consistent.
        occurrences: share of a chosen word's occurrences that are replaced, 0.1-1.
        share: of the document's words to alter, 0-1; what closed-class words do not reach is made
            up by others, as far as they have replacements.
        key: name of the observed closed-class key to follow, `A`, `C`, `E`, or empty.
        observed: probability that a function word follows it where it has an entry.
        closed: probability that another function word is replaced.
        arbitrary: probability that such a replacement is arbitrary although WordNet has one.
        kinds: kinds of arbitrary words with weights: `common`, `rare`, `element`, `place` ...
        capitals: capitalised words are left alone (`skip`), replaced in the same case (`match`)
            or without it (`lower`).
        headlines: words in capitals are replaced too.
        inflected: words with an ending are left alone (`skip`), replaced by a base form (`base`)
            or by one with the same ending (`reinflect`).
        endings: share of the words with an ending that are considered at all, unless skipped.
        several_words: whether a word may become several.
        phrases: whether several words may become one.
        contractions: whether the word before an apostrophe is replaced (`preceptor't`).
        spelt: replacements keep WordNet's capital letters (`Oregon`).
        passes: times that the spinner runs over its own output, 1-3.
        debris: template fragments (`{screen}`) a word.
        stray: probability of a filler in `is a` and the like (`is simply a`).
    """

    name: str = "custom"
    relations: dict[str, float] = Field(default={"synonym": 1.0})
    focus: float = Field(default=1.0, ge=1.0, le=16.0)
    common: float = Field(default=0.0, ge=0.0, le=1.0)
    one_pos: bool = False
    consistent: bool = True
    varied: int = Field(default=3, ge=1, le=8)
    occurrences: float = Field(default=1.0, ge=0.1, le=1.0)
    share: float = Field(default=0.25, ge=0.0, le=1.0)
    key: Literal["", "A", "C", "E"] = ""
    observed: float = Field(default=0.0, ge=0.0, le=1.0)
    closed: float = Field(default=0.0, ge=0.0, le=1.0)
    arbitrary: float = Field(default=0.0, ge=0.0, le=1.0)
    kinds: dict[str, float] = Field(default={"common": 1.0})
    capitals: Literal["skip", "match", "lower"] = "skip"
    headlines: bool = False
    inflected: Literal["skip", "base", "reinflect"] = "skip"
    endings: float = Field(default=1.0, ge=0.0, le=1.0)
    several_words: bool = False
    phrases: bool = False
    contractions: bool = False
    spelt: bool = False
    passes: int = Field(default=1, ge=1, le=3)
    debris: float = Field(default=0.0, ge=0.0, le=0.2)
    stray: float = Field(default=0.0, ge=0.0, le=1.0)

    @field_validator("relations")
    @classmethod
    def _known_relations(cls, value: dict[str, float]) -> dict[str, float]:
        return _weights(value, RELATIONS, "relation")

    @field_validator("kinds")
    @classmethod
    def _known_kinds(cls, value: dict[str, float]) -> dict[str, float]:
        return _weights(value, KINDS, "kind of arbitrary word")


def _weights(value: dict[str, float], known: tuple[str, ...], what: str) -> dict[str, float]:
    for name, weight in value.items():
        if name not in known:
            message = f"unknown {what} {name!r}: known are {', '.join(known)}"
            raise ValueError(message)
        if weight < 0:
            message = f"the weight of {name!r} is negative: {weight}"
            raise ValueError(message)
    return {name: weight for name, weight in value.items() if weight}


_A_RELATIONS = {"synonym": 6.0, "hypernym": 3.5, "similar": 1.5, "derived": 0.6, "two_step": 3.0,
                "sister": 0.8, "moby": 0.8, "pertainym": 0.2, "also": 0.2}  # fmt: skip

PRESETS: dict[str, Dialect] = {
    # News spinner: a fixed key for function words, single words, nothing with a capital letter.
    "A": Dialect(
        name="A", relations=_A_RELATIONS, focus=2.5, common=0.9, share=0.22,
        key="A", observed=1.0, stray=1.0,
    ),
    # Blog spinner: expands words into phrases and varies from one occurrence to the next.
    "C": Dialect(
        name="C", relations={"synonym": 12.0, "hypernym": 0.8, "similar": 0.8, "two_step": 1.0},
        focus=1.5, common=0.7, consistent=False, varied=3, share=0.45, key="C",
        observed=0.8, closed=0.1, capitals="match", inflected="reinflect", endings=0.12,
        several_words=True, contractions=True, spelt=True,
    ),
    # Documentation spinner: random words become a WordNet synonym, in base form.
    "E": Dialect(
        name="E", relations={"synonym": 1.0}, focus=1.0, consistent=False, varied=3,
        occurrences=0.7, share=0.22, key="E", observed=0.4, closed=0.15, capitals="match",
        inflected="base", endings=0.25, several_words=True, phrases=True, contractions=True,
    ),
}  # fmt: skip

# Mean weights from which the relations of a random dialect are drawn.
_BASE = {"synonym": 5.0, "hypernym": 2.5, "similar": 1.5, "hyponym": 0.7, "also": 0.3,
         "derived": 0.7, "pertainym": 0.3, "antonym": 0.05, "sister": 0.5, "two_step": 0.7,
         "moby": 0.7}  # fmt: skip


def sample_dialect(rng: random.Random) -> Dialect:
    """Draw a dialect for one document, wide enough that real spinners lie inside the range.

    The share altered is uniform in 0.15-0.55; half of the dialects follow an observed key in part
    or whole, the other half have a key that no other document has.
    """
    key = rng.choices(("", "A", "C", "E"), (10, 6, 2.5, 1.5))[0]
    return Dialect.model_construct(
        name="random",
        relations=_sample_weights(rng, _BASE, drop=0.25) or {"synonym": 1.0},
        focus=rng.choice((1.0, 1.5, 2.5, 4.0)),
        common=rng.choice((0.0, rng.random())),
        one_pos=rng.random() < 0.25,
        consistent=rng.random() < 0.75,
        varied=rng.randint(2, 4),
        occurrences=1.0 if rng.random() < 0.75 else rng.uniform(0.3, 1.0),
        share=rng.uniform(0.15, 0.55),
        key=key,
        observed=rng.choice((1.0, rng.random())) if key else 0.0,
        closed=rng.choice((0.0, rng.random(), rng.random(), rng.random())),
        arbitrary=rng.choice((0.0, rng.random(), rng.random(), rng.random())),
        kinds=_sample_weights(rng, dict.fromkeys(KINDS, 0.6) | {"common": 4.0, "rare": 3.0}, 0.3)
        or {"common": 1.0},
        capitals=rng.choices(("skip", "match", "lower"), (6, 3, 1))[0],
        headlines=rng.random() < 0.15,
        inflected=rng.choices(("skip", "base", "reinflect"), (3, 3, 4))[0],
        endings=1.0 if rng.random() < 0.6 else rng.random(),
        several_words=rng.random() < 0.35,
        phrases=rng.random() < 0.3,
        contractions=rng.random() < 0.3,
        spelt=rng.random() < 0.4,
        passes=rng.choices((1, 2, 3), (85, 12, 3))[0],
        debris=rng.uniform(0.0005, 0.006) if rng.random() < 0.07 else 0.0,
        stray=rng.random() if rng.random() < 0.4 else 0.0,
    )


def _sample_weights(rng: random.Random, base: dict[str, float], drop: float) -> dict[str, float]:
    """Multiply each weight by an exponential draw; leave some out."""
    drawn = {name: weight * rng.expovariate(1.0) for name, weight in base.items()}
    return {name: weight for name, weight in drawn.items() if rng.random() >= drop}
