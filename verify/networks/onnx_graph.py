r"""The graph of an ONNX model as a chain of affine maps and ReLUs, and back (see ``interchange``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from verify.errors import NetworkError
from verify.networks.interchange import Step, identity_layer, stored_layer
from verify.networks.network import Layer, Network, exact

Matrix = list[list[float]]


def steps(model: Any) -> Iterator[Step]:
    """The steps in order; every node must be fed by the one before it and by constants."""
    graph = model.graph
    constants = {tensor.name: array(tensor) for tensor in graph.initializer}
    inputs = [value.name for value in graph.input if value.name not in constants]
    if len(inputs) != 1 or len(graph.output) != 1:
        raise NetworkError(
            f"the ONNX graph has {len(inputs)} inputs and {len(graph.output)} outputs; one of each is needed"
        )
    current, width = inputs[0], None
    for node in graph.node:
        if node.op_type == "Constant":
            constants[node.output[0]] = constant(node)
            continue
        fed = [name for name in node.input if name and name not in constants]
        if fed != [current] or len(node.output) != 1:
            raise NetworkError(f"{called(node)} is not fed by the node before it alone; only chains can be read")
        current = node.output[0]
        if node.op_type != "Identity":
            step = read(node, constants, width)
            width = width if step is None else len(step.bias)
            yield step
    if current != graph.output[0].name:
        raise NetworkError(f"the output {graph.output[0].name!r} of the ONNX graph is not that of its last node")


def called(node: Any) -> str:
    return f"the ONNX node {node.name or node.output[0]!r} ({node.op_type})"


def array(tensor: Any) -> Any:
    from onnx import numpy_helper

    return numpy_helper.to_array(tensor)


def constant(node: Any) -> Any:
    values = [attribute for attribute in node.attribute if attribute.name == "value"]
    if len(values) != 1:
        raise NetworkError(f"{called(node)} holds no tensor; only tensors can be read")
    return array(values[0].t)


def read(node: Any, constants: dict[str, Any], width: int | None) -> Step:
    if node.op_type == "Relu":
        return None
    if node.op_type in ("Gemm", "MatMul") and any(constants[n].ndim != 2 for n in node.input[1:2] if n in constants):
        raise NetworkError(f"{called(node)} has weights that are no matrix; only matrices can be read")
    given = {i: matrix(constants[name], node) for i, name in enumerate(node.input) if name in constants}
    variable = next(i for i, name in enumerate(node.input) if name not in constants)
    if node.op_type == "Gemm" and variable == 0 and 1 in given:
        return gemm(node, given[1], given.get(2))
    if node.op_type == "MatMul" and variable == 0:
        return stored_layer(transposed(given[1]), None, called(node))
    if node.op_type == "Add" and width is not None:
        (row,) = vector(given[1 - variable], width, node)
        identity = identity_layer(width)
        return Layer(identity.weights, exact(row))
    raise NetworkError(
        f"{called(node)} cannot be read: only Gemm, MatMul, Add (with constants), Relu and Identity are known"
    )


def gemm(node: Any, weights: Matrix, bias: Matrix | None) -> Layer:
    """alpha x W + beta c"""
    settings = {attribute.name: attribute for attribute in node.attribute}
    alpha, beta = (settings[name].f if name in settings else 1.0 for name in ("alpha", "beta"))
    if "transA" in settings and settings["transA"].i:
        raise NetworkError(f"{called(node)} transposes the batch, which no network does; export it with transA = 0")
    rows = weights if "transB" in settings and settings["transB"].i else transposed(weights)
    constants = None if bias is None else vector(bias, len(rows), node)[0]
    layer = stored_layer(rows, constants, called(node))
    scales = exact([alpha, beta])
    weighted = tuple(tuple(scales[0] * w for w in row) for row in layer.weights)
    return Layer(weighted, tuple(scales[1] * b for b in layer.bias))


def matrix(values: Any, node: Any) -> Matrix:
    """A floating-point tensor with two dimensions at most, as a list of rows of doubles, which hold it exactly."""
    import numpy

    if str(values.dtype) not in ("float64", "float32", "float16", "bfloat16") or values.ndim > 2:
        raise NetworkError(
            f"{called(node)} has a constant of {values.dtype} and shape {values.shape}, not a real matrix"
        )
    made: Matrix = numpy.atleast_2d(values.astype(numpy.float64)).tolist()
    return made


def vector(values: Matrix, width: int, node: Any) -> Matrix:
    """One row of numbers; a single number stands for all of them."""
    if len(values) != 1 or len(values[0]) not in (1, width):
        raise NetworkError(f"{called(node)} adds {len(values)} x {len(values[0])} numbers to {width} values")
    return values if len(values[0]) == width else [values[0] * width]


def transposed(values: Matrix) -> Matrix:
    return [list(column) for column in zip(*values, strict=True)]


def model(network: Network, dtype: str) -> Any:
    """Gemm and Relu in turn."""
    import onnx
    from onnx import helper

    kind = {"float64": "DOUBLE", "float32": "FLOAT", "float16": "FLOAT16", "bfloat16": "BFLOAT16"}[dtype]
    element = getattr(onnx.TensorProto, kind)
    nodes, tensors, current = [], [], "x"
    for position, layer in enumerate(network.layers, 1):
        if position > 1:
            nodes.append(helper.make_node("Relu", [current], [f"h{position - 1}"], name=f"relu{position - 1}"))
            current = f"h{position - 1}"
        shape = (len(layer.bias), len(layer.weights[0]))
        numbers = [float(w) for row in layer.weights for w in row]
        tensors.append(helper.make_tensor(f"W{position}", element, shape, numbers))
        tensors.append(helper.make_tensor(f"b{position}", element, shape[:1], [float(b) for b in layer.bias]))
        output = "y" if position == len(network.layers) else f"z{position}"
        operands = [current, f"W{position}", f"b{position}"]
        nodes.append(helper.make_node("Gemm", operands, [output], name=f"gemm{position}", transB=1))
        current = output
    x = helper.make_tensor_value_info("x", element, ["batch", network.inputs])
    y = helper.make_tensor_value_info("y", element, ["batch", network.outputs])
    graph = helper.make_graph(nodes, "network", [x], [y], initializer=tensors)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(made)
    return made
