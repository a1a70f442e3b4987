"""What a training run is told: a TOML file, checked; unknown keys are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, field_validator

from corpora._strict import Strict, checked, read_toml
from corpora.garbler import RECIPES
from restore._errors import InputError
from training.fast._examples import SIZES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


def _check_names(given: Iterable[str], known: Sequence[str], what: str) -> None:
    """Refuse names that nothing would ever be drawn by."""
    for name in given:
        if name not in known:
            message = f"no {what} is called {name!r}; there are {', '.join(known)}"
            raise ValueError(message)


class NetworkSettings(Strict):
    """Sizes and parts of the network; see `training.seq2seq._network`."""

    vocabulary: int = Field(default=18000, ge=100)
    hidden: int = 384
    heads: int = 12
    inner: int = 1536
    layers: int = Field(default=4, ge=1)
    decoder_layers: int = Field(default=2, ge=0)
    scorer: int = 64
    chained: bool = Field(default=True, description="a step sees its sentence's earlier steps")
    candidates: bool = Field(default=True, description="false: nothing listed is seen or chosen")
    document_key: bool = Field(default=True, description="false: no feature tells of other places")


class DataSettings(Strict):
    """Where news comes from and how it is garbled."""

    corpora: list[str] = Field(default=["*.parquet"], description="patterns inside the folder")
    shares: dict[str, float] = Field(
        default={"A": 0.16, "C": 0.12, "E": 0.12, "random": 0.5, "noise": 0.06, "training": 0.04},
        description="weights of the garbler's recipes",
    )
    clean: dict[str, float] = Field(
        default={"whole": 0.15, "paragraphs": 0.35, "sentences": 0.6},
        description="share of inputs that stay clean, by their size",
    )
    ngram: str = Field(
        default="",
        description="n-gram model to read with; one that holds out more gives more fresh documents",
    )
    fresh: float = Field(
        default=0.25,
        ge=0,
        le=1,
        description="share of documents that the n-gram model has not read",
    )
    veiled: float = Field(
        default=0.4, ge=0, le=1, description="share of other windows that hide n-gram evidence"
    )
    keyed: float = Field(
        default=0.4, ge=0, le=1, description="share of documents that are told most of their key"
    )
    again: float = Field(
        default=0,
        ge=0,
        le=1,
        description="share of garbled documents that `first` reads, shown as a second reading",
    )
    first: str = Field(default="", description="folder of an exported model; empty: as shipped")
    joined: float = Field(
        default=0,
        ge=0,
        le=1,
        description="share of what `first` believes in what a second reading is shown",
    )
    hidden: bool = Field(
        default=True,
        description="readings that rest on pairs which the garbler holds out are not shown: they"
        " are never right while training, and the network would learn it",
    )
    window: int = Field(default=128, ge=8, le=160)
    units: int = Field(default=2048, ge=64, description="units of a step, padding included")
    pairs: list[str] = Field(default=[], description="JSONL files of source and reference")
    paired: float = Field(default=0.5, ge=0, le=1, description="share of documents from `pairs`")

    @field_validator("shares")
    @classmethod
    def _known_recipes(cls, shares: dict[str, float]) -> dict[str, float]:
        _check_names(shares, RECIPES, "recipe")
        if min(shares.values(), default=0) < 0 or not sum(shares.values()):
            message = "weights are 0 or more, and not all of them 0"
            raise ValueError(message)
        return shares

    @field_validator("clean")
    @classmethod
    def _known_sizes(cls, clean: dict[str, float]) -> dict[str, float]:
        _check_names(clean, tuple(SIZES), "size")
        if not all(0 <= share <= 1 for share in clean.values()):
            message = "shares lie between 0 and 1"
            raise ValueError(message)
        return clean


class Schedule(Strict):
    """How long and how fast."""

    words: int = Field(default=4_000_000, ge=1, description="words of all processes together")
    warmup: int = Field(default=150, ge=0, description="steps")
    rate: float = Field(default=4e-4, gt=0, description="of new parameters")
    pretrained_rate: float = Field(default=2e-4, gt=0)
    weight_decay: float = 0.01
    clip: float = 1.0
    save_every: int = Field(default=200, ge=1, description="steps between checkpoints")
    measure_every: int = Field(default=400, ge=1, description="steps between measurements")
    patience: int = Field(
        default=0, ge=0, description="measurements without gain until it stops; 0: never"
    )
    measured: int = Field(default=80, ge=1, description="documents measured")


class TrainConfig(Strict):
    """One run."""

    seed: int = 1
    pretrained: str = Field(
        default="", description="folder with a BERT checkpoint; empty: from scratch"
    )
    initial: str = Field(default="", description="folder of an earlier run's model to go on from")
    kept_layers: list[int] = Field(
        default=[], description="encoder layers of `initial` to keep, from 0; empty: all"
    )
    network: NetworkSettings = NetworkSettings()
    data: DataSettings = DataSettings()
    schedule: Schedule = Schedule()
    threads: int = Field(default=0, ge=0, description="torch threads, 0: as torch likes")
    precision: Literal["no", "bf16", "fp16"] = Field(
        default="no",
        description="of products: bf16 is several times faster where the processor has it",
    )


def read_config(path: Path) -> TrainConfig:
    """Read a run's TOML file.

    Raises:
        InputError: for what is missing, misspelt or out of range; names the key.
    """
    return checked(TrainConfig, read_toml(path, InputError), str(path), InputError)
