"""Builds ONNX graphs by hand, so that weights keep their names and stay in one file.

Weights are external data that point into ``model.safetensors``: the torch model and both graphs
read the same bytes. Products are of 8-bit numbers where a weight is one (dynamic quantisation of
activations, symmetric weights with a scale for each output).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OPSET = 20


class Graph:
    """One graph in the making.

    Args:
        weights: what each weight is: (ONNX type, shape, offset in the file, bytes).
        file: the weights' file name.
        exact: scale each row by itself: results then do not depend on what else is in the batch.
    """

    def __init__(
        self,
        weights: Mapping[str, tuple[int, list[int], int, int]],
        file: str,
        *,
        exact: bool = False,
    ) -> None:
        self.weights, self.file, self.exact = weights, file, exact
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}
        self.used: list[str] = []
        self.small: dict[str, tuple[str, str]] = {}  # what has been turned into 8 bits already

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Add a node with one output; returns the output's name."""
        from onnx import helper

        name = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def outputs(self, kind: str, count: int, *inputs: str, **attributes: Any) -> list[str]:
        """Add a node with several outputs."""
        from onnx import helper

        names = [f"{kind}_{len(self.nodes)}_{i}" for i in range(count)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=names[0], **attributes))
        return names

    def weight(self, name: str) -> str:
        """Use a weight of the file."""
        if name not in self.weights:
            raise KeyError(name)
        if name not in self.used:
            self.used.append(name)
        return name

    def const(self, value: object, kind: str = "int64") -> str:
        """Use a small constant."""
        import numpy as np
        from onnx import numpy_helper

        array = np.array(value, kind)
        name = f"c_{kind}_{array.tolist()}".replace(" ", "")
        self.constants.setdefault(name, numpy_helper.from_array(array, name))
        return name

    def linear(self, x: str, name: str, *, bias: bool = True) -> str:
        """Apply a layer: ``x W + b``; W is stored as (in, out)."""
        weight = self.weight(f"{name}.weight")
        eight_bits = f"{name}.weight_scale" in self.weights
        if eight_bits and self.exact:
            out = self.by_row(x, weight, self.weight(f"{name}.weight_scale"))
        elif eight_bits:
            small, scale, zero = self.outputs("DynamicQuantizeLinear", 3, x)
            none = self.const(0, "int8")
            product = self.op("MatMulInteger", small, weight, zero, none)
            scales = self.op("Mul", scale, self.weight(f"{name}.weight_scale"))
            out = self.op("Mul", self.op("Cast", product, to=1), scales)
        else:
            out = self.op("MatMul", x, weight)
        return self.op("Add", out, self.weight(f"{name}.bias")) if bias else out

    def by_row(self, x: str, weight: str, scales: str) -> str:
        """Multiply in 8 bits with a scale for each row of `x`: no row depends on the others."""
        if x not in self.small:
            self.small[x] = self._eight_bits(x)
        small, scale = self.small[x]
        zeros = self.const(128, "uint8"), self.const(0, "int8")
        product = self.op("MatMulInteger", small, weight, *zeros)
        return self.op("Mul", self.op("Mul", self.op("Cast", product, to=1), scale), scales)

    def _eight_bits(self, x: str) -> tuple[str, str]:
        """Return `x` as numbers from 1 to 255, 128 being zero, and the scale of each row."""
        top = self.op("ReduceMax", self.op("Abs", x), self.const([-1]), keepdims=1)
        top = self.op("Max", top, self.const(1e-8, "float32"))
        scale = self.op("Div", top, self.const(127, "float32"))
        whole = self.op("Round", self.op("Div", x, scale))
        small = self.op("Cast", self.op("Add", whole, self.const(128, "float32")), to=2)
        return small, scale

    def norm(self, x: str, name: str, epsilon: float) -> str:
        """Apply layer normalisation."""
        return self.op(
            "LayerNormalization", x, self.weight(f"{name}.weight"), self.weight(f"{name}.bias"),
            axis=-1, epsilon=epsilon,
        )  # fmt: skip

    def gather(self, table: str, index: str) -> str:
        """Look rows up."""
        return self.op("Gather", table, index, axis=0)

    def flat(self, x: str, width: int) -> str:
        """Reshape (B, L, H) to (B L, H)."""
        return self.op("Reshape", x, self.const([-1, width]))

    def model(
        self, inputs: Mapping[str, tuple[int, Sequence[Any]]], outputs: Mapping[str, str]
    ) -> Any:
        """Return the finished model.

        Args:
            inputs: ONNX type and shape of each, by name; a size is a number, a name, or None.
            outputs: public names of what there is.
        """
        from onnx import helper

        given = [
            helper.make_tensor_value_info(name, kind, shape)
            for name, (kind, shape) in inputs.items()
        ]
        renamed = [
            helper.make_node("Identity", [value], [name], name=f"out_{name}")
            for name, value in outputs.items()
        ]
        values = [helper.make_tensor_value_info(name, 1, None) for name in outputs]
        kept = [*self.constants.values(), *map(self._external, self.used)]
        graph = helper.make_graph([*self.nodes, *renamed], "degarble", given, values, kept)
        opsets = [helper.make_opsetid("", OPSET)]
        opsets += [helper.make_opsetid(name, 1) for name in {n.domain for n in self.nodes} - {""}]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10)

    def _external(self, name: str) -> Any:
        from onnx import TensorProto

        kind, shape, offset, length = self.weights[name]
        tensor = TensorProto(name=name, data_type=kind, dims=shape)
        tensor.data_location = TensorProto.EXTERNAL
        place = {"location": self.file, "offset": str(offset), "length": str(length)}
        for key, value in place.items():
            tensor.external_data.add(key=key, value=value)
        return tensor
