"""Exports a trained network: 8-bit weights in one safetensors file, three ONNX graphs over it.

The folder is a Hugging Face model directory too: `RestorerModel.from_pretrained` reads it.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch

from corpora._files import file_sha256
from restore import InputError
from restore._container import eight_bits
from restore.lattice._weights import save_ensemble, save_scorers
from restore.seq2seq import _verdict
from restore.seq2seq._closing import CLOSING_NAMES
from restore.seq2seq._network import (
    CLOSING,
    FILES,
    GRAPHS,
    WORDING,
    closing_of,
    read_settings,
    wording_of,
)
from training.seq2seq._network import RestorerModel
from training.seq2seq._onnx import WEIGHTS, decoder_graph, encoder_graph, speller_graph

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from restore.lattice._scorer import Ensemble
    from restore.seq2seq._verdict import Weighers

ENCODER, DECODER, SPELLER = "encoder.onnx", "decoder.onnx", "speller.onnx"
SMALLEST = 64  # layers no wider than this on one side stay in 32 bits: the scorers'
_KINDS = {"I8": 3, "F32": 1}  # safetensors type to ONNX type


class Fitted(NamedTuple):
    """What is fitted on a network's output.

    Attributes:
        closing: the closing round.
        wording: what weighs written words.
    """

    closing: Ensemble | None = None
    wording: Weighers | None = None

    @classmethod
    def of(cls, folder: Path) -> Fitted:
        """Return what an exported model has.

        Raises:
            ModelError: it is no whole model, or its parts were fitted for other features.
        """
        settings = read_settings(folder)
        return cls(closing_of(folder, settings), wording_of(folder, settings))

    def save(self, out: Path) -> dict[str, str]:
        """Write what there is, a file each; return their digests by name."""
        if self.closing is not None:
            save_ensemble(self.closing, out / CLOSING, CLOSING_NAMES)
        if self.wording is not None:
            save_scorers(self.wording._asdict(), out / WORDING, _verdict.SCORERS)
        there = ((self.closing, CLOSING), (self.wording, WORDING))
        return {name: file_sha256(out / name) for part, name in there if part is not None}


NOTHING = Fitted()


def export(folder: Path, out: Path, record: Mapping[str, object], fitted: Fitted = NOTHING) -> None:
    """Write the shipped form of the model in `folder` to `out`.

    Args:
        folder: what training wrote: config.json, model.safetensors, pieces.txt.
        out: folder to write.
        record: joins config.json: thresholds, figures.
        fitted: what was fitted for it, if anything.

    Raises:
        InputError: for a network that was trained without one of its parts, as an experiment.
    """
    from safetensors.numpy import save_file

    model = RestorerModel.from_pretrained(folder).eval()
    _refuse_ablated(folder, model)
    out.mkdir(parents=True, exist_ok=True)
    save_file(quantised(model), out / WEIGHTS)
    places = weight_places(out / WEIGHTS)
    (out / ENCODER).write_bytes(encoder_graph(model, places).SerializeToString())
    (out / DECODER).write_bytes(decoder_graph(model, places).SerializeToString())
    (out / SPELLER).write_bytes(speller_graph(places).SerializeToString())
    for name in ("pieces.txt", "README.md"):  # the card is the run's; a checkpoint may have none
        if (folder / name).exists():
            shutil.copy(folder / name, out / name)
    shipped = {"bits": 8, "graphs": GRAPHS, "_name_or_path": ""}
    config = model.config.to_dict() | dict(record) | shipped
    config["sha256"] = {name: file_sha256(out / name) for name in FILES} | fitted.save(out)
    (out / "config.json").write_text(json.dumps(config, indent=1, sort_keys=True) + "\n")


def _refuse_ablated(folder: Path, model: RestorerModel) -> None:
    config = model.config
    parts = {
        "candidates": config.candidates,
        "document_key": config.document_key,
        "decoder_layers": config.decoder_layers > 0,
    }
    for name, there in parts.items():
        if not there:
            msg = f"{folder} was trained without {name}: it can be measured, not exported"
            raise InputError(msg)


def quantised(model: RestorerModel) -> dict[str, NDArray[Any]]:
    """Return all weights: matrices of layers as (in, out) in 8 bits with a scale for each output.

    Embeddings get a scale for each row; vectors and the scorers stay in 32 bits.
    """
    layers = {n for n, module in model.named_modules() if isinstance(module, torch.nn.Linear)}
    out: dict[str, NDArray[Any]] = {}
    for name, tensor in model.state_dict().items():
        array = tensor.float().numpy()
        matrix = name.endswith(".weight") and name.removesuffix(".weight") in layers
        out[name] = np.ascontiguousarray(array.T if matrix else array)
        axis = 1 if name == "pieces.weight" else 0
        if axis or (matrix and min(array.shape) > SMALLEST):
            out[name], scale = eight_bits(out[name], axis)
            out[f"{name}_scale"] = scale.ravel()
    return out


def weight_places(path: Path) -> dict[str, tuple[int, list[int], int, int]]:
    """Return type, shape, offset in the file and bytes of each tensor of a safetensors file."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
    header.pop("__metadata__", None)
    return {
        name: (
            _KINDS[entry["dtype"]], entry["shape"], 8 + size + entry["data_offsets"][0],
            entry["data_offsets"][1] - entry["data_offsets"][0],
        )
        for name, entry in header.items()
    }  # fmt: skip
