"""The models of one embedding space: the bag and the small encoder-decoder.

Notation: B items, D vector width, V vocabulary, T positions of the text, S memory slots.
"""

import math
from dataclasses import asdict, dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from .embedder import EncoderLayer

# Length classes: one for every length up to 32, then ranges given by their last length.
LENGTH_CLASSES = [*range(33), 40, 48, 64, 80, 96, 128, 160, 192, 224, 254]
BAG_FLOOR, BAG_SHIFT, DIFFERENCE_LIMIT = -9.0, 5.0, 6.0


def bag_difference(z: Tensor, z_hat: Tensor) -> Tensor:
    """Which words a hypothesis lacks, and which it has too many, of the two ``bag_scores``."""
    return (z - z_hat).clamp(-DIFFERENCE_LIMIT, DIFFERENCE_LIMIT)


@dataclass(frozen=True)
class ModelConfig:
    width: int = 384
    vocabulary: int = 30522
    heads: int = 12
    inner: int = 1536
    encoder_layers: int = 2
    decoder_layers: int = 4
    vector_slots: int = 4
    bag_words: int = 32
    bag_width: int = 384
    max_tokens: int = 40
    cls: int = 101
    sep: int = 102
    first_word: int = 106  # smaller ids are special or never occur
    vector_width: int = 0  # 0: vectors are as wide as the layers

    @property
    def components(self) -> int:
        """How wide vectors are."""
        return self.vector_width or self.width

    @property
    def vector_scale(self) -> float:
        """Factor of the vectors that layers read."""
        return math.sqrt(self.components) / 2.5

    def to_json(self) -> dict[str, int]:
        return asdict(self)


class Bag(nn.Module):
    """A vector to word logits [B, V] (does the word occur?) and length logits [B, classes]."""

    def __init__(self, c: ModelConfig, words: Tensor | None = None) -> None:
        super().__init__()
        self.scale = c.vector_scale
        self.inner = nn.Linear(c.components, 1024)
        self.narrow = nn.Linear(1024, c.bag_width)
        self.words = nn.Linear(c.bag_width, c.vocabulary)
        self.length = nn.Linear(1024, len(LENGTH_CLASSES))
        nn.init.constant_(self.words.bias, -7)
        if words is not None and words.shape[1] == c.bag_width:
            with torch.no_grad():
                self.words.weight.copy_(words)

    def forward(self, e: Tensor) -> tuple[Tensor, Tensor]:
        h = F.gelu(self.inner(e * self.scale))
        return self.words(self.narrow(h)), self.length(h)


class DecoderLayer(EncoderLayer):
    """Causal self-attention, cross-attention to the memory, feed-forward; post-norm."""

    def __init__(self, c):
        super().__init__(c.width, c.heads, c.inner)
        self.cross_q = nn.Linear(c.width, c.width)
        self.cross_kv = nn.Linear(c.width, 2 * c.width)
        self.cross_out = nn.Linear(c.width, c.width)
        self.cross_norm = nn.LayerNorm(c.width, eps=1e-12)
        nn.init.zeros_(self.cross_out.weight)
        nn.init.zeros_(self.cross_out.bias)

    def cross_cache(self, memory: Tensor) -> Tensor:
        """Keys and values [B, heads, S, width / heads] of the memory."""
        return self.split(self.cross_kv(memory), 2)

    def forward(self, x, bias, cross, cross_bias):
        q, k, v = self.split(self.qkv(x), 3)
        x = self.norm1(x + self.out(self.attend(q, k, v, bias)))
        (q,) = self.split(self.cross_q(x), 1)
        x = self.cross_norm(x + self.cross_out(self.attend(q, *cross, cross_bias)))
        return self.feed_forward(x)


@torch.no_grad()
def warm_start(model, embedder, *stacks):
    """Words, positions and norm of a model from the embedder's; each (layers, share) from the first
    ``share`` of its layers.
    """
    model.words.weight.copy_(embedder.words.weight)
    n = min(len(model.positions), len(embedder.positions))
    model.positions[:n] = embedder.positions[:n]
    model.norm.load_state_dict(embedder.norm.state_dict())
    last = len(embedder.layers) - 1
    for layers, share in stacks:
        for i, layer in enumerate(layers):
            source = embedder.layers[round(i * last / max(1, len(layers) - 1) * share)]
            layer.load_state_dict(source.state_dict(), strict=False)


