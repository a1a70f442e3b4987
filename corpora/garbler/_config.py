"""The garbler's configuration: which share of documents gets which corruption, from TOML."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pydantic import Field, model_validator

from corpora._strict import Strict, checked, read_toml
from corpora.garbler._dialect import PRESETS, Dialect, sample_dialect
from corpora.garbler._noise import DEFAULT_NOISE, NOISES, SCAN, Corruptor, Noise, draw_noises
from corpora.garbler._reserve import Reserved
from restore import InputError

if TYPE_CHECKING:
    import random
    from pathlib import Path

RECIPES = (*PRESETS, "random", "noise", "scan", "clean", "training")


class Plan(NamedTuple):
    """What is done to one document: perhaps a spinner, then noises."""

    recipe: str
    dialect: Dialect | None
    noises: list[Corruptor]


class GarblerConfig(Strict):
    """Mixture of corruptions; unknown fields are refused.

    Attributes:
        clean: share of documents left as they are, 0-1.
        reserved: what is done with keys held out for the benchmark.
        dialects: recipe to weight among documents that are garbled: `A`, `C`, `E`, `random`,
            `noise` (no spinner, noise only), or a name from `define`.
        define: dialects of one's own by name.
        noisy: share of the spun documents that get noise as well, 0-1.
        noise: how often and how strongly each noise strikes a noisy document.
    """

    clean: float = Field(default=1 / 3, ge=0.0, le=1.0)
    reserved: Reserved = Reserved.EXCLUDE
    dialects: dict[str, float] = Field(default={"random": 1.0})
    define: dict[str, Dialect] = Field(default={})
    noisy: float = Field(default=0.0, ge=0.0, le=1.0)
    noise: dict[str, Noise] = Field(default=DEFAULT_NOISE)

    @model_validator(mode="after")
    def _known(self) -> GarblerConfig:
        known = (*PRESETS, "random", "noise", *self.define)
        for name, weight in self.dialects.items():
            if name not in known:
                message = f"unknown dialect {name!r}: known are {', '.join(known)}"
                raise ValueError(message)
            if weight < 0:
                message = f"the weight of dialect {name!r} is negative: {weight}"
                raise ValueError(message)
        for name in self.noise:
            if name not in NOISES:
                message = f"unknown noise {name!r}: known are {', '.join(NOISES)}"
                raise ValueError(message)
        if not sum(self.dialects.values()) and self.clean < 1:
            message = "no dialect has a weight: give one, or set clean = 1"
            raise ValueError(message)
        return self

    @classmethod
    def named(cls, name: str) -> GarblerConfig:
        """The configuration of a recipe: `training` mixes all, others do one thing to every text.

        Raises:
            InputError: no such recipe.
        """
        if name == "training":
            return cls(
                dialects={"random": 7.0, "A": 1.5, "C": 0.7, "E": 0.8, "noise": 2.0}, noisy=0.1
            )
        if name == "clean":
            return cls(clean=1.0)
        if name == "scan":
            return cls(clean=0.0, dialects={"noise": 1.0}, noise=SCAN)
        if name not in RECIPES:
            message = f"no dialect is called {name!r}: known are {', '.join(RECIPES)}"
            raise InputError(message)
        return cls(clean=0.0, dialects={name: 1.0})

    @classmethod
    def read(cls, path: Path) -> GarblerConfig:
        """Read a configuration from a TOML file.

        Raises:
            InputError: the file cannot be read, is not TOML, or says something unknown.
        """
        return checked(cls, read_toml(path, InputError), str(path), InputError)

    def plan(self, rng: random.Random) -> Plan:
        """Decide what is done to one document."""
        if rng.random() < self.clean:
            return Plan("clean", None, [])
        name = rng.choices(list(self.dialects), list(self.dialects.values()))[0]
        if name != "noise" and rng.random() >= self.noisy:
            return Plan(name, self._dialect(name, rng), [])
        dialect = self._dialect(name, rng)
        names, noises = draw_noises(self.noise, rng)
        return Plan("+".join([name, *names]), dialect, noises)

    def _dialect(self, name: str, rng: random.Random) -> Dialect | None:
        if name == "noise":
            return None
        if name == "random":
            return sample_dialect(rng)
        return self.define.get(name) or PRESETS[name]
