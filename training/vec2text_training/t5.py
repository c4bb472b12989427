"""T5 v1.0 (Raffel et al. 2020, arXiv 1910.10683) under the parameter names of published
checkpoints.

Pre-norm residual stacks, root-mean-square norms, ReLU feed-forward, attention without 1/sqrt(d)
scale and without biases, relative positions in logarithmic buckets shared by the layers of a stack,
tied embeddings with outputs scaled by 1/sqrt(width). Mixed precision keeps the residual stream, the
attention's softmax and the feed-forward's second matrix, whose outputs leave the range of half
precision, in single precision.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn as nn

MASKED = -1e9


@dataclass(frozen=True)
class T5Config:
    vocabulary: int = 32128
    width: int = 768
    heads: int = 12
    head_width: int = 64
    inner: int = 3072
    layers: int = 12
    decoder_layers: int = 12
    buckets: int = 32
    distance: int = 128
    epsilon: float = 1e-6
    pad: int = 0
    eos: int = 1
    start: int = 0

    @staticmethod
    def read(directory):
        """Reads ``config.json`` of a T5 folder; ValueError if it describes anything but T5 v1.0."""
        path = Path(directory) / "config.json"
        c = json.loads(path.read_text(encoding="utf8"))
        for key, default, expected in (
            ("model_type", None, "t5"),
            ("feed_forward_proj", "relu", "relu"),
            ("tie_word_embeddings", True, True),
        ):
            if c.get(key, default) != expected:
                raise ValueError(f"{path}: {key} is {c.get(key, default)!r}, expected {expected!r}")
        return T5Config(
            c["vocab_size"],
            c["d_model"],
            c["num_heads"],
            c["d_kv"],
            c["d_ff"],
            c["num_layers"],
            c.get("num_decoder_layers") or c["num_layers"],
            c.get("relative_attention_num_buckets", 32),
            c.get("relative_attention_max_distance", 128),
            c.get("layer_norm_epsilon", 1e-6),
            c.get("pad_token_id", 0),
            c.get("eos_token_id", 1),
            c.get("decoder_start_token_id", 0),
        )

    def to_json(self):
        """The fields of a T5 folder's ``config.json``."""
        return dict(
            model_type="t5",
            architectures=["T5ForConditionalGeneration"],
            vocab_size=self.vocabulary,
            d_model=self.width,
            num_heads=self.heads,
            d_kv=self.head_width,
            d_ff=self.inner,
            num_layers=self.layers,
            num_decoder_layers=self.decoder_layers,
            dropout_rate=0.1,
            relative_attention_num_buckets=self.buckets,
            relative_attention_max_distance=self.distance,
            layer_norm_epsilon=self.epsilon,
            initializer_factor=1.0,
            feed_forward_proj="relu",
            is_encoder_decoder=True,
            use_cache=True,
            pad_token_id=self.pad,
            eos_token_id=self.eos,
            decoder_start_token_id=self.start,
        )


class Norm(nn.Module):
    def __init__(self, width, epsilon):
        super().__init__()
        self.weight, self.epsilon = nn.Parameter(torch.ones(width)), epsilon

    def forward(self, x):
        x = x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.epsilon)
        return x.to(self.weight.dtype) * self.weight


