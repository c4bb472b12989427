"""The victim embedder as a PyTorch module, read from its own ONNX file.

Reads the BERT family as exported by sentence-transformers/Optimum: named embedding, bias and
layer-norm initialisers, and the linear weights in graph order.
"""

import math
from dataclasses import dataclass

import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from onnx import numpy_helper


@dataclass(frozen=True)
class EmbedderConfig:
    """What the graph does not say of an embedding space."""

    model_id: str
    variant: str = "fp32"
    pooling: str = "mean"  # or "cls"
    normalized: bool = True
    token_limit: int = 256
    heads: int = 12
    prefix: str = ""


class EncoderLayer(nn.Module):
    """A post-norm BERT layer. ``bias`` is added to the attention scores [B, heads, T, T]."""

    def __init__(self, width=384, heads=12, inner=1536):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)

    def feed_forward(self, x):
        return self.norm2(x + self.down(F.gelu(self.up(x))))

    def forward(self, x, bias=None):
        b, t, d = x.shape
        q, k, v = self.qkv(x).view(b, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        # Explicit attention: on short sequences faster on a CPU than the fused operator.
        a = (q @ k.transpose(-1, -2)) * (1 / math.sqrt(d // self.heads))
        if bias is not None:
            a = a + bias
        y = (a.softmax(-1).to(v.dtype) @ v).transpose(1, 2).reshape(b, t, d)
        return self.feed_forward(self.norm1(x + self.out(y)))


class Embedder(nn.Module):
    """ids int64 [B, T] with special tokens, 0 is padding, to unit vectors float32 [B, D]."""

    def __init__(self, config, vocabulary, width, layers, inner, positions):
        super().__init__()
        self.config = config
        self.words = nn.Embedding(vocabulary, width)
        self.positions = nn.Parameter(torch.zeros(positions, width))
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(EncoderLayer(width, config.heads, inner) for _ in range(layers))

    @property
    def width(self):
        return self.words.weight.shape[1]

    def forward(self, ids):
        mask = ids > 0
        bias = None
        if not bool(mask.all()):
            bias = torch.where(mask[:, None, None, :], 0.0, -1e4).to(self.words.weight.dtype)
        x = self.norm(self.words(ids) + self.positions[: ids.shape[1]])
        for layer in self.layers:
            x = layer(x, bias)
        x = x.float()
        if self.config.pooling == "cls":
            pooled = x[:, 0]
        else:
            m = mask[..., None].float()
            pooled = (x * m).sum(1) / m.sum(1)
        return F.normalize(pooled, dim=-1) if self.config.normalized else pooled

    @staticmethod
    def from_onnx(path, config):
        named, linear = {}, []
        for i in onnx.load(str(path)).graph.initializer:
            value = torch.from_numpy(numpy_helper.to_array(i).astype(np.float32))
            if i.name.startswith("onnx::MatMul"):
                linear.append(value.T.contiguous())
            else:
                named[i.name.removeprefix("bert.")] = value
        word = named["embeddings.word_embeddings.weight"]
        if len(linear) % 6:
            raise ValueError(f"{path}: expected 6 linear weights a layer, found {len(linear)} in all")
        positions = named["embeddings.position_embeddings.weight"]
        layers, inner = len(linear) // 6, linear[4].shape[0]
        m = Embedder(config, word.shape[0], word.shape[1], layers, inner, len(positions))
        with torch.no_grad():
            m.words.weight.copy_(word)
            m.positions.copy_(positions + named["embeddings.token_type_embeddings.weight"][0])
            _copy(m.norm, named["embeddings.LayerNorm.weight"], named["embeddings.LayerNorm.bias"])
            for i, layer in enumerate(m.layers):
                q, k, v, o, up, down = linear[6 * i : 6 * i + 6]
                p = f"encoder.layer.{i}."
                b = [named[p + f"attention.self.{n}.bias"] for n in ("query", "key", "value")]
                _copy(layer.qkv, torch.cat([q, k, v]), torch.cat(b))
                _copy(layer.out, o, named[p + "attention.output.dense.bias"])
                _copy(layer.up, up, named[p + "intermediate.dense.bias"])
                _copy(layer.down, down, named[p + "output.dense.bias"])
                for norm, n in ((layer.norm1, "attention.output"), (layer.norm2, "output")):
                    _copy(norm, named[p + n + ".LayerNorm.weight"], named[p + n + ".LayerNorm.bias"])
        return m.eval().requires_grad_(False)


def _copy(module, weight, bias):
    module.weight.copy_(weight)
    module.bias.copy_(bias)


def add_special(texts, cls_id, sep_id):
    """Token lists to padded ids int64 [B, T + 2] with the special tokens around each."""
    out = np.zeros((len(texts), max(map(len, texts)) + 2), np.int64)
    for row, t in zip(out, texts):
        row[0], row[1 : len(t) + 1], row[len(t) + 1] = cls_id, t, sep_id
    return torch.from_numpy(out)


@torch.no_grad()
def embed(embedder, texts, special, batch=256, bf16=True, device="cpu"):
    """Vectors float32 [n, D] of token lists; sorted by length inside so that little is padding."""
    out = torch.empty(len(texts), embedder.width, device=device)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    with torch.autocast(device, torch.bfloat16, enabled=bf16):
        for i in range(0, len(order), batch):
            part = order[i : i + batch]
            out[part] = embedder(add_special([texts[j] for j in part], *special).to(device)).float()
    return out
