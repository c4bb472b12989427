"""A published vec2text checkpoint to a model package: inverter, corrector and embedder as ONNX
graphs, and a manifest.

The graphs and their contract are described in ``t5_graphs``; each is checked against PyTorch when
it is made. What differs from the manifest of a package of the project's own models:

* ``kind`` is ``vec2text-t5``; there are no ``lengthClasses``.
* ``graphs`` are ``first``, ``first_step``, ``correct``, ``correct_step`` and ``select``.
* ``tokens.cls`` is the start token, which is also the padding, and ``tokens.sep`` the end;
  ``tokens.vocabulary`` counts the model's words, a few more than the tokenizer's.
* ``text`` says how ids become text: ``tokenizer``, a file of the package; ``skipped``, the ids that
  are left out; ``cleanUpSpaces``, whether a space is dropped before . , ? ! n't 'm 's 've 're, and
  around a lone apostrophe.
* ``range.maxTokens`` and ``range.maxDecode`` are how many tokens a first guess and a correction are
  made of at most, the end token counted if there is one. The published limits, 32 and 128, count
  the start token as well.
* ``space.tokenLimit`` is where the published code cuts a hypothesis, end token included, before it
  embeds it.
* ``embedder`` has input_ids and attention_mask as inputs and last_hidden_state as output: float32
  [texts, tokens, D], to be pooled by the mean and normalised if ``space.normalized`` says so. For
  the raw encoder (``gtr_base``) these are the encoder's states, for the whole GTR its dense layer's
  outputs.

``fp32`` keeps single precision. ``fp16`` computes in half precision all but residuals, norms,
softmaxes and the feed- forward's second matrices; meant for a GPU. ``int8`` quantises the matrices
a column and their inputs as they come.
"""

import argparse
import json
import logging
import math
import shutil
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from .checkpoint import load, read_config, read_tensors, share_words
from .command import set_command
from .export import Storage, check, describe, digest, entry, to_onnx
from .published import Corrector, Inverter, T5Embedder
from .t5 import T5Config
from .t5_graphs import embedder_graph, graphs

KIND = "vec2text-t5"
TOLERANCE = {"fp32": 2e-3, "fp16": 0.1}
API_LENGTH = 128
RAW, WHOLE = "raw-mean", "sentence-transformers"
CONTRACTS = {"gtr_base": RAW, "gtr_base_st": WHOLE, "sentence-transformers/gtr-t5-base": WHOLE}


# ------------------------------------------------------------------------------------- checkpoints

log = logging.getLogger(__name__)


def rename(tensors, prefixes):
    """Brings names of old checkpoints up to date: the second linear layer was number 2, one
    projection served for all.
    """
    old = {
        k: k.replace(".2.", ".3.", 1) if k.startswith("embedding_transform") and ".2." in k else k
        for k in tensors
    }
    tensors = {old[k]: v for k, v in tensors.items()}
    if "embedding_transform" not in prefixes and "embedding_transform.0.weight" in tensors:
        single = {k: tensors.pop(k) for k in list(tensors) if k.startswith("embedding_transform.")}
        for p in prefixes:
            tensors |= {k.replace("embedding_transform", p, 1): v for k, v in single.items()}
    return tensors


def load_model(directory, kind, t5_config, prefixes):
    """The inverter or corrector of a checkpoint folder, in single precision, and its config."""
    config = read_config(directory)
    if config.get("use_lora"):
        raise ValueError(f"{directory}: use_lora is true, expected whole weights")
    tensors = rename(read_tensors(directory), prefixes)
    first = f"{prefixes[0]}.0.weight"
    if first not in tensors:
        raise ValueError(
            f"{directory}: no tensor {first}; its tensors begin with "
            f"{sorted({k.split('.')[0] for k in tensors})}"
        )
    dimension, repeat = tensors[first].shape[1], config.get("num_repeat_tokens") or 16
    options = {}
    if kind is Corrector:
        options = dict(
            feedback=not config.get("corrector_ignore_hypothesis_embedding"),
            norm="layernorm.weight" in tensors,
        )
    with torch.device("meta"):
        model = kind(t5_config, dimension, repeat, **options)
    embedder = {
        k.removeprefix("embedder."): tensors.pop(k)
        for k in list(tensors)
        if k.startswith("embedder.")
    }
    return (
        load(model, share_words(tensors, directory, "encoder_decoder."), directory),
        config,
        embedder,
    )


