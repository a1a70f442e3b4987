"""The model card: written by the run, from its own files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora._files import file_sha256
from training.seq2seq._network import RestorerConfig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.seq2seq._config import TrainConfig

CLEAN = "clean"  # the dialect of what is not garbled
NET = "Net: (fixed - broken) / garbled words; no ERR, which counts word errors of the whole text."


def write_card(config: TrainConfig, corpora: Path, out: Path) -> None:
    """Write `out/model/README.md`: data by hash, configuration, curve, figures by dialect."""
    records = [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]
    measured = _measured(records)
    lines = [
        "# A restorer network",
        "",
        "An encoder-decoder that reads garbled news with the dictionary's candidates, and chooses",
        "or writes what each doubtful word stands for. For the `full` mode of `degarble`.",
        "",
        *_origin(config),
        *_data(config, corpora),
        "## Configuration",
        "",
        "```json",
        json.dumps(_settings(config, out / "model"), indent=1),
        "```",
        "",
        *_curve(measured),
        *_figures(records, measured),
    ]
    (out / "model" / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _measured(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the measurements, each step once: a run that was killed measures some steps again."""
    found = {record["step"]: record for record in records if "measured" in record}
    return [found[step] for step in sorted(found)]


def _settings(config: TrainConfig, model: Path) -> dict[str, Any]:
    """Return the configuration, with the sizes that the network has: `initial` may have others."""
    sizes = RestorerConfig.from_pretrained(model)
    told: dict[str, Any] = config.model_dump(mode="json")
    return told | {"network": {name: getattr(sizes, name) for name in told["network"]}}


def _origin(config: TrainConfig) -> Iterator[str]:
    """Name the weights that the run went on from, by hash."""
    weights = Path(config.initial) / "model.safetensors"
    if config.initial and weights.exists():
        line = f"`{config.initial}`, SHA-256 {file_sha256(weights)}"
        yield from ("## Initial weights", "", line, "")


def _data(config: TrainConfig, corpora: Path) -> Iterator[str]:
    yield from ("## Data", "", "| file | SHA-256 |", "|---|---|")
    for pattern in config.data.corpora:
        for path in sorted(corpora.glob(pattern)):
            yield f"| {path.name} | {file_sha256(path)} |"
    if config.data.ngram:
        ngram = Path(config.data.ngram)
        yield f"| {ngram.name}, to read with | {file_sha256(ngram)} |"
    yield ""


def _curve(measured: list[dict[str, Any]]) -> Iterator[str]:
    yield from ("## Curve", "", NET, "", "| words | net | fixed | broken / 1,000 | loss |")
    yield "|---:|---:|---:|---:|---:|"
    for record in measured:
        rates = record["measured"]["all"]
        yield (
            f"| {record['words']:,} | {rates['err']:.3f} | {rates['fixed']:.3f} "
            f"| {rates['broken_per_1000']:.1f} | {rates['loss']:.3f} |"
        )
    yield ""


def _figures(records: list[dict[str, Any]], measured: list[dict[str, Any]]) -> Iterator[str]:
    """Yield a table of the best weights' rates by dialect beside fast mode's."""
    if not measured:
        return
    best = min(measured, key=lambda record: record["measured"]["all"]["loss"])["measured"]
    fast: dict[str, Any] = next((record["fast"] for record in records if "fast" in record), {})
    yield from (
        "## Figures",
        "",
        "Broken: right words changed, of 1,000; in brackets fast mode's.",
        "",
    )
    yield from ("| dialect | net | broken | listed | fixed, listed |", "|---|---:|---:|---:|---:|")
    for name, rates in best.items():
        base = fast.get(name, {})
        net, broken = (_beside(rates, base, key, digits)
                       for key, digits in (("err", 3), ("broken_per_1000", 2)))  # fmt: skip
        garbled = f"{rates['listed']:.3f} | {rates['fixed_listed']:.3f}"
        # Of clean text nothing can be fixed: a share of its garbled words says nothing.
        if name == CLEAN:
            net, garbled = "-", "- | -"
        yield f"| {name} | {net} | {broken} | {garbled} |"


def _beside(rates: dict[str, float], base: dict[str, float], key: str, digits: int) -> str:
    """Format a rate with fast mode's in brackets."""
    other = f" ({base[key]:.{digits}f})" if key in base else ""
    return f"{rates[key]:.{digits}f}{other}"
