"""The model card: written by the run, from its own files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora._files import file_sha256

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.seq2seq._config import TrainConfig


def write_card(config: TrainConfig, corpora: Path, out: Path) -> None:
    """Write `out/model/README.md`: data by hash, configuration, curve, figures by dialect."""
    records = [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]
    measured = [record for record in records if "measured" in record]
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
        config.model_dump_json(indent=1),
        "```",
        "",
        *_curve(measured),
        *_figures(records, measured),
    ]
    (out / "model" / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


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
    yield from ("## Curve", "", "| words | ERR | fixed | broken / 1,000 | loss |")
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
    yield from ("## Figures", "", "| dialect | ERR | ERR of fast mode | listed | fixed, listed |")
    yield "|---|---:|---:|---:|---:|"
    for name, rates in best.items():
        base = fast.get(name, {}).get("err", float("nan"))
        yield (
            f"| {name} | {rates['err']:.3f} | {base:.3f} | {rates['listed']:.3f} "
            f"| {rates['fixed_listed']:.3f} |"
        )