def load_embedder(directory, contract):
    """The embedder of a folder of transformers or sentence-transformers."""
    directory, dense = Path(directory), {}
    if contract == WHOLE:
        modules = json.loads((directory / "modules.json").read_text(encoding="utf8"))
        kinds = [m["type"].split(".")[-1] for m in modules]
        if kinds != ["Transformer", "Pooling", "Dense", "Normalize"]:
            raise ValueError(
                f"{directory}/modules.json: modules {kinds}, expected Transformer, Pooling, "
                f"Dense, Normalize"
            )
        pooling, layer = (directory / modules[i]["path"] for i in (1, 2))
        modes = [
            k for k, v in read_config(pooling).items() if k.startswith("pooling_mode") and v is True
        ]
        if modes != ["pooling_mode_mean_tokens"]:
            raise ValueError(f"{pooling}: {modes}, expected pooling_mode_mean_tokens")
        activation = read_config(layer)["activation_function"]
        if not activation.endswith(".Identity"):
            raise ValueError(f"{layer}: activation_function {activation}, expected Identity")
        dense = {f"dense.{k.removeprefix('linear.')}": v for k, v in read_tensors(layer).items()}
    config = T5Config.read(directory)
    with torch.device("meta"):
        embedder = T5Embedder(config, dense["dense.weight"].shape[0] if dense else None)
    tensors = {
        k: v for k, v in read_tensors(directory).items() if k.startswith(("encoder.", "shared."))
    }
    return load(embedder, share_words(tensors, directory) | dense, directory)


def same_embedder(embedder, tensors, checkpoint, directory):
    """Checks the embedder that a checkpoint carries against the one of the embedder folder."""
    own = embedder.state_dict()
    for name, tensor in tensors.items():
        name = name.removeprefix("0.auto_model.").removeprefix("encoder.")
        name = {
            "embed_tokens.weight": "shared.weight",
            "shared.weight": "shared.weight",
            "2.linear.weight": "dense.weight",
        }.get(name, f"encoder.{name}")
        if name in own and not torch.equal(own[name], tensor):
            raise ValueError(f"{checkpoint}: its embedder's {name} is not that of {directory}")


def tokenizer_file(directory, config):
    path = Path(directory) / "tokenizer.json"
    if not path.exists():
        raise FileNotFoundError(
            f"{path} is missing; transformers' AutoTokenizer writes it with save_pretrained"
        )
    tokenizer = Tokenizer.from_file(str(path))
    ids = tokenizer.encode("a").ids
    if ids[-1] != config.eos or tokenizer.get_vocab_size() > config.vocabulary:
        raise ValueError(
            f'{path}: encodes "a" as {ids} and has {tokenizer.get_vocab_size()} tokens, expected '
            f"{config.eos} as the last and at most {config.vocabulary}"
        )
    return path


# ----------------------------------------------------------------------------------------- package


def write_graph(name, spec, other, storage, work, dtype):
    """Exports, checks, shrinks and checks again; largest differences from PyTorch."""
    path = to_onnx(name, spec, work)
    differences = {"exported": check(path, other, TOLERANCE.get(dtype, TOLERANCE["fp32"]))}
    check_words(path, other)
    if dtype == "int8" and name != "select":
        quantize_dynamic(
            str(path),
            str(path),
            per_channel=True,
            weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True},
        )
    storage.compress(path)
    storage.file.flush()
    differences["stored"] = check(path, other, math.inf)
    log.info(
        "%s: differs from PyTorch by %.2g as exported, %.2g as stored",
        name,
        differences["exported"],
        differences["stored"],
    )
    return differences


def check_words(path, spec):
    """The most probable words must be PyTorch's, but for those as probable as a neighbour in the
    list.
    """
    module, inputs, outputs, _ = spec
    if "next_words" not in outputs:
        return
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    found = session.run(["next_words"], {k: v.numpy() for k, v in inputs.items()})[0]
    with torch.no_grad():
        scores, words = (t.numpy() for t in module(*inputs.values())[:2])
    gap = np.diff(scores, axis=-1, append=-np.inf)
    clear = (gap < -0.02) & (np.diff(scores, axis=-1, prepend=np.inf) < -0.02)
    if (found != words)[clear].any():
        raise ValueError(
            f"{path.name}: next_words differ from PyTorch's where their order is clear"
        )


