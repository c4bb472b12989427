"""Writes the dynamically quantised graph that the Java embedder is tried on: the state of a token
is its row of a table, times a matrix.

    python training/tools/quantized_embedder.py
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

TARGET = (
    Path(__file__).parents[2]
    / "vec2text-onnx/src/test/resources/io/vec2text/onnx/quantized-embedder.onnx"
)
ROWS, WIDTH = 61, 8


def main():
    rng = np.random.default_rng(1)
    # Rows of very different size: which texts share a run decides how finely their numbers are
    # rounded.
    table = rng.normal(size=(ROWS, WIDTH)) * np.geomspace(0.1, 10, ROWS)[:, None]
    arrays = {
        "rows": np.array(ROWS, np.int64),
        "table": table.astype(np.float32),
        "matrix": rng.integers(-127, 128, (WIDTH, WIDTH)).astype(np.int8),
        "matrix_scale": np.array(0.01, np.float32),
    }
    nodes = [
        helper.make_node("Mod", ["input_ids", "rows"], ["row"]),
        helper.make_node("Gather", ["table", "row"], ["x"]),
        helper.make_node(
            "DynamicQuantizeLinear", ["x"], ["x_quantized", "x_scale", "x_zero_point"]
        ),
        helper.make_node(
            "MatMulInteger", ["x_quantized", "matrix", "x_zero_point"], ["y_quantized"]
        ),
        helper.make_node("Cast", ["y_quantized"], ["y"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["x_scale", "matrix_scale"], ["scale"]),
        helper.make_node("Mul", ["y", "scale"], ["last_hidden_state"]),
    ]
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])
    states = helper.make_tensor_value_info(
        "last_hidden_state", TensorProto.FLOAT, ["texts", "tokens", WIDTH]
    )
    initializers = [numpy_helper.from_array(a, n) for n, a in arrays.items()]
    graph = helper.make_graph(nodes, "quantized", [ids], [states], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, str(TARGET))


if __name__ == "__main__":
    main()
