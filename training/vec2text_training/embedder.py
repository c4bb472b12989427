"""The victim embedder as a PyTorch module, read from its own ONNX file.

Reads the BERT family as exported by sentence-transformers/Optimum: named embedding, bias and
layer-norm initialisers, and the linear weights in graph order. Of a dynamically quantised graph the
module is an approximation, with which models are warm-started; vectors come from the graph itself.
"""

import gzip
import json
import math
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import torch
import torch.nn as nn
import torch.nn.functional as F
from onnx import numpy_helper
from tokenizers import Tokenizer
from torch import Tensor

from .states import PromptStates, package_of

CLS, SEP = 101, 102
USUAL_CASE = (
    Path(__file__).parents[2]
    / "vec2text-minilm/src/main/resources/io/vec2text/models/calibration.txt.gz"
)
"""The texts from which the library learns the usual case of words."""


@dataclass(frozen=True)
class EmbedderConfig:
    """What the graph does not say of an embedding space."""

    model_id: str
    variant: str = "fp32"
    pooling: str = "mean"  # or "cls"; "unknown" of a language model
    normalized: bool = True
    token_limit: int = 256
    heads: int = 12
    prefix: str = ""

    @staticmethod
    def read(file: Path) -> "EmbedderConfig":
        """What a JSON file of these fields says; ``SystemExit`` if it has others."""
        given = json.loads(file.read_text(encoding="utf8"))
        known = [f.name for f in fields(EmbedderConfig)]
        if not isinstance(given, dict) or "model_id" not in given or not set(given) <= set(known):
            raise SystemExit(
                f"{file}: found {json.dumps(given)[:200]}, expected an object with "
                f"model_id and any of {known}"
            )
        config = EmbedderConfig(**given)
        if config.pooling not in ("mean", "cls"):
            raise SystemExit(f"{file}: pooling is {config.pooling!r}, expected mean or cls")
        return config


@dataclass(frozen=True, kw_only=True)
class EmbedderSource:
    """Where an embedder is read from.

    onnx: its graph, or that of a language model's package, which embeds prompts; embedder: a JSON
    file of ``EmbedderConfig``'s fields; without it, ``model_id`` has the defaults;
    tokenizer: its tokenizer.json, needed where texts or a prefix are read.
    """

    onnx: Path
    tokenizer: Path | None = None
    embedder: Path | None = None
    model_id: str = "sentence-transformers/all-MiniLM-L6-v2"

    def config(self) -> EmbedderConfig:
        """What the graph does not say."""
        if prompts := package_of(self.onnx):
            template = prompts["template"]
            return EmbedderConfig(
                prompts["modelId"],
                variant="chat" if template["afterIds"] else "bare",
                pooling="unknown",
                token_limit=prompts["context"],
                prefix=template["before"],
            )
        return (
            EmbedderConfig.read(self.embedder) if self.embedder else EmbedderConfig(self.model_id)
        )

    def load(self, device: str = "cpu") -> "Embedder":
        """The embedder on a device."""
        if package_of(self.onnx):
            return self.of_prompts()
        return Embedder.from_onnx(self.onnx, self.config(), self.tokenizer).to(device)

    def of_prompts(self) -> "Embedder":
        """A language model's states, of texts in the tokens of --tokenizer."""
        if not self.tokenizer:
            raise SystemExit(
                "prompts are given in the tokens of inversion models: expected these models' "
                "tokenizer.json as --tokenizer"
            )
        pieces = Tokenizer.from_file(str(self.tokenizer))
        with gzip.open(USUAL_CASE, "rt", encoding="utf8") as texts:
            states = PromptStates(self.onnx, pieces, texts)
        with torch.device("meta"):  # without layers: all is in the graph
            m = Embedder(self.config(), pieces.get_vocab_size(), len(states.mean), 0, 0, 0)
        m.before, m.after, m.graph = [], [], states
        return m.eval().requires_grad_(False)


