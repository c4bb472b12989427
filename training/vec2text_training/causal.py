"""A language model of the Llama family out of a GGUF file: weights, tokenizer, chat template and a
forward pass of its own.

Notation: B prompts, T tokens, d width, H heads of size s, K of them with keys and values of their
own, V vocabulary. State = what the last layer gives at a position, after the final norm; the
log-probabilities of the next token are log softmax(W state), W [V, d] the output matrix.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
import torch
import torch.nn.functional as F
from jinja2.sandbox import ImmutableSandboxedEnvironment
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from torch import Tensor, nn

CONTROL = 3
"""Token type of GGUF: a token that no text has, such as the begin of a turn."""


@dataclass(frozen=True)
class CausalConfig:
    width: int
    vocabulary: int
    layers: int
    heads: int
    key_heads: int
    inner: int
    rope_base: float
    epsilon: float
    context: int

    @property
    def head_size(self) -> int:
        return self.width // self.heads


@dataclass(frozen=True)
class Template:
    """What the chat template puts before and after the prompt of a user; both may be empty."""

    before: str
    after: str


@dataclass(frozen=True)
class CausalFile:
    """What a GGUF file holds."""

    name: str
    licence: str
    model: "CausalModel"
    tokenizer: Tokenizer
    template: Template


class Layer(nn.Module):
    """One layer; x [B, T, d], with P keys and values [B, K, P, s] of what came before."""

    def __init__(self, c: CausalConfig) -> None:
        super().__init__()
        self.c = c
        s = c.head_size
        self.q = nn.Linear(c.width, c.heads * s, bias=False)
        self.k = nn.Linear(c.width, c.key_heads * s, bias=False)
        self.v = nn.Linear(c.width, c.key_heads * s, bias=False)
        self.o = nn.Linear(c.heads * s, c.width, bias=False)
        self.gate = nn.Linear(c.width, c.inner, bias=False)
        self.up = nn.Linear(c.width, c.inner, bias=False)
        self.down = nn.Linear(c.inner, c.width, bias=False)
        self.norm = nn.Parameter(torch.ones(c.width))
        self.inner_norm = nn.Parameter(torch.ones(c.width))

    def forward(
        self, x: Tensor, turn: tuple[Tensor, Tensor], bias: Tensor, past: tuple[Tensor, Tensor]
    ) -> tuple[Tensor, Tensor, Tensor]:
        """The new x, and all keys and values."""
        b, t, _ = x.shape
        s, groups = self.c.head_size, self.c.heads // self.c.key_heads
        y = rms(x, self.norm, self.c.epsilon)
        q = rotated(self.q(y).view(b, t, -1, s).transpose(1, 2), turn)
        k = rotated(self.k(y).view(b, t, -1, s).transpose(1, 2), turn)
        v = self.v(y).view(b, t, -1, s).transpose(1, 2)
        keys = torch.cat([past[0].expand(b, -1, -1, -1), k], 2)
        values = torch.cat([past[1].expand(b, -1, -1, -1), v], 2)
        # All heads of a group at once: [B, K, groups, T, s] by [B, K, 1, s, P + T].
        q = q.reshape(b, self.c.key_heads, groups, t, s)
        weights = (q @ keys[:, :, None].transpose(3, 4) / math.sqrt(s) + bias).softmax(-1)
        heads = (weights @ values[:, :, None]).reshape(b, self.c.heads, t, s)
        x = x + self.o(heads.transpose(1, 2).reshape(b, t, -1))
        y = rms(x, self.inner_norm, self.c.epsilon)
        return x + self.down(F.silu(self.gate(y)) * self.up(y)), keys, values


class CausalModel(nn.Module):
    """Token ids [B, T] to states [B, T, d]."""

    def __init__(self, c: CausalConfig) -> None:
        super().__init__()
        self.c = c
        self.words = nn.Embedding(c.vocabulary, c.width)
        self.layers = nn.ModuleList(Layer(c) for _ in range(c.layers))
        self.norm = nn.Parameter(torch.ones(c.width))
        self.output = nn.Parameter(torch.zeros(c.vocabulary, c.width))

    def past(self) -> list[tuple[Tensor, Tensor]]:
        """No keys and values."""
        none = torch.zeros(1, self.c.key_heads, 0, self.c.head_size)
        return [(none, none)] * self.c.layers

    def forward(
        self, ids: Tensor, past: list[tuple[Tensor, Tensor]] | None = None
    ) -> tuple[Tensor, list[tuple[Tensor, Tensor]]]:
        """States, and all keys and values."""
        past = self.past() if past is None else past
        done, t = past[0][0].shape[2], ids.shape[1]
        turn = angles(self.c, done, t, ids)
        bias = torch.full((t, done + t), -1e9).triu(done + 1)
        x, cache = self.words(ids), []
        for layer, before in zip(self.layers, past, strict=True):
            x, keys, values = layer(x, turn, bias, before)
            cache.append((keys, values))
        return rms(x, self.norm, self.c.epsilon), cache

    def log_probabilities(self, states: Tensor) -> Tensor:
        return (states @ self.output.T).log_softmax(-1)


class AfterPrefix(nn.Module):
    """The model once it has read what the template puts before a prompt: ids [B, T] of what
    follows to states [B, T, d]. The keys and values of the prefix are constants of the graph.
    """

    def __init__(self, model: CausalModel, prefix: list[int]) -> None:
        super().__init__()
        self.model, self.length = model, len(prefix)
        if prefix:
            with torch.no_grad():
                _, cache = model(torch.tensor([prefix]))
            self.keys = nn.ParameterList(nn.Parameter(k, False) for k, _ in cache)
            self.values = nn.ParameterList(nn.Parameter(v, False) for _, v in cache)

    def forward(self, ids: Tensor) -> Tensor:
        past = list(zip(self.keys, self.values, strict=True)) if self.length else None
        states, _ = self.model(ids, past)
        return states


def rms(x: Tensor, scale: Tensor, epsilon: float) -> Tensor:
    return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + epsilon) * scale


def angles(c: CausalConfig, done: int, t: int, like: Tensor) -> tuple[Tensor, Tensor]:
    """Cosines and sines [T, s] of the positions from ``done`` on."""
    rates = c.rope_base ** (-torch.arange(0, c.head_size, 2, dtype=torch.float32) / c.head_size)
    # Counted by the ids, so that the exported graph takes any number of them.
    positions = torch.cumsum(torch.ones_like(like[0]), 0).float() + (done - 1)
    at = positions[:, None] * torch.cat([rates, rates])[None]
    return at.cos(), at.sin()


def rotated(x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    half = x.shape[-1] // 2
    return x * turn[0] + torch.cat([-x[..., half:], x[..., :half]], -1) * turn[1]


def read(file: Path) -> CausalFile:
    """Reads a GGUF file.

    Raises ValueError for another architecture than llama, or a tokenizer that isn't known.
    """
    reader = gguf.GGUFReader(file)
    fields = {name: field for name, field in reader.fields.items()}

    def value(name: str, default=None):
        if name not in fields and default is None:
            raise ValueError(f"{file} has no {name}")
        return fields[name].contents() if name in fields else default

    architecture = value("general.architecture")
    if architecture != "llama":
        raise ValueError(f"{file} holds a model of the family {architecture}, expected llama")
    weights = {t.name: torch.from_numpy(values(t)) for t in reader.tensors}
    tokens = value("tokenizer.ggml.tokens")
    heads = value("llama.attention.head_count")
    config = CausalConfig(
        width=value("llama.embedding_length"),
        vocabulary=len(tokens),
        layers=value("llama.block_count"),
        heads=heads,
        key_heads=value("llama.attention.head_count_kv", heads),
        inner=value("llama.feed_forward_length"),
        rope_base=float(value("llama.rope.freq_base", 10000.0)),
        epsilon=float(value("llama.attention.layer_norm_rms_epsilon")),
        context=value("llama.context_length"),
    )
    model = CausalModel(config)
    model.load_state_dict(renamed(config, weights))
    return CausalFile(
        name=value("general.name", file.stem),
        licence=value("general.license", "unknown"),
        model=model.eval(),
        tokenizer=tokenizer(
            value("tokenizer.ggml.model"),
            value("tokenizer.ggml.pre", "default"),
            tokens,
            value("tokenizer.ggml.merges"),
            value("tokenizer.ggml.token_type"),
        ),
        template=template(value("tokenizer.chat_template", "{{ messages[0]['content'] }}")),
    )


def values(tensor) -> np.ndarray:
    """The weights of a tensor, float32, rows first."""
    array = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
    shape = [int(n) for n in reversed(tensor.shape)]
    return np.array(array, np.float32).reshape(shape)


def renamed(c: CausalConfig, weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """The state of a ``CausalModel`` from weights by their names in a GGUF file."""
    state = {"words.weight": weights["token_embd.weight"], "norm": weights["output_norm.weight"]}
    state["output"] = weights.get("output.weight", state["words.weight"])
    names = dict(
        q="attn_q", k="attn_k", v="attn_v", o="attn_output", gate="ffn_gate", up="ffn_up"
    ) | dict(down="ffn_down")
    for i in range(c.layers):
        for own, theirs in names.items():
            w = weights[f"blk.{i}.{theirs}.weight"]
            if own in ("q", "k"):
                w = halves(w, c.head_size)
            state[f"layers.{i}.{own}.weight"] = w
        state[f"layers.{i}.norm"] = weights[f"blk.{i}.attn_norm.weight"]
        state[f"layers.{i}.inner_norm"] = weights[f"blk.{i}.ffn_norm.weight"]
    return state


def halves(w: Tensor, head_size: int) -> Tensor:
    """Rows of heads, in which GGUF puts the two that turn together side by side, in halves."""
    pairs = w.view(-1, head_size // 2, 2, w.shape[-1])
    return pairs.transpose(1, 2).reshape(w.shape)


def tokenizer(
    kind: str, pre: str, tokens: list[str], merges: list[str], types: list[int]
) -> Tokenizer:
    """Byte-level BPE, as a ``tokenizer.json`` holds it."""
    if kind != "gpt2" or pre not in ("smollm", "gpt-2"):
        raise ValueError(f"the tokenizer is {kind} ({pre}), expected gpt2 (smollm or gpt-2)")
    made = Tokenizer(
        models.BPE(
            vocab={t: i for i, t in enumerate(tokens)},
            merges=[(left, right) for left, right in (m.split(" ") for m in merges)],
        )
    )
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    made.pre_tokenizer = (
        pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), byte_level])
        if pre == "smollm"
        else byte_level
    )
    made.decoder = decoders.ByteLevel()
    control = [t for t, kind_of in zip(tokens, types, strict=True) if kind_of == CONTROL]
    made.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in control])
    return made


def template(source: str) -> Template:
    """What a chat template puts around a prompt that is the first message of a user."""
    mark = "\u2603prompt\u2603"
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    text = environment.from_string(source).render(
        messages=[{"role": "user", "content": mark}],
        add_generation_prompt=True,
        bos_token="",
        eos_token="",
    )
    before, found, after = text.partition(mark)
    if not found or mark in after:
        raise ValueError("the chat template does not hold the prompt once, as it is")
    return Template(before, after)
