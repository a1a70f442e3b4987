"""The three ONNX graphs of a restorer: what `_network.py` computes, operator by operator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.seq2seq._graph import Graph
from training.seq2seq._loss import IMPOSSIBLE, SOFT_ROWS
from training.seq2seq._network import FAR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.seq2seq._network import RestorerModel

WEIGHTS = "model.safetensors"


def encoder_graph(model: RestorerModel, places: Mapping[str, Any]) -> Any:
    """Return the encoder with the judge; its inputs are those of `RestorerModel.encode`."""
    config = model.config
    g = Graph(places, WEIGHTS)
    x = _embedded(g, config.hidden)
    mask = _attention_mask(g, "mask", [1, 2])
    for number in range(config.layers):
        name = f"encoder.{number}"
        own = _memory(g, x, f"{name}.attention", config)
        attended = _attention(g, x, own, f"{name}.attention", mask, config)
        x = g.norm(g.op("Add", x, attended), f"{name}.attention_norm", 1e-12)
        x = g.norm(g.op("Add", x, _feed(g, x, name)), f"{name}.norm", 1e-12)
    flat = g.gather(g.flat(x, config.hidden), "place")
    query = g.gather(g.flat(g.linear(x, "judge_query"), config.hidden), "place")
    judge = _score(g, "judge", flat, query)
    parts = [
        g.op("Unsqueeze", part, g.const([1]))
        for number in range(config.decoder_layers)
        for part in _memory(g, x, f"decoder.{number}.cross_attention", config)
    ]
    memory = g.op("Concat", *parts, axis=1)
    return g.model(_ENCODER_INPUTS, {"states": x, "memory": memory, "judge": judge})


def decoder_graph(model: RestorerModel, places: Mapping[str, Any]) -> Any:
    """Return the decoder over all steps at once; `allowed` says which steps see which."""
    config = model.config
    g = Graph(places, WEIGHTS, exact=True)
    x = g.op("Add", g.linear("own", "start"), g.linear("previous", "previous", bias=False))
    x = g.op("Add", x, g.gather(g.weight("steps.weight"), "inside"))
    allowed, mask = _attention_mask(g, "allowed", [1]), _attention_mask(g, "mask", [1, 2])
    for number in range(config.decoder_layers):
        name = f"decoder.{number}"
        y = g.norm(x, f"{name}.before_self", 1e-5)
        past = _memory(g, y, f"{name}.self_attention", config)
        x = g.op("Add", x, _attention(g, y, past, f"{name}.self_attention", allowed, config))
        y = g.norm(x, f"{name}.before_cross", 1e-5)
        window = _remembered(g, number)
        x = g.op("Add", x, _attention(g, y, window, f"{name}.cross_attention", mask, config))
        x = g.op("Add", x, _feed(g, g.norm(x, f"{name}.before_feed", 1e-5), name))
    x = g.norm(x, "decoder_norm", 1e-5)
    x = g.norm(g.op("Gelu", g.linear(x, "transform")), "transform_norm", 1e-5)
    queries = g.gather(g.flat(x, config.hidden), "slot_step")
    rows = _score(g, "scorer", queries, queries)
    return g.model(_DECODER_INPUTS, {"queries": x, "rows": rows})


def speller_graph(places: Mapping[str, Any]) -> Any:
    """Return the scores of all pieces; see `RestorerModel.piece_scores`."""
    g = Graph(places, WEIGHTS)
    table = g.op("Transpose", g.weight("pieces.weight"), perm=[1, 0])
    scores = g.by_row("queries", table, g.weight("pieces.weight_scale"))
    logs = g.op("LogSoftmax", g.op("Add", scores, g.weight("bias")), axis=1)
    return g.model({"queries": (_FLOAT, ["K", "H"])}, {"logs": logs})


_INT, _FLOAT, _BOOL = 7, 1, 9
_ROWS = {
    "vectors": (_FLOAT, ["T", "H"]),
    "row_text": (_INT, ["P", "R"]),
    "row_mask": (_BOOL, ["P", "R"]),
    "relation": (_INT, ["P", "R"]),
    "features": (_FLOAT, ["P", "R", "F"]),
}
_ENCODER_INPUTS = {
    **_ROWS,
    "unit_text": (_INT, ["B", "L"]),
    "case": (_INT, ["B", "L"]),
    "kind": (_INT, ["B", "L"]),
    "mask": (_BOOL, ["B", "L"]),
    "place": (_INT, ["P"]),
    "log_fast": (_FLOAT, ["P", "R"]),
}
_DECODER_INPUTS = {
    **_ROWS,
    "memory": (_FLOAT, ["B", "M", "A", "L", "S"]),
    "mask": (_BOOL, ["B", "L"]),
    "own": (_FLOAT, ["B", "D", "H"]),
    "previous": (_FLOAT, ["B", "D", "H"]),
    "inside": (_INT, ["B", "D"]),
    "allowed": (_BOOL, ["B", "D", "D"]),
    "slot_step": (_INT, ["P"]),
}


def _embedded(g: Graph, hidden: int) -> str:
    """Mix each unit's own text with its most probable readings; see `RestorerModel.encode`."""
    own = g.gather("vectors", "unit_text")
    taken, width = g.const([0]), g.const([SOFT_ROWS])
    texts = g.op("Slice", "row_text", taken, width, g.const([1]))
    belief = g.op("Exp", g.op("Slice", "log_fast", taken, width, g.const([1])))
    belief = g.op("Div", belief, g.op("ReduceSum", belief, g.const([1]), keepdims=1))
    unknown = g.op("Slice", belief, g.const([1]), g.const([2]), g.const([1]))
    rest = g.op("Mul", belief, g.const([[1, 0, *[1] * (SOFT_ROWS - 2)]], "float32"))
    mixed = g.op("Mul", g.gather("vectors", texts), g.op("Unsqueeze", rest, g.const([2])))
    mixed = g.op("ReduceSum", mixed, g.const([1]), keepdims=0)
    mixed = g.op("Add", mixed, g.op("Mul", unknown, g.weight("unknown")))
    first = g.op("Slice", belief, taken, g.const([2]), g.const([1]))
    hint = g.linear(first, "belief", bias=False)
    flat_own = g.flat(own, hidden)
    at = g.op("Unsqueeze", "place", g.const([1]))
    soft = g.op("ScatterND", flat_own, at, mixed)
    empty = g.op("Mul", flat_own, g.const(0, "float32"))
    parts = [
        g.op("Reshape", g.linear(soft, "soft", bias=False), g.op("Shape", own)),
        g.linear(own, "own", bias=False),
        g.op("Reshape", g.op("ScatterND", empty, at, hint), g.op("Shape", own)),
        _place_vectors(g),
        g.gather(g.weight("cases.weight"), "case"),
        g.gather(g.weight("kinds.weight"), "kind"),
    ]
    x = parts[0]
    for part in parts[1:]:
        x = g.op("Add", x, part)
    return g.norm(x, "input_norm", 1e-12)


