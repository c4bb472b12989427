"""The baseline of Morris et al. 2023 (table 1): a decoder that knows of the vector by one vector
before the text.

A decoder-only language model reads one linear map of the target vector as if it were its first
token, then the text. It corrects nothing. There GPT-2 is fine-tuned; here the decoder's layers
start from the embedder's.

Its package has three graphs (notation of ``graphs``): ``first``, vector [I, D] to what the prefix
adds to each layer's self-attention, cross_k_n and cross_v_n [I, heads, 1, width / heads];
``select``; and ``step``, as of the other models.
"""

import argparse
import logging
import time
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from . import noise
from .command import set_command
from .embedder import EncoderLayer
from .export import PackageOptions, add_package_arguments, write_graphs, write_manifest
from .graphs import NEXT_WORDS, Select, allowed_words
from .model import warm_start
from .train import (
    RANDOM_WORDS,
    TrainingOptions,
    WordFrequencies,
    add_training_arguments,
    embedded_texts,
    load_checkpoint,
    save_checkpoint,
)

KIND = "vec2text-prefix"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PrefixConfig:
    width: int
    vocabulary: int
    heads: int
    inner: int
    decoder_layers: int = 4
    max_tokens: int = 40
    cls: int = 101
    sep: int = 102
    first_word: int = 106


class PrefixDecoder(nn.Module):
    """Vectors [B, D] and ids [B, T] that begin with the CLS token to states [B, T, D] after each
    prefix of the ids.
    """

    def __init__(self, c, embedder=None):
        super().__init__()
        self.config = c
        self.of_vector = nn.Linear(c.width, c.width)
        self.words = nn.Embedding(c.vocabulary, c.width)
        self.positions = nn.Parameter(torch.randn(c.max_tokens + 2, c.width) * 0.02)
        self.norm = nn.LayerNorm(c.width, eps=1e-12)
        self.layers = nn.ModuleList(
            EncoderLayer(c.width, c.heads, c.inner) for _ in range(c.decoder_layers)
        )
        self.head = nn.Sequential(
            nn.Linear(c.width, c.width),
            nn.GELU(),
            nn.LayerNorm(c.width),
            nn.Linear(c.width, c.width),
        )
        self.bias = nn.Parameter(torch.zeros(c.vocabulary))
        if embedder is not None:
            warm_start(self, embedder, (self.layers, 1))

    def prefix(self, e):
        """The one vector before the text, [B, 1, D]."""
        return self.norm(self.of_vector(e * self.config.width**0.5))[:, None]

    def forward(self, e, ids):
        t = ids.shape[1] + 1
        x = torch.cat([self.prefix(e), self.norm(self.words(ids) + self.positions[: t - 1])], 1)
        causal = torch.full((t, t), -1e4, device=ids.device).triu(1).to(x.dtype)
        for layer in self.layers:
            x = layer(x, causal)
        return x[:, 1:]

    def logits(self, y, words=slice(None)):
        """Of states [.., D], for some words or all."""
        return (self.head(y) @ self.words.weight[words].t()).float() + self.bias[words]


class First(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, vector):
        x, out = self.model.prefix(vector), []
        for layer in self.model.layers:
            q, k, v = layer.split(layer.qkv(x), 3)
            out += [k, v]
            x = layer.attended(x, q, k, v)
        return tuple(out)