class Writer:
    """The files of a package in the making."""

    def __init__(self, work, dtype):
        self.work, self.dtype, self.differences = work, dtype, {}

    def graphs(self, make, weights, dtype=None):
        """Writes the graphs of ``make()``, whose weights go to one file. Another call's sizes must
        fit the same graphs.
        """
        specs, others = make(), make(i=4, r=2, t=5, length=6)
        storage = Storage(self.work, "fp32", weights)
        for name in specs:
            self.differences[name] = write_graph(
                name, specs[name], others[name], storage, self.work, dtype or self.dtype
            )
        storage.file.close()


@dataclass(frozen=True, kw_only=True)
class Conversion:
    """Checkpoint folders, and what to make of them."""

    inverter: Path
    corrector: Path
    t5_dir: Path
    embedder_dir: Path | None
    embedder_contract: str | None
    licence: str
    dtype: str
    name: str | None
    output: Path


def write_embedder(options, name, dimension, carried, writer):
    """Writes the embedder's graph; what the manifest says of its space.

    name: as the checkpoint's config calls it; carried: the tensors of an embedder that the
    checkpoint holds.
    """
    contract = options.embedder_contract or CONTRACTS.get(name)
    if contract is None:
        raise ValueError(
            f"{options.inverter}: embedder {name}, expected one of {sorted(CONTRACTS)}, or "
            f"--embedder-contract"
        )
    embedder = load_embedder(options.embedder_dir, contract)
    same_embedder(embedder, carried, options.inverter, options.embedder_dir)
    found = embedder.shared.embedding_dim if embedder.dense is None else embedder.dense.out_features
    if found != dimension:
        raise ValueError(
            f"{options.embedder_dir}: vectors of {found} components, "
            f"{options.inverter} takes {dimension}"
        )
    # In single precision at all times: what it says of two texts decides between them.
    writer.graphs(lambda **sizes: embedder_graph(embedder, **sizes), "embedder.bin", "fp32")
    return dict(
        modelId="sentence-transformers/gtr-t5-base" if name.startswith("gtr_base") else name,
        pooling="mean",
        variant="raw-mean-pool" if contract == RAW else "fp32",
        normalized=contract == WHOLE,
    )


def write_models(options, t5_config, writer):
    """Writes all graphs, one model after the other so that memory holds one; the parts of the
    manifest that tell of them.
    """
    inverter, config, carried = load_model(
        options.inverter, Inverter, t5_config, ["embedding_transform"]
    )
    dimension, repeat, api = inverter.dimension, inverter.repeat, config.get("embedder_model_api")
    space = dict(
        modelId=api or config["embedder_model_name"],
        variant="fp32",
        dimension=dimension,
        pooling="unknown",
        normalized=bool(api),
        prefix="",
    )
    if options.embedder_dir:
        space |= write_embedder(options, space["modelId"], dimension, carried, writer)
    del carried
    writer.graphs(partial(graphs, "first", lower(inverter, options.dtype)), "inverter.bin")
    del inverter
    corrector, other, _ = load_model(
        options.corrector, Corrector, t5_config, [f"embedding_transform_{i}" for i in (1, 2, 3)]
    )
    for key, a, b in (
        ("dimension", dimension, corrector.dimension),
        *((k, config.get(k), other.get(k)) for k in ("embedder_model_name", "embedder_model_api")),
    ):
        if a != b:
            raise ValueError(f"{options.corrector}: {key} is {b}, {options.inverter} has {a}")
    writer.graphs(partial(graphs, "correct", lower(corrector, options.dtype)), "corrector.bin")
    length, final = config["max_seq_length"], max(API_LENGTH, config["max_seq_length"])
    return dict(
        space=space | dict(tokenLimit=other["max_seq_length"]),
        tokens=dict(
            cls=t5_config.start,
            sep=t5_config.eos,
            pad=t5_config.pad,
            firstWord=3,
            vocabulary=t5_config.vocabulary,
        ),
        range=dict(minTokens=1, maxTokens=length - 1, maxDecode=final - 1),
        decoder=dict(
            layers=t5_config.decoder_layers, heads=t5_config.heads, headWidth=t5_config.head_width
        ),
        training=dict(
            weights=options.dtype,
            exported=time.strftime("%Y-%m-%d"),
            differences=writer.differences,
            repeat=repeat,
            feedback=corrector.feedback,
            checkpoints=[provenance(d) for d in (options.inverter, options.corrector)],
        ),
    )


