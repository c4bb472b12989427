"""A checkpoint to a model package: ONNX graphs, shared weights, manifest.

Every graph is checked against PyTorch when it is made. Matrices are stored as int8 with a scale a
row (``int8``), as float16 (``fp16``) or as they are (``fp32``), once for all graphs in
``weights.bin``; the runtime computes in float32.
"""

import argparse
import hashlib
import json
import logging
import math
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from .command import set_command
from .embedder import EmbedderSource, dynamically_quantized, interface
from .graphs import graphs
from .model import LENGTH_CLASSES, InversionModel, ModelConfig
from .states import package_of

# A module, example inputs by name, output names, and dynamic axes.
Spec = tuple[nn.Module, dict[str, Tensor], list[str], dict[str, dict[int, str]]]

OPSET = 17
WEIGHTS = "weights.bin"
IMPOSSIBLE = 1e6  # from here on a number says that a word or slot is out of the question
SHORTLISTED = {"word_columns", "word_bias", "word_scores", "word_difference"}

log = logging.getLogger(__name__)


def to_onnx(name: str, spec: Spec, directory: Path) -> Path:
    module, inputs, outputs, axes = spec
    path = directory / f"{name}.onnx"
    axes = {k: v for k, v in axes.items() if k in inputs or k in outputs}
    # The caches are variadic arguments of the modules, so everything is passed by position.
    torch.onnx.export(
        module,
        tuple(inputs.values()),
        str(path),
        input_names=list(inputs),
        output_names=outputs,
        dynamic_axes=axes,
        opset_version=OPSET,
        dynamo=False,
    )
    return path


# ----------------------------------------------------------------------------------------- storage


class Storage:
    """Moves the weights of several graphs into one file, each distinct one once."""

    def __init__(self, directory: Path, dtype: str, name: str = WEIGHTS) -> None:
        self.directory, self.dtype, self.name = directory, dtype, name
        self.file = open(directory / name, "wb")
        self.offsets: dict[str, int] = {}
        self.size = 0

    def external(self, name: str, array: np.ndarray) -> TensorProto:
        data = np.ascontiguousarray(array).tobytes()
        key = hashlib.sha256(data + str(array.dtype).encode()).hexdigest()
        if key not in self.offsets:
            padding = -self.size % 64
            self.file.write(b"\0" * padding + data)
            self.offsets[key] = self.size + padding
            self.size += padding + len(data)
        tensor = TensorProto(
            name=name, data_type=helper.np_dtype_to_tensor_dtype(array.dtype), dims=array.shape
        )
        tensor.data_location = TensorProto.EXTERNAL
        for k, v in (("location", self.name), ("offset", self.offsets[key]), ("length", len(data))):
            tensor.external_data.add(key=k, value=str(v))
        return tensor

    def compress(self, path: Path) -> None:
        model = onnx.load(str(path))
        graph = model.graph
        kept, nodes = [], []
        for i in graph.initializer:
            a = numpy_helper.to_array(i)
            if a.size < 1024 or a.dtype not in (np.float32, np.float16, np.int8, np.uint8):
                kept.append(i)
            elif a.dtype != np.float32:
                kept.append(self.external(i.name, a))
            elif self.dtype == "int8" and a.ndim == 2:
                # A scale a row of the widest side keeps Gather's rows and MatMul's columns exact to
                # 1/254.
                axis = 1 if a.shape[0] >= a.shape[1] else 0
                scale = (
                    np.maximum(np.abs(a).max(axis, keepdims=True), 1e-8).astype(np.float32) / 127
                )
                q = np.rint(a / scale).astype(np.int8)
                kept += [self.external(i.name + ".q", q), self.external(i.name + ".s", scale)]
                nodes += [
                    helper.make_node(
                        "Cast", [i.name + ".q"], [i.name + ".f"], to=TensorProto.FLOAT
                    ),
                    helper.make_node("Mul", [i.name + ".f", i.name + ".s"], [i.name]),
                ]
            elif self.dtype in ("fp16", "int8"):
                kept.append(self.external(i.name + ".h", a.astype(np.float16)))
                nodes.append(
                    helper.make_node("Cast", [i.name + ".h"], [i.name], to=TensorProto.FLOAT)
                )
            else:
                kept.append(self.external(i.name, a))
        del graph.initializer[:]
        graph.initializer.extend(kept)
        body = list(graph.node)
        del graph.node[:]
        graph.node.extend(nodes + body)
        gather_bytes(graph)
        onnx.save(model, str(path))