class Step(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model
        self.register_buffer("allowed", allowed_words(model.config))

    def forward(self, written, rows, *caches):
        m, n = self.model, 2 * len(self.model.layers)
        i, r, t = written.shape
        d = m.config.width
        x = m.norm(m.words(written[:, :, t - 1]) + m.positions[t - 1]).reshape(i * r, 1, d)
        item = torch.arange(i)[:, None].expand(i, r).reshape(-1)
        present = []
        for depth, layer in enumerate(m.layers):
            q, *own = layer.split(layer.qkv(x), 3)
            own = [
                torch.cat([past.index_select(0, rows), new], 2)
                for past, new in zip(caches[n + 2 * depth :], own, strict=False)
            ]
            present += own
            k, v = (
                torch.cat([prefix.index_select(0, item), text], 2)
                for prefix, text in zip(caches[2 * depth :], own, strict=False)
            )
            x = layer.attended(x, q, k, v)
        log_p = (m.logits(x.reshape(i, r, d)) + self.allowed).log_softmax(-1)
        top, words = log_p.topk(min(NEXT_WORDS, m.config.vocabulary), -1)
        return (top, words.to(torch.int32), *present)


def graphs(model, i=3, r=5, t=7):
    """As ``graphs.graphs``."""
    c, n = model.config, len(model.layers)
    g = torch.Generator().manual_seed(3)

    def names(kind):
        return [f"{kind}_{kv}_{layer}" for layer in range(n) for kv in "kv"]

    cross, past, present = names("cross"), names("past"), names("present")
    first, head_width = First(model).eval(), c.width // c.heads
    vector = F.normalize(torch.randn(i, c.width, generator=g), dim=1)
    with torch.no_grad():
        memory = dict(zip(cross, first(vector), strict=True))
    written = torch.randint(c.first_word, c.vocabulary, (i, r, t), generator=g)
    written[..., 0] = c.cls
    step = {"written": written, "rows": torch.randint(0, 4, (i * r,), generator=g)} | memory
    step |= {k: torch.randn(4, c.heads, t - 1, head_width, generator=g) for k in past}
    items, rows = {0: "items"}, {0: "items", 1: "rows"}
    axes = {k: items for k in ("vector", *cross)} | {
        k: {0: "chosen"} for k in (f"selected_{k}" for k in cross)
    }
    axes |= {
        "item": {0: "chosen"},
        "rows": {0: "row"},
        "written": rows | {2: "tokens"},
        "log_probabilities": rows,
        "next_words": rows,
    }
    axes |= {k: {0: "past_rows", 2: "past_tokens"} for k in past} | {
        k: {0: "row", 2: "tokens"} for k in present
    }
    return {
        "first": (first, {"vector": vector}, cross, axes),
        "select": (
            Select(),
            {"item": torch.arange(i - 1, 0, -1)} | memory,
            [f"selected_{k}" for k in cross],
            axes,
        ),
        "step": (Step(model).eval(), step, ["log_probabilities", "next_words", *present], axes),
    }


def batches(rng, lengths, size):
    """Indices [size] of texts of about the same length."""
    while True:
        pool = rng.integers(0, len(lengths), 20 * size)
        pool = pool[np.argsort(lengths[pool], kind="stable")].reshape(20, size)
        yield from pool[rng.permutation(20)]


def loss(model, frequencies, rng, texts, e, full=False):
    """(cross-entropy of all next tokens in nats, accuracy); over a sample of the words unless
    ``full``.
    """
    c, dev = model.config, e.device
    x = torch.from_numpy(noise.pad(texts, c.sep)).to(dev)
    inputs = torch.cat([x.new_full((len(x), 1), c.cls), x[:, :-1]], 1)
    y = model(e, inputs)[x > 0]
    targets = x[x > 0]
    if full:
        logits, goal = model.logits(y), targets
    else:
        random = torch.from_numpy(frequencies.draw(rng, RANDOM_WORDS)).to(dev)
        words, goal = torch.cat([targets, random]).unique(return_inverse=True)
        goal = goal[: len(targets)]
        logits = model.logits(y, words) - frequencies.log_q[words]
    return F.cross_entropy(logits, goal), (logits.argmax(1) == goal).float().mean()


@dataclass(frozen=True, kw_only=True)
class PrefixTraining(TrainingOptions, PackageOptions):
    """How to train the prefix baseline, and the package to make of it."""

    decoder_layers: int
    sentences: int
    batch: int
    rate: float
    save_minutes: float
    threads: int | None


def train_prefix(options: PrefixTraining) -> None:
    torch.set_num_threads(options.threads or torch.get_num_threads())
    torch.manual_seed(options.seed)
    embedder = options.load(options.device)
    state = load_checkpoint(options.checkpoint, options.device)
    config = (
        PrefixConfig(**state["config"])
        if state
        else PrefixConfig(
            width=embedder.width,
            vocabulary=embedder.words.num_embeddings,
            heads=embedder.config.heads,
            inner=embedder.inner,
            decoder_layers=options.decoder_layers,
        )
    )
    texts, vectors, _ = embedded_texts(
        embedder, options.corpus, options.sentences, 0, options.device, options.bf16
    )
    held = min(1000, len(texts) // 10)  # the last are for the report
    lengths = np.array([len(t) for t in texts])
    frequencies = WordFrequencies(
        np.concatenate(texts), config.vocabulary, config.sep, options.batch, options.device
    )
    model = PrefixDecoder(config, embedder).to(options.device)
    if state:
        model.load_state_dict(state["model"])
    else:
        with torch.no_grad():
            model.bias.copy_((frequencies.p + 1e-7).log())
    optimizer = torch.optim.AdamW(model.parameters(), betas=(0.9, 0.98), weight_decay=0.01)
    if state:
        optimizer.load_state_dict(state["optimizer"])
    step, seen, before = state.get("step", 0), state.get("seen", 0), state.get("minutes", 0.0)
    rng, t0, saved, mean = (
        np.random.default_rng(options.seed + step),
        time.time(),
        time.time(),
        None,
    )

    def save():
        save_checkpoint(
            options.checkpoint,
            model=model.state_dict(),
            optimizer=optimizer.state_dict(),
            config=asdict(config),
            step=step,
            seen=seen,
            minutes=before + (time.time() - t0) / 60,
        )

    for chosen in batches(rng, lengths[: len(texts) - held], options.batch):
        spent = (time.time() - t0) / 60
        if spent >= options.minutes:
            break
        for group in optimizer.param_groups:
            group["lr"] = (
                options.rate * min(1, (step + 1) / 200) * max(0.02, 1 - spent / options.minutes)
            )
        e = vectors[chosen].float().to(options.device)
        with torch.autocast(options.device, torch.bfloat16, enabled=options.bf16):
            value, accuracy = loss(model, frequencies, rng, [texts[i] for i in chosen], e)
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step, seen = step + 1, seen + len(chosen)
        found = np.array([value.item(), accuracy.item()])
        mean = found if mean is None else 0.98 * mean + 0.02 * found
        if step % 100 == 0:
            log.info("%.1fm step %d seen %d loss %.3f/%.3f", before + spent, step, seen, *mean)
        if time.time() - saved > 60 * options.save_minutes:
            saved = time.time()
            save()
    save()
    report(
        model, texts[len(texts) - held :], vectors[len(texts) - held :].float().to(options.device)
    )
    export(options, model.cpu().eval(), load_checkpoint(options.checkpoint))


@torch.no_grad()
def report(model, texts, vectors):
    """Cross-entropy over all words and accuracy, of texts that were not trained on."""
    values = [
        [
            v.item()
            for v in loss(model, None, None, texts[i : i + 50], vectors[i : i + 50], full=True)
        ]
        for i in range(0, len(texts), 50)
    ]
    value, accuracy = np.mean(values, 0)
    print(f"held out: loss {value:.3f}, accuracy {accuracy:.3f}")


def export(options: PackageOptions, model: PrefixDecoder, state: dict[str, Any]) -> None:
    """The package of a trained model; ``state`` is its checkpoint."""
    c, output = model.config, options.output
    specs, others = graphs(model), graphs(model, i=4, r=2, t=5)
    reports, _ = write_graphs(specs, others, options.dtype, output)
    write_manifest(
        options,
        list(specs),
        c.width,
        kind=KIND,
        tokens=dict(cls=c.cls, sep=c.sep, pad=0, firstWord=c.first_word, vocabulary=c.vocabulary),
        range=dict(minTokens=4, maxTokens=32, maxDecode=c.max_tokens),
        decoder=dict(layers=c.decoder_layers, heads=c.heads, headWidth=c.width // c.heads),
        training=dict(
            texts=state["seen"],
            minutes=round(state["minutes"], 1),
            steps=state["step"],
            weights=options.dtype,
            corpora=options.corpora,
            differences=reports,
            config=asdict(c),
        ),
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_training_arguments(parser)
    add_package_arguments(parser)
    parser.add_argument(
        "--decoder-layers",
        type=int,
        default=PrefixConfig.decoder_layers,
        help="of a model that is not there yet",
    )
    parser.add_argument(
        "--sentences", type=int, default=200_000, help="how many of the corpus to train on"
    )
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--save-minutes", type=float, default=10)
    parser.add_argument("--threads", type=int)
    set_command(parser, train_prefix, PrefixTraining)
