"""SmolLM2-135M on torch: the GGUF file of an installed package; nothing is downloaded."""

from __future__ import annotations

from contextlib import redirect_stderr
from io import StringIO
from typing import TYPE_CHECKING, Any

import accelerate  # noqa: F401 - transformers reads the file with these two: missed here, not later
import gguf  # noqa: F401
import torch
import transformers

from restore import ModelError
from restore.rescoring import INSTALL, model_files
from training.rescoring._reader import TreeReader

if TYPE_CHECKING:
    from pathlib import Path


class SmolLM2:
    """The language model, on the processor; see `restore.rescoring.LanguageModel`.

    Args:
        file: a GGUF file of a Llama-like model; None takes the installed package's.

    Raises:
        ModelError: there is no such file, or it cannot be read.
    """

    def __init__(self, file: Path | None = None) -> None:
        found = model_files() if file is None else [file]
        if not found:
            message = f"mode best needs SmolLM2's weights, which are not installed: {INSTALL}"
            raise ModelError(message)
        self._tokenizer, self._network = _load(found[0])

    def reader(self) -> TreeReader:
        """Begin a document."""
        return TreeReader(self._tokens, self._network, self._begin)

    @property
    def _begin(self) -> int:
        """The token between the texts that the model was trained on."""
        return int(self._tokenizer.convert_tokens_to_ids("<|endoftext|>") or 0)

    def _tokens(self, text: str) -> list[int]:
        found: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return found


def _load(file: Path) -> tuple[Any, Any]:
    here: dict[str, Any] = {"local_files_only": True, "gguf_file": file.name}
    try:
        with redirect_stderr(StringIO()):  # progress bars
            tokenizer = transformers.AutoTokenizer.from_pretrained(file.parent, **here)
            network = transformers.AutoModelForCausalLM.from_pretrained(
                file.parent, dtype=torch.float32, attn_implementation="sdpa", **here
            )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        message = f"{file} cannot be loaded ({' '.join(str(error).split()):.200})"
        raise ModelError(message) from error
    return tokenizer, network.eval()