class EncoderLayer(nn.Module):
    """A post-norm BERT layer. ``bias`` is added to the attention scores [B, heads, T, T]."""

    def __init__(self, width: int = 384, heads: int = 12, inner: int = 1536) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)

    def feed_forward(self, x: Tensor) -> Tensor:
        return self.norm2(x + self.down(F.gelu(self.up(x))))

    def split(self, x: Tensor, parts: int) -> Tensor:
        b, t, d = x.shape
        return x.view(b, t, parts, self.heads, d // parts // self.heads).permute(2, 0, 3, 1, 4)

    def attend(self, q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None) -> Tensor:
        # Explicit attention: on short sequences faster on a CPU than the fused operator.
        a = (q @ k.transpose(-1, -2)) * (1 / math.sqrt(q.shape[-1]))
        if bias is not None:
            a = a + bias
        y = a.softmax(-1).to(v.dtype) @ v
        return y.transpose(1, 2).reshape(y.shape[0], y.shape[2], -1)

    def attended(
        self, x: Tensor, q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None = None
    ) -> Tensor:
        """The layer's output for x, whose queries, keys and values are known."""
        return self.feed_forward(self.norm1(x + self.out(self.attend(q, k, v, bias))))

    def forward(self, x: Tensor, bias: Tensor | None = None) -> Tensor:
        q, k, v = self.split(self.qkv(x), 3)
        return self.attended(x, q, k, v, bias)


class Embedder(nn.Module):
    """ids int64 [B, T] with special tokens, 0 is padding, to vectors float32 [B, D]."""

    def __init__(
        self,
        config: EmbedderConfig,
        vocabulary: int,
        width: int,
        layers: int,
        inner: int,
        positions: int,
    ) -> None:
        super().__init__()
        self.config = config
        self.before, self.after = [CLS], [SEP]
        self.inner = inner
        self.graph: Graph | PromptStates | None = None
        self.words = nn.Embedding(vocabulary, width)
        self.positions = nn.Parameter(torch.zeros(positions, width))
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(EncoderLayer(width, config.heads, inner) for _ in range(layers))

    @property
    def width(self) -> int:
        return self.words.weight.shape[1]

    def forward(self, ids: Tensor) -> Tensor:
        mask = ids > 0
        bias = None
        if not bool(mask.all()):
            bias = torch.where(mask[:, None, None, :], 0.0, -1e4).to(self.words.weight.dtype)
        x = self.norm(self.words(ids) + self.positions[: ids.shape[1]])
        for layer in self.layers:
            x = layer(x, bias)
        return pool(x.float(), mask, self.config)

    def ids(self, text: Sequence[int]) -> list[int]:
        """Token ids of a text as the embedder sees them: with special tokens and prefix, cut at the
        limit.
        """
        room = self.config.token_limit - len(self.before) - len(self.after)
        return self.before + text[:room] + self.after

    @staticmethod
    def from_onnx(
        path: str | Path, config: EmbedderConfig, tokenizer: str | Path | None = None
    ) -> "Embedder":
        """The embedder of a graph.

        ``tokenizer`` (a tokenizer.json) is only needed if the space has a prefix.
        """
        graph, named, linear = onnx.load(str(path)).graph, {}, []
        for name, array in dequantized(graph.initializer):
            value = torch.from_numpy(array)
            if name.startswith("onnx::MatMul"):
                linear.append(value.T.contiguous())
            else:
                named[name.removeprefix("bert.")] = value
        if not linear or len(linear) % 6:
            raise SystemExit(
                f"{path}: found {len(linear)} weights onnx::MatMul_*, expected 6 for each layer "
                f"of a BERT"
            )

        def weight(name: str) -> Tensor:
            if name not in named:
                raise SystemExit(
                    f"{path}: weight {name} is missing, expected all of a BERT's under their "
                    f"own names"
                )
            return named[name]

        word, positions = (
            weight(f"embeddings.{n}_embeddings.weight") for n in ("word", "position")
        )
        layers, inner = len(linear) // 6, linear[4].shape[0]
        m = Embedder(config, word.shape[0], word.shape[1], layers, inner, len(positions))
        with torch.no_grad():
            m.words.weight.copy_(word)
            m.positions.copy_(positions + weight("embeddings.token_type_embeddings.weight")[0])
            _copy(
                m.norm, weight("embeddings.LayerNorm.weight"), weight("embeddings.LayerNorm.bias")
            )
            for i, layer in enumerate(m.layers):
                q, k, v, o, up, down = linear[6 * i : 6 * i + 6]
                p = f"encoder.layer.{i}."
                b = [weight(p + f"attention.self.{n}.bias") for n in ("query", "key", "value")]
                _copy(layer.qkv, torch.cat([q, k, v]), torch.cat(b))
                _copy(layer.out, o, weight(p + "attention.output.dense.bias"))
                _copy(layer.up, up, weight(p + "intermediate.dense.bias"))
                _copy(layer.down, down, weight(p + "output.dense.bias"))
                for norm, n in ((layer.norm1, "attention.output"), (layer.norm2, "output")):
                    _copy(
                        norm, weight(p + n + ".LayerNorm.weight"), weight(p + n + ".LayerNorm.bias")
                    )
        if config.prefix:
            if not tokenizer:
                raise SystemExit(
                    f"the space has the prefix {config.prefix!r}: --tokenizer is missing, "
                    f"expected its tokenizer.json"
                )
            m.before = (
                m.before
                + Tokenizer.from_file(str(tokenizer))
                .encode(config.prefix, add_special_tokens=False)
                .ids
            )
        if dynamically_quantized(graph):
            m.graph = Graph(path, config)
        return m.eval().requires_grad_(False)


def dequantized(initializers: Iterable[onnx.TensorProto]) -> Iterator[tuple[str, np.ndarray]]:
    """(name, float32 array) of each weight; X_quantized, X_scale and X_zero_point make X."""
    arrays = {i.name: numpy_helper.to_array(i).astype(np.float32) for i in initializers}
    for name, a in arrays.items():
        base = name.removesuffix("_quantized")
        if base != name:
            yield base, (a - arrays[base + "_zero_point"]) * arrays[base + "_scale"]
        elif not name.endswith(("_scale", "_zero_point")):
            yield name, a


def _copy(module: Any, weight: Tensor, bias: Tensor) -> None:
    module.weight.copy_(weight)
    module.bias.copy_(bias)


def dynamically_quantized(graph: onnx.GraphProto) -> bool:
    """Whether a text's vector depends on what else is in the run."""
    return any(n.op_type.startswith("DynamicQuantize") for n in graph.node)


def mean_pool(states: Tensor, mask: Tensor) -> Tensor:
    """Means [B, D] of the states [B, T, D] of tokens that the mask [B, T] keeps."""
    m = mask[..., None].to(states.dtype)
    return (states * m).sum(1) / m.sum(1)


def pool(states: Tensor, mask: Tensor, config: EmbedderConfig) -> Tensor:
    """Token states float32 [B, T, D] to vectors [B, D]; mask [B, T] is False at padding."""
    if config.pooling == "cls":
        pooled = states[:, 0]
    else:
        pooled = mean_pool(states, mask)
    return F.normalize(pooled, dim=-1) if config.normalized else pooled


class Graph:
    """The embedder's own graph on ONNX Runtime, one unpadded text a run."""

    def __init__(self, path: str | Path, config: EmbedderConfig) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1  # runs side by side beat runs of many threads
        self.session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.config = config
        self.inputs, self.output = interface(onnx.load(str(path), load_external_data=False).graph)

    def vector(self, ids: Sequence[int]) -> Tensor:
        """Vector float32 [D] of one text's ids, special tokens included."""
        x = np.array([ids], np.int64)
        given = {
            "input_ids": x,
            "attention_mask": np.ones_like(x),
            "token_type_ids": np.zeros_like(x),
        }
        (states,) = self.session.run([self.output], {k: given[k] for k in self.inputs})
        return pool(torch.from_numpy(states), torch.ones(x.shape), self.config)[0]

    def vectors(self, texts: Sequence[Sequence[int]]) -> Tensor:
        """Vectors float32 [n, D] of lists of ids."""
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            return torch.stack(list(threads.map(self.vector, texts)))


def interface(graph: onnx.GraphProto) -> tuple[list[str], str]:
    """Names of the inputs, and of the output with the token states, of an embedder's graph."""
    initial = {i.name for i in graph.initializer}
    outputs = [o.name for o in graph.output]
    return [
        i.name for i in graph.input if i.name not in initial
    ], "last_hidden_state" if "last_hidden_state" in outputs else outputs[0]


def padded(rows: Sequence[Sequence[int]]) -> Tensor:
    """Lists of ids to ids int64 [B, T]; 0 is padding."""
    out = np.zeros((len(rows), max(map(len, rows))), np.int64)
    for row, ids in zip(out, rows, strict=True):
        row[: len(ids)] = ids
    return torch.from_numpy(out)


@torch.no_grad()
def embed(
    embedder: Embedder,
    texts: Sequence[Sequence[int]],
    batch: int = 256,
    bf16: bool = True,
    device: str = "cpu",
) -> Tensor:
    """Vectors float32 [n, D] of token lists without special tokens; sorted by length inside so that
    little is padding.
    """
    rows = [embedder.ids(t) for t in texts]
    if embedder.graph is not None:
        return embedder.graph.vectors(rows).to(device)
    out = torch.empty(len(rows), embedder.width, device=device)
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    with torch.autocast(device, torch.bfloat16, enabled=bf16):
        for i in range(0, len(order), batch):
            part = order[i : i + batch]
            out[part] = embedder(padded([rows[j] for j in part]).to(device)).float()
    return out
