"""Reads a Llama-like model from a GGUF file: its sizes, weights and tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

ARCHITECTURE, TOKENS = "llama", "gpt2"  # what is read: the kind of network, and of its tokens
CONTROL = 3  # type of a token that stands for no text


NUMBERS = (
    "block_count", "embedding_length", "feed_forward_length", "attention.head_count",
    "attention.head_count_kv", "attention.layer_norm_rms_epsilon", "rope.freq_base",
    "rope.dimension_count",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GgufModel:
    """What a file holds.

    Attributes:
        tokenizer: splits text into tokens.
        facts: the numbers of `NUMBERS`, by name.
        tensors: weights by name, turned into numbers when they are asked for.
    """

    tokenizer: Any
    facts: dict[str, float]
    tensors: dict[str, Any]

    @property
    def layers(self) -> range:
        """Numbers of the layers."""
        return range(int(self.facts["block_count"]))

    def weight(self, name: str) -> NDArray[np.float32]:
        """Return a weight; matrices are (out, in).

        Raises:
            LookupError: there is none of this name.
        """
        from gguf import dequantize

        tensor = self.tensors[f"{name}.weight"]
        return np.asarray(dequantize(tensor.data, tensor.tensor_type), np.float32)


def read_gguf(file: Path) -> GgufModel:
    """Read a GGUF file.

    Args:
        file: of a Llama-like model with byte-level tokens, whose embeddings are its output layer.

    Raises:
        ImportError: a library is missing.
        OSError: the file cannot be read.
        ValueError: it is no GGUF file, or holds another kind of model.
        LookupError: it lacks something, or is cut off.
    """
    from gguf import GGUFReader

    reader = GGUFReader(file)
    kind = _fact(reader, "general.architecture"), _fact(reader, "tokenizer.ggml.model")
    if kind != (ARCHITECTURE, TOKENS):
        message = f"it holds a model of kind {kind}, not {(ARCHITECTURE, TOKENS)}"
        raise ValueError(message)
    facts = {name: float(_fact(reader, f"{ARCHITECTURE}.{name}")) for name in NUMBERS}
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    return GgufModel(_tokenizer(reader), facts, tensors)


def _fact(reader: Any, name: str) -> Any:  # noqa: ANN401 - gguf has no types
    return reader.fields[name].contents()


def _tokenizer(reader: Any) -> Any:  # noqa: ANN401 - of tokenizers
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    tokens = _fact(reader, "tokenizer.ggml.tokens")
    types = _fact(reader, "tokenizer.ggml.token_type")
    merges = [tuple(pair.split(" ")) for pair in _fact(reader, "tokenizer.ggml.merges")]
    out = Tokenizer(models.BPE({token: number for number, token in enumerate(tokens)}, merges))
    out.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    out.decoder = decoders.ByteLevel()
    control = [token for token, kind in zip(tokens, types, strict=True) if kind == CONTROL]
    out.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in control])
    return out