def gather_bytes(graph: onnx.GraphProto) -> None:
    """Has rows that are looked up looked up as bytes and scaled then, to the same numbers.

    Scaled first, the runtime would keep the whole table in float32, four times the size and once
    a graph.
    """
    initializers = {i.name: i for i in graph.initializer}
    by_output = {o: n for n in graph.node for o in n.output}
    for name in [n[:-2] for n in initializers if n.endswith(".q") and n[:-2] in by_output]:
        q, s = name + ".q", name + ".s"
        users = [n for n in graph.node if name in n.input]
        if initializers[s].dims[1] != 1 or not all(_gathers_rows(n, name) for n in users):
            continue
        nodes: list[onnx.NodeProto] = []
        for n in graph.node:
            if n in users:
                o = n.output[0]
                nodes += [
                    helper.make_node("Gather", [q, n.input[1]], [o + ".q"]),
                    helper.make_node("Cast", [o + ".q"], [o + ".f"], to=TensorProto.FLOAT),
                    helper.make_node("Gather", [s, n.input[1]], [o + ".s"]),
                    helper.make_node("Mul", [o + ".f", o + ".s"], [o]),
                ]
            elif n not in (by_output[name], by_output[name + ".f"]):
                nodes.append(n)
        del graph.node[:]
        graph.node.extend(nodes)


def _gathers_rows(node: onnx.NodeProto, table: str) -> bool:
    axis = next((a.i for a in node.attribute if a.name == "axis"), 0)
    return node.op_type == "Gather" and node.input[0] == table and axis == 0


def locate(model: nn.Module, paths: dict[str, Path]) -> dict[str, list[list[Any]]]:
    """{parameter: parts}: where the exported graphs hold each parameter.

    A part is [graph, initialiser, whether transposed]. Most parameters are one; constant folding
    cuts some into consecutive rows.
    """
    found: dict[Any, tuple[str, str]] = {}
    for graph, path in paths.items():
        for i in onnx.load(str(path)).graph.initializer:
            found.setdefault(_key(numpy_helper.to_array(i)), (graph, i.name))
    out = {}
    for name, p in model.state_dict().items():
        a = p.numpy()
        if _key(a) in found:
            out[name] = [[*found[_key(a)], False]]
        elif a.ndim == 2 and _key(a.T) in found:
            out[name] = [[*found[_key(a.T)], True]]
        elif a.ndim == 2:
            parts, start = [], 0
            while start < len(a):
                ends = [e for e in range(len(a), start, -1) if _key(a[start:e]) in found]
                rows = a[start : ends[0]] if ends else a[start]
                if _key(rows) not in found:
                    raise ValueError(f"row {start} of parameter {name} is in no graph")
                parts.append([*found[_key(rows)], False])
                start = ends[0] if ends else start + 1
            out[name] = parts
    return out


def _key(a: np.ndarray) -> tuple[tuple[int, ...], str]:
    return a.shape, hashlib.sha256(np.ascontiguousarray(a).tobytes()).hexdigest()


def restored(package: Path) -> InversionModel:
    """The model of a package directory, with its weights as they are stored."""
    manifest = json.loads((package / "manifest.json").read_text())
    training = manifest["training"]
    initializers = {
        g: {i.name: i for i in onnx.load(str(package / f"{g}.onnx")).graph.initializer}
        for g in manifest["graphs"]
    }

    def read(graph: str, name: str) -> np.ndarray:
        by_name = initializers[graph]
        if name + ".q" in by_name:
            q, scale = (
                numpy_helper.to_array(by_name[name + k], str(package)) for k in (".q", ".s")
            )
            return q.astype(np.float32) * scale
        tensor = by_name.get(name + ".h") or by_name[name]
        return numpy_helper.to_array(tensor, str(package)).astype(np.float32)

    model = InversionModel(ModelConfig(**training["config"]))
    state = model.state_dict()
    missing = set(state) - set(training["parameters"])
    if missing:
        raise SystemExit(f"{package}: no weights for {sorted(missing)}")
    for name, parts in training["parameters"].items():
        arrays = [read(g, i).T if transposed else read(g, i) for g, i, transposed in parts]
        a = arrays[0] if len(arrays) == 1 else np.concatenate([np.atleast_2d(x) for x in arrays])
        state[name] = torch.from_numpy(a.copy()).reshape(state[name].shape)
    model.load_state_dict(state)
    return model


@dataclass(frozen=True, kw_only=True)
class RestoreOptions:
    """A package, and the checkpoint to make of it."""

    package: Path
    checkpoint: Path


def restore(options: RestoreOptions) -> None:
    """A package back to a checkpoint from which training goes on, with a fresh optimizer."""
    package = options.package
    training = json.loads((package / "manifest.json").read_text())["training"]
    state = restored(package).state_dict()
    options.checkpoint.parent.mkdir(parents=True, exist_ok=True)
    torch.save(
        dict(
            model=state,
            config=training["config"],
            step=training["steps"],
            seen=training["texts"],
            minutes=training["minutes"],
        ),
        options.checkpoint,
    )


