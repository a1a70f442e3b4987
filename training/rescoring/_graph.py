"""Builds the ONNX graphs that best mode's language model is run by: a layer, and what follows all.

They hold no weights: these are handed over when a session is made (`restore.rescoring._llama`). One
graph serves all layers. Products are of 8-bit numbers, each row of activations with a scale of its
own, so that no token's result depends on what else is read with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from restore.rescoring._llama import EPSILON
from training.seq2seq._graph import Graph

if TYPE_CHECKING:
    from pathlib import Path

    Inputs = dict[str, tuple[int, tuple[int | None, ...]]]

FLOAT, INT8, INT64 = 1, 3, 7  # ONNX's numbers for types
NORMS = ("attend_norm", "gate_norm")  # weights of the norms before these matrices
CONTRIB = "com.microsoft"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of a Llama-like network (Touvron et al. 2023), by default SmolLM2-135M's.

    Attributes:
        hidden: of a state.
        heads: of queries.
        groups: heads of keys and values, each for several of queries (Ainslie et al. 2023).
        size: of a head.
        inner: of the gated feed-forward network.
        vocabulary: tokens.
    """

    hidden: int = 576
    heads: int = 9
    groups: int = 3
    size: int = 64
    inner: int = 1536
    vocabulary: int = 49152

    @property
    def layer(self) -> dict[str, tuple[int, int]]:
        """Name and shape of each matrix of a layer, (in, out)."""
        joined = (self.heads + 2 * self.groups) * self.size
        return {
            "attend": (self.hidden, joined),
            "out": (self.heads * self.size, self.hidden),
            "gate": (self.hidden, 2 * self.inner),
            "down": (self.inner, self.hidden),
        }


def write_graphs(folder: Path, sizes: Sizes = Sizes()) -> list[Path]:
    """Write ``layer.onnx`` and ``head.onnx``; returns their paths."""
    from onnx import save

    folder.mkdir(parents=True, exist_ok=True)
    made = {"layer": layer_graph(sizes), "head": head_graph(sizes)}
    for name, model in made.items():
        save(model, folder / f"{name}.onnx")
    return [folder / f"{name}.onnx" for name in made]


