"""Which of the pretrained encoder's pieces stay: those that news and the dictionary need."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from restore.seq2seq._pieces import INSIDE, Pieces

if TYPE_CHECKING:
    from pathlib import Path

    import torch

    from restore.lattice._lexicon import Lexicon
    from training.seq2seq._network import RestorerModel

SPECIAL = ("[END]", "[UNK]")
LISTED_WEIGHT = 2e-8  # what a dictionary original counts beside its frequency in news


def choose_pieces(tokenizer: Path, lexicon: Lexicon, size: int) -> Pieces:
    """Return the `size` pieces that spell most of the news and of the dictionary's originals.

    Args:
        tokenizer: a `tokenizer.json` with a WordPiece model.
        lexicon: gives words and their usual frequencies.
        size: pieces to keep; single characters always stay.
    """
    every = json.loads(tokenizer.read_text())["model"]["vocab"]
    pieces = Pieces([*SPECIAL, *(p for p in every if not p.startswith("["))])
    weight = np.zeros(len(pieces))
    for word, number in lexicon.model.vocabulary.items():
        weight[list(pieces.ids(word))] += np.exp(lexicon.log_frequency[number])
    for text in lexicon.originals:
        weight[list(pieces.ids(text))] += LISTED_WEIGHT
    for number, piece in enumerate(pieces.pieces):
        if number < len(SPECIAL) or (len(piece.removeprefix("##")) == 1 and piece.isascii()):
            weight[number] = np.inf
    kept = np.sort(np.argsort(-weight, kind="stable")[:size])
    return Pieces([pieces.pieces[i] for i in kept.tolist()])


def load_pretrained(model: RestorerModel, folder: Path, pieces: Pieces) -> None:
    """Fill encoder and embeddings from a BERT checkpoint; the decoder borrows its upper layers.

    Args:
        model: to fill; its hidden size must be the checkpoint's.
        folder: holds `model.safetensors` and `tokenizer.json`.
        pieces: the vocabulary that was kept.
    """
    import torch
    from safetensors.torch import load_file

    source = load_file(folder / "model.safetensors")
    index = json.loads((folder / "tokenizer.json").read_text())["model"]["vocab"]
    own = {"[END]": "[PAD]", "[UNK]": "[UNK]"}
    ids = [index[own.get(piece, piece)] for piece in pieces.pieces]
    words = source["embeddings.word_embeddings.weight"]
    with torch.no_grad():
        model.pieces.weight.copy_(words[ids])
        model.pieces.weight[0] = words[index["[SEP]"]]
        model.unknown.copy_(words[index["[MASK]"]])
        places = source["embeddings.position_embeddings.weight"][: len(model.places.weight)]
        model.places.weight.copy_(places + source["embeddings.token_type_embeddings.weight"][0])
        _copy(model.input_norm, source, "embeddings.LayerNorm")
        for number, layer in enumerate(model.encoder):
            _copy_layer(layer, source, f"encoder.layer.{number}")


def _copy_layer(layer: torch.nn.Module, source: dict[str, torch.Tensor], name: str) -> None:
    for part in ("query", "key", "value"):
        _copy(getattr(layer.attention, part), source, f"{name}.attention.self.{part}")
    _copy(layer.attention.output, source, f"{name}.attention.output.dense")
    _copy(layer.attention_norm, source, f"{name}.attention.output.LayerNorm")
    _copy(layer.up, source, f"{name}.intermediate.dense")
    _copy(layer.down, source, f"{name}.output.dense")
    _copy(layer.norm, source, f"{name}.output.LayerNorm")


def _copy(module: torch.nn.Module, source: dict[str, torch.Tensor], name: str) -> None:
    module.weight.copy_(source[f"{name}.weight"])
    module.bias.copy_(source[f"{name}.bias"])


def usual_pieces(lexicon: Lexicon, size: int) -> Pieces:
    """Return a vocabulary for an encoder from scratch: characters, and the most usual words."""
    characters = "abcdefghijklmnopqrstuvwxyz0123456789.,;:!?'\"()-$%&/"
    single = [*characters, *(INSIDE + c for c in characters)]
    model = lexicon.model.vocabulary
    usual = sorted(model, key=lambda word: -lexicon.log_frequency[model[word]])
    words = [w for w in usual if len(w) > 1 and w.isalpha() and w.islower()]
    return Pieces([*SPECIAL, *single, *words][:size])