def convert(options: Conversion) -> None:
    output, t5_config = options.output, T5Config.read(options.t5_dir)
    tokenizers = {"tokenizer.json": tokenizer_file(options.t5_dir, t5_config)}
    if options.embedder_dir:
        path = tokenizer_file(options.embedder_dir, t5_config)
        if path.read_bytes() != tokenizers["tokenizer.json"].read_bytes():
            tokenizers["embedder-tokenizer.json"] = path
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent) as temporary:
        writer = Writer(Path(temporary), options.dtype)
        parts = write_models(options, t5_config, writer)
        for target, source in tokenizers.items():
            shutil.copy(source, writer.work / target)
        files = sorted(f.name for f in writer.work.iterdir())
        for f in files:
            shutil.move(writer.work / f, output / f)
    if options.embedder_dir:
        parts["embedder"] = dict(
            graph="embedder.onnx",
            inputs=["input_ids", "attention_mask"],
            output="last_hidden_state",
            tokenizer=list(tokenizers)[-1],
        )
    manifest = dict(
        format=1,
        kind=KIND,
        name=options.name or output.name,
        **parts,
        files={f: entry(output / f) for f in files},
        graphs={k: describe(output / f"{k}.onnx") for k in writer.differences if k != "embedder"},
        text=dict(
            tokenizer="tokenizer.json",
            skipped=skipped(output / "tokenizer.json"),
            cleanUpSpaces=clean_up(options.t5_dir),
        ),
        licence=options.licence,
    )
    (output / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf8")
    print(f"{output}: {sum((output / f).stat().st_size for f in files) / 1e6:.1f} MB")


def lower(model, dtype):
    if dtype == "fp16" and model.encoder_decoder.shared.weight.dtype != torch.float16:
        model.half()
        model.encoder_decoder.mixed()
    return model


def skipped(path):
    """Ids that a text leaves out."""
    tokens = json.loads(path.read_text(encoding="utf8")).get("added_tokens", [])
    return sorted(t["id"] for t in tokens if t["special"])


def clean_up(directory):
    path = Path(directory) / "tokenizer_config.json"
    return bool(
        path.exists()
        and json.loads(path.read_text(encoding="utf8")).get("clean_up_tokenization_spaces")
    )


def provenance(directory):
    """Where weights come from: the folder's name, the config's main fields and the hashes of the
    weight files.
    """
    config, directory = read_config(directory), Path(directory)
    keys = (
        "model_name_or_path",
        "embedder_model_name",
        "embedder_model_api",
        "dataset_name",
        "max_seq_length",
    )
    weights = sorted(p for p in directory.iterdir() if p.suffix in (".safetensors", ".bin"))
    return dict(
        name=directory.resolve().name,
        **{k: config[k] for k in keys if config.get(k) is not None},
        sha256={p.name: digest(p) for p in weights if p.name != "training_args.bin"},
    )


def run(options: Conversion) -> None:
    try:
        convert(options)
    except (ValueError, KeyError, FileNotFoundError) as e:
        raise SystemExit(f"can't convert: {e}") from e


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--inverter", type=Path, required=True, help="checkpoint folder of the inversion model"
    )
    parser.add_argument(
        "--corrector", type=Path, required=True, help="checkpoint folder of the corrector"
    )
    parser.add_argument(
        "--t5-dir",
        type=Path,
        required=True,
        help="folder of the T5 they are made of: config.json, tokenizer.json",
    )
    parser.add_argument(
        "--embedder-dir",
        type=Path,
        help="folder of the embedder; without it the package has none, as for an API's",
    )
    parser.add_argument(
        "--embedder-contract",
        choices=(RAW, WHOLE),
        help="the encoder's mean, or all of sentence-transformers' modules; default: by the "
        "checkpoint's embedder",
    )
    parser.add_argument(
        "--licence", required=True, help="licence of the checkpoints, for the manifest"
    )
    parser.add_argument("--dtype", choices=("fp32", "fp16", "int8"), default="fp32")
    parser.add_argument("--name")
    parser.add_argument("--output", type=Path, required=True)
    set_command(parser, run, Conversion)