def check(path: Path, spec: Spec, tolerance: float) -> float:
    """Largest difference of the graph's outputs from PyTorch's, on the inputs of ``spec``; ids are
    not compared.

    In shares of the output's own largest number, if that is above 1: rounding grows with what is
    rounded. The sizes should differ from those of the export, or one that was frozen would go
    unnoticed.
    """
    module, inputs, outputs, _ = spec
    # Equally good words may be listed in another order: what follows that order is checked by way
    # of step.
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    known = {i.name for i in session.get_inputs()}
    found = session.run(outputs, {k: v.numpy() for k, v in inputs.items() if k in known})
    with torch.no_grad():
        expected = module(*inputs.values())
    expected = (expected,) if isinstance(expected, torch.Tensor) else expected
    worst = 0.0
    for name, a, b in zip(outputs, found, expected, strict=True):
        b = b.numpy()
        if a.shape != b.shape:
            raise ValueError(f"{path.name}: output {name} has shape {a.shape}, PyTorch {b.shape}")
        if b.dtype.kind == "f" and name not in SHORTLISTED:
            a, b = a.astype(np.float64), b.astype(np.float64)
            size = np.abs(b[np.abs(b) < IMPOSSIBLE]).max(initial=1.0)
            worst = max(worst, np.abs(a - b).max() / size)
    if not worst <= tolerance:
        raise ValueError(f"{path.name}: differs from PyTorch by {worst:.3g}, allowed {tolerance:g}")
    return worst


def write_graphs(
    specs: dict[str, Spec],
    others: dict[str, Spec],
    dtype: str,
    output: Path,
    model: nn.Module | None = None,
) -> tuple[dict[str, dict[str, float]], dict[str, list[list[Any]]]]:
    """Exports and checks graphs, and stores their weights in one file of a package.

    ``others`` are ``specs`` in other sizes. Returns how far each graph is from PyTorch, as exported
    and as stored, and where the parameters of ``model`` are stored.
    """
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        storage, reports = Storage(work, dtype), {}
        paths = {name: to_onnx(name, spec, work) for name, spec in specs.items()}
        parameters = {} if model is None else locate(model, paths)
        for name, path in paths.items():
            exact = check(path, others[name], 2e-3)
            storage.compress(path)
            storage.file.flush()
            stored = check(path, others[name], math.inf)
            reports[name] = {"fp32": exact, dtype: stored}
            log.info(
                "%s: differs from PyTorch by %.2g as exported, %.2g as %s",
                name,
                exact,
                stored,
                dtype,
            )
        storage.file.close()
        for f in work.iterdir():
            shutil.copy(f, output / f.name)
    return reports, parameters


@dataclass(frozen=True, kw_only=True)
class PackageOptions(EmbedderSource):
    """What a package is to be, and the embedder it belongs to.

    bundle: whether it holds the embedder's files too; corpora: what it was trained on, by name.
    """

    tokenizer: Path
    bundle: bool
    name: str | None
    dtype: str
    corpora: Sequence[str]
    output: Path