def layer_graph(sizes: Sizes) -> Any:
    """Return one layer: M new tokens, T with those that are in the cache.

    Inputs: states ``x`` (M, H), ``places`` of the tokens in the text (1, M), ``seen`` (M, T) to be
    added to the attention's scores, ``cos`` and ``sin`` of all places (P, S / 2), keys and values
    of the tokens before, each (G, T - M, S). Outputs: states, and keys and values of all.
    """
    graph = _graph(sizes.layer, dict.fromkeys(NORMS, sizes.hidden))
    joined = _normal_product(graph, "x", "attend", sizes.hidden)
    parts = (sizes.heads * sizes.size, sizes.groups * sizes.size, sizes.groups * sizes.size)
    query, key, value = graph.outputs("Split", 3, joined, graph.const(parts), axis=1)
    query = _rotated(graph, query, sizes.heads)
    key = _rotated(graph, key, sizes.groups)
    keys = graph.op("Concat", "keys", _by_head(graph, key, sizes.groups, sizes.size), axis=1)
    values = graph.op("Concat", "values", _by_head(graph, value, sizes.groups, sizes.size), axis=1)
    seen = _attended(graph, (query, keys, values), sizes)
    x = graph.op("Add", "x", _product(graph, seen, "out"))
    both = _normal_product(graph, x, "gate", sizes.hidden)
    gate, up = graph.outputs("Split", 2, both, axis=1, num_outputs=2)
    opened = graph.op("Mul", graph.op("QuickGelu", gate, alpha=1.0, domain=CONTRIB), up)  # SiLU
    x = graph.op("Add", x, _product(graph, opened, "down"))
    cache = (sizes.groups, None, sizes.size)
    inputs: Inputs = {
        "x": (FLOAT, (None, sizes.hidden)), "places": (INT64, (1, None)),
        "seen": (FLOAT, (None, None)), "cos": (FLOAT, (None, sizes.size // 2)),
        "sin": (FLOAT, (None, sizes.size // 2)), "keys": (FLOAT, cache), "values": (FLOAT, cache),
    }  # fmt: skip
    return graph.model(inputs, {"y": x, "all_keys": keys, "all_values": values})


def head_graph(sizes: Sizes) -> Any:
    """Return what follows the layers: the log probability of tokens.

    Inputs: normalised states ``x`` (M, H), and pairs ``asked`` of a state's number and a token,
    (N, 2). Output: ``logs`` (N).
    """
    graph = _graph({"token": (sizes.hidden, sizes.vocabulary)})
    # ReduceLogSumExp, which would keep no row of the whole vocabulary, takes ten times as long.
    every = graph.op("LogSoftmax", _product(graph, "x", "token"), axis=1)
    logs = graph.op("GatherND", every, "asked")
    inputs: Inputs = {"x": (FLOAT, (None, sizes.hidden)), "asked": (INT64, (None, 2))}
    return graph.model(inputs, {"logs": logs})


def _graph(matrices: dict[str, tuple[int, int]], vectors: dict[str, int] | None = None) -> Graph:
    weights: dict[str, tuple[int, list[int], int, int]] = {
        name: (FLOAT, [size], 0, 4 * size) for name, size in (vectors or {}).items()
    }
    for name, (rows, columns) in matrices.items():
        weights[name] = INT8, [rows, columns], 0, rows * columns
        weights[f"{name}_scale"] = FLOAT, [columns], 0, 4 * columns
    return Graph(weights, "weights", exact=True)


def _product(graph: Graph, x: str, name: str) -> str:
    """Multiply rows by a matrix of 8-bit numbers."""
    return graph.by_row(x, graph.weight(name), graph.weight(f"{name}_scale"))


def _normal_product(graph: Graph, x: str, name: str, size: int) -> str:
    """Normalise rows by their root mean square (Zhang and Sennrich 2019), and multiply them.

    8-bit numbers with a scale for each row do not mind what a row is divided by: that is done in
    the end. The norm's weights come first: they make outliers small that would take the bits.
    """
    out = _product(graph, graph.op("Mul", x, graph.weight(f"{name}_norm")), name)
    total = graph.op("ReduceSumSquare", x, graph.const([-1]), keepdims=1)
    mean = graph.op("Div", total, graph.const(size, "float32"))
    root = graph.op("Sqrt", graph.op("Add", mean, graph.const(EPSILON, "float32")))
    return graph.op("Div", out, root)


def _rotated(graph: Graph, x: str, heads: int) -> str:
    """Turn each pair of neighbours by its place in the text (Su et al. 2021), (M, heads S)."""
    whole = graph.op("Unsqueeze", x, graph.const([0]))
    turned = graph.op(
        "RotaryEmbedding", whole, "places", "cos", "sin",
        domain=CONTRIB, interleaved=1, num_heads=heads,
    )  # fmt: skip
    return graph.op("Squeeze", turned, graph.const([0]))


def _by_head(graph: Graph, x: str, heads: int, size: int) -> str:
    """Turn (M, heads S) into (heads, M, S)."""
    shaped = graph.op("Reshape", x, graph.const([-1, heads, size]))
    return graph.op("Transpose", shaped, perm=[1, 0, 2])


def _attended(graph: Graph, parts: tuple[str, str, str], sizes: Sizes) -> str:
    """Attend to what each token sees, (M, heads S); the queries' weights have the scores' scale."""
    query, keys, values = parts
    heads = _by_head(graph, query, sizes.heads, sizes.size)
    shared = graph.const([sizes.groups, sizes.heads // sizes.groups, -1, sizes.size])
    heads = graph.op("Reshape", heads, shared)
    turned = graph.op("Unsqueeze", graph.op("Transpose", keys, perm=[0, 2, 1]), graph.const([1]))
    scores = graph.op("Add", graph.op("MatMul", heads, turned), "seen")
    shares = graph.op("Softmax", scores, axis=-1)
    found = graph.op("MatMul", shares, graph.op("Unsqueeze", values, graph.const([1])))
    flat = graph.op("Reshape", found, graph.const([sizes.heads, -1, sizes.size]))
    joined = graph.op("Transpose", flat, perm=[1, 0, 2])
    return graph.op("Reshape", joined, graph.const([-1, sizes.heads * sizes.size]))