class Attention(nn.Module):
    """``bias`` broadcasts to the scores [B, heads, queries, keys]."""

    def __init__(self, c, positions=False):
        super().__init__()
        self.heads, inner = c.heads, c.heads * c.head_width
        self.q, self.k, self.v = (nn.Linear(c.width, inner, bias=False) for _ in range(3))
        self.o = nn.Linear(inner, c.width, bias=False)
        if positions:
            self.relative_attention_bias = nn.Embedding(c.buckets, c.heads)

    def split(self, x):
        """[B, T, heads * head width] to [B, heads, T, head width]."""
        return x.reshape(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

    def keys_values(self, x):
        return self.split(self.k(x)), self.split(self.v(x))

    def forward(self, q, k, v, bias):
        a = (q @ k.transpose(-1, -2)).float() + bias
        y = (a.softmax(-1).to(v.dtype) @ v).transpose(1, 2)
        return self.o(y.reshape(y.shape[0], y.shape[1], -1))


class AttentionLayer(nn.Module):
    def __init__(self, c, name, positions=False):
        super().__init__()
        self.add_module(name, Attention(c, positions))
        self.layer_norm = Norm(c.width, c.epsilon)


class FeedForward(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.DenseReluDense = nn.Module()
        self.DenseReluDense.wi = nn.Linear(c.width, c.inner, bias=False)
        self.DenseReluDense.wo = nn.Linear(c.inner, c.width, bias=False)
        self.layer_norm = Norm(c.width, c.epsilon)

    def forward(self, x):
        inner, wo = self.DenseReluDense.wi(self.layer_norm(x)).relu(), self.DenseReluDense.wo
        return x + wo(inner.to(wo.weight.dtype))


class Block(nn.Module):
    def __init__(self, c, first, decoder):
        super().__init__()
        layers = [AttentionLayer(c, "SelfAttention", first)]
        if decoder:
            layers.append(AttentionLayer(c, "EncDecAttention"))
        self.layer = nn.ModuleList([*layers, FeedForward(c)])

    def self_attention(self, x, bias, past=None, rows=None):
        """x plus its attention to itself, behind ``past`` keys and values (taken by ``rows``); and
        all keys, values.
        """
        attention = self.layer[0].SelfAttention
        y = self.layer[0].layer_norm(x)
        k, v = attention.keys_values(y)
        if past is not None:
            k = torch.cat([past[0].index_select(0, rows), k], 2)
            v = torch.cat([past[1].index_select(0, rows), v], 2)
        return x + attention(attention.split(attention.q(y)), k, v, bias), k, v

    def cross_attention(self, x, k, v, bias):
        """x [items * rows, T, width] plus its attention to the memory [items, heads, slots, head
        width] of its item.
        """
        attention = self.layer[1].EncDecAttention
        q = attention.q(self.layer[1].layer_norm(x))
        # The rows of an item share its memory: they are the queries of one attention.
        y = attention(attention.split(q.reshape(k.shape[0], -1, q.shape[2])), k, v, bias)
        return x + y.reshape(x.shape)

    def feed_forward(self, x):
        return self.layer[-1](x)


class Stack(nn.Module):
    """An encoder (bidirectional) or decoder (causal)."""

    def __init__(self, c, decoder):
        super().__init__()
        n = c.decoder_layers if decoder else c.layers
        self.block = nn.ModuleList([Block(c, i == 0, decoder) for i in range(n)])
        self.final_layer_norm = Norm(c.width, c.epsilon)
        # Bucket of each distance key - query from -reach to reach; beyond, it stays the same.
        # Computed even where the parameters are only declared.
        self.reach = c.distance
        distances = torch.arange(-self.reach, self.reach + 1, device="cpu")
        self.register_buffer(
            "bucket", buckets(distances, not decoder, c.buckets, c.distance), persistent=False
        )

    def position_bias(self, queries, keys):
        """Biases [1, heads, queries, keys] of positions (int64 [queries], [keys])."""
        distance = (keys[None, :] - queries[:, None]).clamp(-self.reach, self.reach)
        table = self.block[0].layer[0].SelfAttention.relative_attention_bias
        return table(self.bucket[distance + self.reach]).permute(2, 0, 1)[None].float()

    def encode(self, x, bias=None):
        """States [B, S, width] of inputs [B, S, width]; ``bias`` [B, S] is 0 or, at masked slots,
        ``MASKED``.
        """
        places = torch.arange(x.shape[1], device=x.device)
        scores = self.position_bias(places, places)
        if bias is not None:
            scores = scores + bias[:, None, None, :]
        x = x.float()
        for block in self.block:
            x = block.feed_forward(block.self_attention(x, scores)[0])
        return self.final_layer_norm(x)


def buckets(distance, bidirectional, count, reach):
    """Bucket of each relative position key - query; half of the buckets each way, or all of them
    back.
    """
    bucket = torch.zeros_like(distance)
    if bidirectional:
        count //= 2
        bucket = (distance > 0).long() * count
        distance = distance.abs()
    else:
        distance = -distance.clamp(max=0)
    exact = count // 2
    far = (
        exact
        + (torch.log(distance.float() / exact) / math.log(reach / exact) * (count - exact)).long()
    )
    return bucket + torch.where(distance < exact, distance, far.clamp(max=count - 1))


class T5(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.config = c
        self.shared = nn.Embedding(c.vocabulary, c.width)
        self.encoder, self.decoder = Stack(c, False), Stack(c, True)

    def mixed(self):
        """Turns to half precision, but for what half precision can't hold."""
        self.half()
        for block in [*self.encoder.block, *self.decoder.block]:
            block.layer[-1].DenseReluDense.wo.float()
        return self

    def cross_caches(self, memory):
        """Keys and values [B, heads, S, head width] of every decoder layer, in turn."""
        return [
            t
            for block in self.decoder.block
            for t in block.layer[1].EncDecAttention.keys_values(memory)
        ]

    def decode(self, ids, cross, bias):
        """States [B, T, width], scaled for the word matrix, of texts int64 [B, T] that begin with
        the start token.
        """
        t = ids.shape[1]
        places = torch.arange(t, device=ids.device)
        causal = torch.full((t, t), MASKED, device=ids.device).triu(1)
        scores, x = self.decoder.position_bias(places, places) + causal, self.shared(ids).float()
        for n, block in enumerate(self.decoder.block):
            x = block.self_attention(x, scores)[0]
            x = block.feed_forward(
                block.cross_attention(x, *cross[2 * n : 2 * n + 2], bias[:, None, None, :])
            )
        return self.decoder.final_layer_norm(x) * self.config.width**-0.5

    def step(self, written, rows, cross, bias, past):
        """Scaled states [I, R, width] after the last token of ``written`` [I, R, t]; and the new
        caches.
        """
        i, r, t = written.shape
        x = self.shared(written[:, :, t - 1]).reshape(i * r, 1, -1).float()
        places = torch.arange(t, device=written.device)
        scores, present = self.decoder.position_bias(places[t - 1 :], places), []
        for n, block in enumerate(self.decoder.block):
            x, k, v = block.self_attention(x, scores, past[2 * n : 2 * n + 2], rows)
            present += [k, v]
            x = block.feed_forward(
                block.cross_attention(x, *cross[2 * n : 2 * n + 2], bias[:, None, None, :])
            )
        return (self.decoder.final_layer_norm(x) * self.config.width**-0.5).reshape(
            i, r, -1
        ), present
