"""A network small enough for tests, and texts of our own for it to read."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "restore" / "cli" / "example"
GARBLED = (EXAMPLE / "garbled.txt").read_text(encoding="utf-8")
SOURCE = (EXAMPLE / "source.txt").read_text(encoding="utf-8")
SPUN = (ROOT / "corpora" / "samples" / "spun_example.txt").read_text(encoding="utf-8")
SIZES = {
    "vocabulary": 600, "hidden": 96, "heads": 4, "inner": 128, "layers": 1, "decoder_layers": 1,
}  # fmt: skip


@lru_cache(maxsize=1)
def lexicon():
    from restore.dictionary import Dictionary
    from restore.lattice import Lexicon, NgramModel

    return Lexicon(Dictionary.load(), NgramModel.load())


def tiny_pieces():
    from training.seq2seq._vocabulary import usual_pieces

    return usual_pieces(lexicon(), SIZES["vocabulary"])


def tiny_model(folder: Path) -> Path:
    """Write an untrained network with lively weights, in the form that training writes."""
    import torch

    from training.seq2seq._checkpoint import keep_best
    from training.seq2seq._network import RestorerConfig, RestorerModel

    torch.manual_seed(7)
    pieces = tiny_pieces()
    model = RestorerModel(RestorerConfig(**SIZES | {"vocabulary": len(pieces)}))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" not in name and parameter.ndim > 1:
                parameter.add_(torch.randn_like(parameter) * 0.1)
    keep_best(model, pieces, folder)
    return folder


def tiny_export(folder: Path) -> Path:
    """Write the same network as it is shipped."""
    from training.seq2seq._export import export

    export(tiny_model(folder / "trained"), folder / "shipped",
           {"min_confidence": 0.5, "misspelt": 0.5, "if_spun": 0.3})  # fmt: skip
    return folder / "shipped"


def tiny_corpus(folder: Path, documents: int = 40) -> Path:
    """Write a Parquet corpus of our own sentences, some of them held out from the n-gram model."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    paragraphs = [p for p in SOURCE.split("\n") if p.strip()]
    rows = [
        {"id": f"own-{n}", "text": "\n".join(paragraphs[n % len(paragraphs) :])}
        for n in range(documents * 40)
    ]
    # One document in a hundred is held out, by a hash of its id: enough of both kinds are needed.
    from training.ngram._encode import is_held_out

    held = [row for row in rows if is_held_out(row["id"])]
    rest = [row for row in rows if not is_held_out(row["id"])]
    table = pa.Table.from_pylist(held + rest[:documents])
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, folder / "own.parquet")
    return folder


def fitted_corpus(folder: Path) -> Path:
    """Write a Parquet corpus with documents to fit on, and none that measures."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from training.fast._examples import part_of
    from training.fast._run import FIT_PART

    names = (f"own-{n}" for n in range(2000))
    rows = [{"id": name, "text": SOURCE} for name in names if part_of(name) < FIT_PART[1]]
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), folder / "own.parquet")
    return folder