class InversionModel(nn.Module):
    """Bag, encoder and decoder. Without a hypothesis it is the base inverter, with one the
    corrector.
    """

    def __init__(self, c, embedder=None):
        super().__init__()
        self.config = c
        d = c.width
        self.bag = Bag(c, None if embedder is None else embedder.words.weight)
        self.words = nn.Embedding(c.vocabulary, d)
        self.positions = nn.Parameter(torch.randn(c.max_tokens + 2, d) * 0.02)
        self.norm = nn.LayerNorm(d, eps=1e-12)
        self.of_target = nn.Sequential(
            nn.Linear(c.components, 768), nn.GELU(), nn.Linear(768, c.vector_slots * d)
        )
        self.of_residual = nn.Sequential(
            nn.Linear(2 * c.components, 768), nn.GELU(), nn.Linear(768, c.vector_slots * d)
        )
        self.slots = nn.Parameter(torch.randn(2 * c.vector_slots + 2, d) * 0.02)
        self.bag_features = nn.Linear(3, d)
        self.hypothesis_features = nn.Linear(3, d)
        self.encoder = nn.ModuleList(
            EncoderLayer(d, c.heads, c.inner) for _ in range(c.encoder_layers)
        )
        self.decoder = nn.ModuleList(DecoderLayer(c) for _ in range(c.decoder_layers))
        self.head = nn.Sequential(nn.Linear(d, d), nn.GELU(), nn.LayerNorm(d), nn.Linear(d, d))
        self.bias = nn.Parameter(torch.zeros(c.vocabulary))
        self.gate = nn.Linear(d, 4)
        # Weights of: bag, words already written, bag difference, pointer.
        self.weights = nn.Parameter(torch.tensor([0.6, -1.5, 0.3, 3.0]))
        self.point_q = nn.Linear(d, d)
        self.point_k = nn.Linear(d, d)
        if embedder is not None:
            warm_start(self, embedder, (self.encoder, 0.6), (self.decoder, 1))

    @torch.no_grad()
    def standardize(self, vectors: Tensor) -> None:
        """Lets the layers that read a target start from its difference to the mean of ``vectors``
        [n, D], at unit size.
        """
        mean = vectors.mean(0)
        spread = (vectors - mean).norm(dim=1).mean()
        for layer in (self.bag.inner, self.of_target[0]):
            layer.weight.div_(spread)
            layer.bias.sub_(layer.weight @ mean * self.bag.scale)

    def warm_parameters(self) -> list[nn.Parameter]:
        """The parameters that start from the embedder's and need a small learning rate."""
        out = [self.words.weight, self.positions, *self.norm.parameters()]
        for layer in [*self.encoder, *self.decoder]:
            for name, p in layer.named_parameters():
                if not name.startswith("cross"):
                    out.append(p)
        return out

    def bag_scores(self, e: Tensor) -> Tensor:
        """Shifted, floored bag logits [B, V]: the decoder's view of the bag; special words
        excluded.
        """
        z, _ = self.bag(e)
        z = z.float().clamp(min=BAG_FLOOR)
        z[:, : self.config.first_word] = BAG_FLOOR
        return z + BAG_SHIFT

    def encode(
        self,
        e: Tensor,
        z: Tensor,
        hypothesis: Tensor | None = None,
        e_hat: Tensor | None = None,
        z_hat: Tensor | None = None,
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        """Memory [B, S, d], the word of each slot [B, S] (0: none) and the attention bias [B, 1, 1,
        S].

        e, e_hat [B, D]; z, z_hat [B, V] from ``bag_scores``; hypothesis int64 [B, L] ends with the
        separator, 0 is padding.
        """
        c = self.config
        k, b = c.vector_slots, e.shape[0]
        scale = self.bag.scale
        top, words = z.topk(c.bag_words, 1)
        seen = torch.zeros_like(top)
        top_hat = seen
        if hypothesis is not None:
            seen = (words[:, :, None] == hypothesis[:, None, :]).any(-1).to(top.dtype)
            top_hat = z_hat.gather(1, words)
        features = torch.stack([top, top_hat, seen * 5], -1) * 0.2
        parts = [
            self.of_target(e * scale).view(b, k, -1) + self.slots[:k],
            self.words(words) + self.bag_features(features) + self.slots[2 * k],
        ]
        slot_words = [words.new_zeros(b, k), words]
        if hypothesis is not None:
            r = e - e_hat
            unit = r / r.norm(dim=1, keepdim=True).clamp(min=1e-3)
            parts.append(
                self.of_residual(torch.cat([unit, r], 1) * scale).view(b, k, -1)
                + self.slots[k : 2 * k]
            )
            zw, zh = z.gather(1, hypothesis), z_hat.gather(1, hypothesis)
            features = torch.stack([zw, zh, zw - zh], -1) * 0.2
            n = hypothesis.shape[1]
            parts.append(
                self.words(hypothesis)
                + self.positions[1 : n + 1]
                + self.hypothesis_features(features)
                + self.slots[2 * k + 1]
            )
            slot_words += [words.new_zeros(b, k), hypothesis]
        x = self.norm(torch.cat(parts, 1))
        word_of_slot = torch.cat(slot_words, 1)
        bias = None
        if hypothesis is not None and not torch.onnx.is_in_onnx_export():
            present = torch.ones_like(word_of_slot, dtype=torch.bool)
            present[:, -hypothesis.shape[1] :] = hypothesis > 0
            if not bool(present.all()):
                bias = torch.where(present[:, None, None, :], 0.0, -1e4).to(x.dtype)
        for layer in self.encoder:
            x = layer(x, bias)
        return x, word_of_slot, bias

    def decode(self, memory: Tensor, memory_bias: Tensor | None, ids: Tensor) -> Tensor:
        """States [B, T, d] after each prefix of ids [B, T], which start with the CLS token."""
        t = ids.shape[1]
        x = self.norm(self.words(ids) + self.positions[:t])
        causal = torch.full((t, t), -1e4, device=ids.device).triu(1).to(x.dtype)
        for layer in self.decoder:
            x = layer(x, causal, layer.cross_cache(memory), memory_bias)
        return x

    def pointer(
        self, y: Tensor, memory: Tensor, memory_bias: Tensor | None, slot_words: Tensor
    ) -> Tensor:
        """How much each state points at each memory slot that holds a word: [B, T, S]."""
        a = self.point_q(y) @ self.point_k(memory).transpose(1, 2) * (1 / math.sqrt(y.shape[-1]))
        if memory_bias is not None:
            a = a + memory_bias[:, 0]
        return a.float().softmax(-1) * (slot_words > 0)[:, None, :]

    def term_weights(self, y: Tensor) -> Tensor:
        """Gated weights [.., 4] of the additive terms of the word scores."""
        return self.weights * (1 + self.gate(y).float())