def _place_vectors(g: Graph) -> str:
    length = g.op("Gather", g.op("Shape", "mask"), g.const(1), axis=0)
    end = g.op("Unsqueeze", length, g.const([0]))
    return g.op("Slice", g.weight("places.weight"), g.const([0]), end, g.const([0]))


def _attention_mask(g: Graph, name: str, axes: list[int]) -> str:
    """Return what is added to attention scores: 0 where allowed, far below elsewhere."""
    no = g.op("Cast", g.op("Not", name), to=1)
    return g.op("Unsqueeze", g.op("Mul", no, g.const(FAR, "float32")), g.const(axes))


def _split(g: Graph, x: str, name: str, config: Any) -> str:
    """Apply a layer and deal the result out to the heads: (B, L, H) to (B, A, L, S)."""
    shape = g.const([0, 0, config.heads, config.hidden // config.heads])
    return g.op("Transpose", g.op("Reshape", g.linear(x, name), shape), perm=[0, 2, 1, 3])


def _memory(g: Graph, x: str, name: str, config: Any) -> tuple[str, str]:
    """Return keys and values of what is attended to, each (B, A, L, S)."""
    return _split(g, x, f"{name}.key", config), _split(g, x, f"{name}.value", config)


def _remembered(g: Graph, layer: int) -> tuple[str, str]:
    """Return a decoder layer's keys and values over the window, as the encoder gave them."""
    key, value = (g.op("Gather", "memory", g.const(2 * layer + n), axis=1) for n in (0, 1))
    return key, value


def _attention(g: Graph, x: str, memory: tuple[str, str], name: str, mask: str, config: Any) -> str:
    size = config.hidden // config.heads
    query, (key, value) = _split(g, x, f"{name}.query", config), memory
    scores = g.op("MatMul", query, g.op("Transpose", key, perm=[0, 1, 3, 2]))
    scores = g.op("Mul", scores, g.const(size**-0.5, "float32"))
    mixed = g.op("MatMul", g.op("Softmax", g.op("Add", scores, mask), axis=-1), value)
    joined = g.op("Transpose", mixed, perm=[0, 2, 1, 3])
    return g.linear(g.op("Reshape", joined, g.const([0, 0, -1])), f"{name}.output")


def _feed(g: Graph, x: str, name: str) -> str:
    return g.linear(g.op("Gelu", g.linear(x, f"{name}.up")), f"{name}.down")


def _score(g: Graph, name: str, state: str, query: str) -> str:
    """Return the log probabilities of readings; see `ReadingScorer`."""
    standard = g.op("Mul", g.op("Sub", "features", g.weight("mean")), g.weight("scale"))
    low, high = g.const(-6, "float32"), g.const(6, "float32")
    standard = g.op("Clip", standard, low, high)
    readings = g.gather("vectors", "row_text")
    match = g.op("MatMul", readings, g.op("Unsqueeze", query, g.const([2])))
    hidden = g.linear(standard, f"{name}.features")
    hidden = g.op("Add", hidden, g.gather(g.weight(f"{name}.relation.weight"), "relation"))
    size = g.op("Shape", state)
    width = g.op("Slice", size, g.const([1]), g.const([2]))
    top = g.op("Slice", g.weight(f"{name}.state.weight"), g.const([0]), width, g.const([0]))
    last = g.op("Gather", g.weight(f"{name}.state.weight"), g.const(-1), axis=0)
    about = g.op("Add", g.op("MatMul", state, top), g.weight(f"{name}.state.bias"))
    hidden = g.op("Add", hidden, g.op("Unsqueeze", about, g.const([1])))
    hidden = g.op("Relu", g.op("Add", hidden, g.op("Mul", match, last)))
    hidden = g.op("Relu", g.linear(hidden, f"{name}.middle"))
    scores = g.op("Add", g.linear(hidden, f"{name}.last"), match)
    scores = g.op("Squeeze", scores, g.const([2]))
    scores = g.op("Where", "row_mask", scores, g.const(IMPOSSIBLE, "float32"))
    return g.op("LogSoftmax", scores, axis=1)