def write_manifest(
    options: PackageOptions,
    names: Sequence[str],
    dimension: int,
    training: dict[str, Any],
    **own: Any,
) -> None:
    """The manifest of a package that holds the graphs ``names`` and their weights; ``own`` is what
    its models say of themselves.
    """
    space, output = options.config(), options.output
    files: dict[str, dict[str, Any]] = {
        f: entry(output / f) for f in (*(f"{n}.onnx" for n in names), WEIGHTS)
    }
    prompts = package_of(options.onnx) is not None
    for f in [options.tokenizer] if prompts else [options.onnx, options.tokenizer]:
        if options.bundle:
            shutil.copy(f, output)
        files[f.name] = dict(
            sha256=digest(f),
            bytes=f.stat().st_size,
            source="package" if options.bundle else "classpath",
        )
    if prompts:  # the embedder is brought by the user, and has tokens of its own
        own["text"] = dict(tokenizer=options.tokenizer.name, skipped=[], cleanUpSpaces=False)
    else:
        embedder = onnx.load(options.onnx).graph
        inputs, states = interface(embedder)
        own["embedder"] = dict(
            graph=options.onnx.name,
            tokenizer=options.tokenizer.name,
            inputs=inputs,
            output=states,
            dynamicallyQuantized=dynamically_quantized(embedder),
        )
    manifest = dict(
        format=1,
        name=options.name or space.model_id.split("/")[-1],
        space=dict(
            modelId=space.model_id,
            variant=space.variant,
            dimension=dimension,
            pooling=space.pooling,
            normalized=space.normalized,
            prefix=space.prefix,
            tokenLimit=space.token_limit,
        ),
        files=files,
        graphs={n: describe(output / f"{n}.onnx") for n in names},
        **own,
        training=training | dict(exported=time.strftime("%Y-%m-%d")),
        licence="Apache-2.0",
    )
    (output / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf8")
    total = sum(f["bytes"] for f in files.values() if f["source"] == "package")
    print(f"{output}: {total / 1e6:.1f} MB")


@dataclass(frozen=True, kw_only=True)
class ExportOptions(PackageOptions):
    """A checkpoint to export."""

    checkpoint: Path


def export(options: ExportOptions) -> None:
    state = torch.load(options.checkpoint, map_location="cpu", weights_only=True)
    config = ModelConfig(**state["config"])
    model = InversionModel(config)
    model.load_state_dict(state.get("average") or state["model"])
    model.eval()
    specs, others, output = graphs(model), graphs(model, i=4, r=2, t=5, length=6), options.output
    reports, parameters = write_graphs(specs, others, options.dtype, output, model)
    write_manifest(
        options,
        list(specs),
        config.components,
        tokens=dict(
            cls=config.cls,
            sep=config.sep,
            pad=0,
            firstWord=config.first_word,
            vocabulary=config.vocabulary,
        ),
        range=dict(minTokens=4, maxTokens=32, maxDecode=config.max_tokens),
        lengthClasses=LENGTH_CLASSES,
        decoder=dict(
            layers=config.decoder_layers, heads=config.heads, headWidth=config.width // config.heads
        ),
        training=dict(
            texts=state.get("seen", 0),
            minutes=round(state.get("minutes", 0.0), 1),
            steps=state.get("step", 0),
            weights=options.dtype,
            corpora=options.corpora,
            differences=reports,
            config=config.to_json(),
            parameters=parameters,
        ),
    )


def describe(path: Path) -> dict[str, Any]:
    """{file, inputs, outputs}: element type and shape of every tensor; symbolic sizes by name."""
    graph = onnx.load(str(path), load_external_data=False).graph
    initial = {i.name for i in graph.initializer}

    def tensor(v: onnx.ValueInfoProto) -> dict[str, Any]:
        t = v.type.tensor_type
        kinds: dict[int, str] = {
            TensorProto.FLOAT: "float32",
            TensorProto.FLOAT16: "float16",
            TensorProto.INT64: "int64",
            TensorProto.INT32: "int32",
        }
        return dict(
            type=kinds[t.elem_type], shape=[d.dim_param or d.dim_value for d in t.shape.dim]
        )

    return dict(
        file=path.name,
        inputs={v.name: tensor(v) for v in graph.input if v.name not in initial},
        outputs={v.name: tensor(v) for v in graph.output},
    )


def digest(path: str | Path) -> str:
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


def entry(path: Path) -> dict[str, Any]:
    """What the manifest says of a file that lies in the package."""
    return dict(sha256=digest(path), bytes=path.stat().st_size, source="package")


def add_file(package: Path, key: str, file: str) -> None:
    """Puts a file that lies in a package into its manifest, and names it under ``key``."""
    path, manifest = (
        package / file,
        json.loads((package / "manifest.json").read_text(encoding="utf8")),
    )
    manifest["files"][file] = entry(path)
    manifest[key] = file
    (package / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf8")


def add_package_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--bundle",
        action="store_true",
        help="put the embedder's graph and tokenizer into the package, not on the class path",
    )
    parser.add_argument("--name")
    parser.add_argument("--dtype", choices=("fp32", "fp16", "int8"), default="int8")
    parser.add_argument(
        "--corpora", nargs="*", default=[], help="what it was trained on, for the manifest"
    )
    parser.add_argument("--output", type=Path, required=True)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument(
        "--onnx", type=Path, required=True, help="the embedder's ONNX graph, pinned by hash"
    )
    parser.add_argument(
        "--tokenizer",
        type=Path,
        required=True,
        help="the embedder's tokenizer.json, pinned by hash",
    )
    parser.add_argument("--embedder", type=Path, help="JSON file of EmbedderConfig fields")
    parser.add_argument("--model-id", default=EmbedderSource.model_id)
    add_package_arguments(parser)
    set_command(parser, export, ExportOptions)


def add_restore_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("package", type=Path, help="directory of a model package")
    parser.add_argument("--checkpoint", type=Path, required=True, help="where to write it")
    set_command(parser, restore, RestoreOptions)
