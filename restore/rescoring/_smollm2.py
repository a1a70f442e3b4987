"""SmolLM2-135M (Ben Allal et al. 2025): the GGUF file of an installed package; no download."""

from __future__ import annotations

from typing import TYPE_CHECKING

from restore._errors import ModelError
from restore.rescoring._gguf import read_gguf
from restore.rescoring._llama import Llama
from restore.rescoring._model import INSTALL, model_files
from restore.rescoring._reader import TreeReader

if TYPE_CHECKING:
    from pathlib import Path

BEGIN = "<|endoftext|>"  # stands between the texts that the model was trained on


class SmolLM2:
    """The language model; see `restore.rescoring.LanguageModel`.

    Args:
        file: a GGUF file of a model of the same sizes; None takes the installed package's.

    Raises:
        ModelError: there is no such file, or it cannot be read.
    """

    def __init__(self, file: Path | None = None) -> None:
        found = model_files() if file is None else [file]
        if not found:
            message = f"mode best needs SmolLM2's weights, which are not installed: {INSTALL}"
            raise ModelError(message)
        try:
            model = read_gguf(found[0])
            self._tokenizer, self._network = model.tokenizer, Llama(model)
        except ImportError as error:
            message = f"mode best needs {error.name}, which is not installed: {INSTALL}"
            raise ModelError(message) from error
        except (OSError, ValueError, LookupError, OverflowError) as error:
            message = f"{found[0]} cannot be loaded ({' '.join(str(error).split()):.200})"
            raise ModelError(message) from error

    def reader(self) -> TreeReader:
        """Begin a document."""
        return TreeReader(self._tokens, self._network, self._tokenizer.token_to_id(BEGIN) or 0)

    def _tokens(self, text: str) -> list[int]:
        found: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return found
