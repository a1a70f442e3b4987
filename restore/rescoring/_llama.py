"""A Llama-like network (Touvron et al. 2023) on onnxruntime, its weights in 8 bits.

The graphs, one for all layers and one for what follows them, are shipped without weights
(`training.rescoring._graph`); these come from a GGUF file.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from restore._container import DATA
from restore._errors import ModelError
from restore.seq2seq._network import one_thread

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from restore.rescoring._gguf import GgufModel

    Floats = NDArray[np.float32]
    Weights = Mapping[str, NDArray[Any]]

SHIPPED = DATA / "llama"
MOST_PLACES = 8192  # of tokens in a text
EPSILON = 1e-5  # of the norms, in the graph
UNSEEN = np.float32(-1e9)  # added to the score of what is not attended to
AT_ONCE = 64  # states whose scores of all tokens are computed together: bounds memory


class Small(NamedTuple):
    """A matrix in 8 bits.

    Attributes:
        values: -127 to 127, (in, out).
        scale: of each output, (out,).
    """

    values: NDArray[np.int8]
    scale: Floats


class Cache(NamedTuple):
    """Keys and values of the tokens that were read.

    Attributes:
        keys: of each layer, (G, T, S).
        values: the same.
    """

    keys: list[Floats]
    values: list[Floats]

    def first(self, count: int) -> Cache:
        """Return those of the first tokens alone."""
        return Cache([k[:, :count] for k in self.keys], [v[:, :count] for v in self.values])


class Llama:
    """The network; holds no state between calls.

    Args:
        model: the weights.
        folder: of the graphs; the shipped ones if None.

    Raises:
        ModelError: a graph cannot be read.
        ValueError: the graphs are damaged, or made for other sizes than the weights'.
        LookupError: a weight is missing.
    """

    def __init__(self, model: GgufModel, folder: Path | None = None) -> None:
        facts, folder = model.facts, folder or SHIPPED
        if not np.isclose(facts["attention.layer_norm_rms_epsilon"], EPSILON):
            message = f"its norms add another number than {EPSILON}"
            raise ValueError(message)
        self._groups = int(facts["attention.head_count_kv"])
        self._size = int(facts["rope.dimension_count"])
        self._norm = model.weight("output_norm")
        self._tokens = _small(model.weight("token_embd").T)
        graph = _graph(folder / "layer.onnx")
        self._layers = [
            _session(graph, _layer(model, number, self._size)) for number in model.layers
        ]
        self._head = _session(_graph(folder / "head.onnx"), _named("token", self._tokens))
        self._turns = _turns(self._size, facts["rope.freq_base"])

    def nothing(self) -> tuple[Floats, Cache]:
        """Return the states and the cache of no token."""
        empty = np.zeros((self._groups, 0, self._size), np.float32)
        cache = Cache(*([empty] * len(self._layers) for _ in Cache._fields))
        return np.zeros((0, len(self._norm)), np.float32), cache

    def read(
        self,
        tokens: NDArray[np.int64],
        places: NDArray[np.int64],
        seen: NDArray[np.bool_],
        cache: Cache,
    ) -> tuple[Floats, Cache]:
        """Read M more tokens.

        Args:
            tokens: shape (M,).
            places: where each stands in the text, below `MOST_PLACES`, shape (M,).
            seen: what each attends to, of the cache and of themselves, shape (M, T).
            cache: of T - M tokens.

        Returns:
            Normalised states, shape (M, H), and the cache of T tokens.
        """
        x = self._tokens.values[:, tokens].T * self._tokens.scale[tokens, None]
        fed = {"places": places[None], "seen": np.where(seen, np.float32(0), UNSEEN)}
        fed |= self._turns
        out = Cache([], [])
        for layer, keys, values in zip(self._layers, *cache, strict=True):
            x, *both = layer.run(None, {"x": x, "keys": keys, "values": values, **fed})
            for kept, new in zip(out, both, strict=True):
                kept.append(new)
        mean = (x * x).mean(axis=1, keepdims=True, dtype=np.float32)
        return x / np.sqrt(mean + np.float32(EPSILON)) * self._norm, out

    def logs(
        self, states: Floats, rows: NDArray[np.int64], tokens: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return the natural log probability of tokens after states.

        Args:
            states: normalised, shape (M, H).
            rows: index of a state, shape (N,).
            tokens: what comes after it, shape (N,).
        """
        used, where = np.unique(rows, return_inverse=True)
        out = np.empty(len(rows), np.float64)
        for first in range(0, len(used), AT_ONCE):
            mine = np.flatnonzero((where >= first) & (where < first + AT_ONCE))
            asked = np.stack([where[mine] - first, tokens[mine]], 1)
            x = states[used[first : first + AT_ONCE]]
            out[mine] = self._head.run(None, {"x": x, "asked": asked})[0]
        return out


def _layer(model: GgufModel, number: int, size: int) -> Weights:
    """Join a layer's weights as its graph takes them."""

    def weight(name: str) -> Floats:
        return model.weight(f"blk.{number}.{name}")

    query = weight("attn_q") / np.sqrt(np.float32(size))  # the scale of attention's scores
    attend = np.concatenate([query, weight("attn_k"), weight("attn_v")])
    gate = np.concatenate([weight("ffn_gate"), weight("ffn_up")])
    return {
        "attend_norm": weight("attn_norm"),
        "gate_norm": weight("ffn_norm"),
        **_named("attend", _small(attend.T)),
        **_named("out", _small(weight("attn_output").T)),
        **_named("gate", _small(gate.T)),
        **_named("down", _small(weight("ffn_down").T)),
    }


def _named(name: str, small: Small) -> Weights:
    return {name: small.values, f"{name}_scale": small.scale}


def _small(matrix: Floats) -> Small:
    """Turn a matrix into 8 bits, (in, out)."""
    scale = np.maximum(np.abs(matrix).max(axis=0), np.float32(1e-8)) / np.float32(127)
    return Small(np.rint(matrix / scale).astype(np.int8), scale)


def _turns(size: int, base: float) -> dict[str, Floats]:
    """Return cosine and sine of each pair's rotation at each place (Su et al. 2021)."""
    speeds = base ** (-np.arange(0, size, 2) / size)
    angles = np.arange(MOST_PLACES)[:, None] * speeds
    return {"cos": np.cos(angles).astype(np.float32), "sin": np.sin(angles).astype(np.float32)}


def _graph(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror}): install the package again"
        raise ModelError(message) from error


@cache
def _share_memory() -> None:
    """Let all layers take what they compute in from one place: thirty would hold gigabytes."""
    import onnxruntime as ort

    kind = ort.OrtAllocatorType.ORT_ARENA_ALLOCATOR
    place = ort.OrtMemoryInfo("Cpu", kind, 0, ort.OrtMemType.DEFAULT)
    ort.create_and_register_allocator(place, ort.OrtArenaCfg(0, -1, -1, -1))


def _session(graph: bytes, weights: Weights) -> Any:  # noqa: ANN401 - no types
    import onnxruntime as ort

    _share_memory()
    options = one_thread()
    options.add_session_config_entry("session.use_env_allocators", "1")
    values = [ort.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(w)) for w in weights.values()]
    options.add_external_initializers(list(weights), values)
    try:
        return ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own errors share no base class
        message = f"it does not fit the shipped graphs: {str(error).splitlines()[0]:.200}"
        raise ValueError(message) from error
