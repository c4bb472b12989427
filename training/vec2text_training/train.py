"""Training: first the bag alone, then bag, encoder and decoder on base and correction examples in
turn.

One checkpoint file, written atomically every ten minutes and at the end; every command resumes from
it. The learning rate is constant after a warm-up, the exported weights are an exponential moving
average.
"""

import argparse
import logging
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from . import noise
from .command import set_command
from .corpus import BUCKETS, MAX_TOKENS, SPAN_BUCKETS, Normaliser, load_token_set
from .embedder import Embedder, EmbedderSource, embed
from .graphs import sample
from .model import LENGTH_CLASSES, Bag, InversionModel, ModelConfig, bag_difference

Texts = list[list[int]]  # without special tokens

RANDOM_WORDS = 1500
EMBEDDED_AT_ONCE = 5_000
PASSAGES = 16  # sentences of a batch for each passage that the bag is shown
MATRIX_RATE = 1.3  # of Muon's steps on matrices, in AdamW's
REWRITTEN = 0.3  # of the correction steps start from the model's own texts
STEPS_BLURRED = 0.5  # of the correction steps with blurred targets: only the step is blurred
BLUR_TEXTS = 4_096
WARM_UP = 200  # steps over which the rates rise
BLUR_POWER = 0.9

log = logging.getLogger(__name__)


class TokenSet:
    """Random access to the texts of a token set, and to the vectors that it may have of them."""

    def __init__(self, directory: Path) -> None:
        self.tokens, self.starts = load_token_set(directory)
        file = directory / "vectors.npy"
        self.vectors = np.load(file, mmap_mode="r") if file.exists() else None

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, i: int) -> list[int]:
        ids: list[int] = self.tokens[self.starts[i] : self.starts[i + 1]].tolist()
        return ids

    def lengths(self) -> np.ndarray:
        return np.diff(self.starts)


@dataclass(frozen=True, kw_only=True)
class TrainingOptions(EmbedderSource):
    """What all training has in common.

    corpus: directory made by the corpus command; bf16: whether to compute in bfloat16.
    """

    corpus: Path
    checkpoint: Path
    minutes: float
    device: str
    seed: int
    bf16: bool


@dataclass(frozen=True, kw_only=True)
class BagTraining(TrainingOptions):
    """How to train the bag. Layers are those of a model that is not there yet."""

    encoder_layers: int
    decoder_layers: int
    sentences: int
    passages: int
    batch: int
    rate: float


@dataclass(frozen=True, kw_only=True)
class Training(TrainingOptions):
    """How to train bag, encoder and decoder.

    shares, span_shares, view_shares: of the batches, one a bucket of ``BUCKETS``,
    ``SPAN_BUCKETS`` and again ``BUCKETS``; max_tokens: that the model can write, if more than it
    can already; blur: share of batches with blurred targets; corrections: correction steps for each
    base step; cooldown: last minutes, over which the rate falls; threads: of PyTorch, by default
    its own choice.
    """

    encoder_layers: int
    decoder_layers: int
    dev: Path | None
    batch: int
    shares: Sequence[float]
    span_shares: Sequence[float]
    view_shares: Sequence[float]
    max_tokens: int
    blur: float
    corrections: float
    rate: float
    warm_rate: float
    cooldown: float
    save_minutes: float
    exact_vectors: bool
    threads: int | None


def model_config(
    embedder: Embedder, encoder_layers: int, decoder_layers: int, max_tokens: int = 0
) -> ModelConfig:
    """Sizes of a model that is warm-started from an embedder; only the depth is to be chosen."""
    return ModelConfig(
        width=embedder.width,
        bag_width=embedder.width,
        vocabulary=embedder.words.num_embeddings,
        heads=embedder.config.heads,
        inner=embedder.inner,
        encoder_layers=encoder_layers,
        decoder_layers=decoder_layers,
        max_tokens=max(ModelConfig.max_tokens, max_tokens),
    )


def save_checkpoint(path: Path, **state: Any) -> None:
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    torch.save(state, temporary)
    os.replace(temporary, path)


def load_checkpoint(path: Path, device: str = "cpu") -> dict[str, Any]:
    return torch.load(path, map_location=device, weights_only=True) if Path(path).exists() else {}


# --------------------------------------------------------------------------------------------- bag


def bag_loss(z: Tensor, length: Tensor, x: Tensor, classes: Tensor) -> Tensor:
    """Cross-entropy in nats an item, of all words of ``x`` [B, T] (0 is padding) and of the length
    class.
    """
    present = torch.zeros_like(z, dtype=torch.float32).scatter_(1, x, 1.0)
    present[:, 0] = 0
    z = z.float()
    return (F.softplus(z).sum(1) - (z * present).sum(1)).mean() + F.cross_entropy(
        length.float(), classes
    )


def cached_vectors(
    path: Path, embedder: Embedder, texts: Sequence[Sequence[int]], device: str, bf16: bool = True
) -> Tensor:
    """Vectors float16 [n, D] of token lists, from a file that grows as they are made and is named
    ``path`` once whole.
    """
    if not path.exists():
        partial = path.with_suffix(".part")
        new = not partial.exists()
        if new:
            shape = (len(texts), embedder.width)
            out = np.lib.format.open_memmap(partial, "w+", dtype=np.float16, shape=shape)
        else:
            out = np.lib.format.open_memmap(partial, "r+")
        # No vector is 0: what is has not been made yet.
        done = int((out != 0).any(1).sum()) // EMBEDDED_AT_ONCE * EMBEDDED_AT_ONCE
        for i in range(done, len(texts), EMBEDDED_AT_ONCE):
            out[i : i + EMBEDDED_AT_ONCE] = (
                embed(embedder, texts[i : i + EMBEDDED_AT_ONCE], bf16=bf16, device=device)
                .half()
                .cpu()
                .numpy()
            )
            out.flush()
            log.info(f"embedded {min(len(texts), i + EMBEDDED_AT_ONCE)} of {len(texts)}")
        os.replace(partial, path)
    return torch.from_numpy(np.load(path))


def embedded_texts(
    embedder: Embedder, corpus: Path, sentences: int, passages: int, device: str, bf16: bool
) -> tuple[list[list[int]], Tensor, int]:
    """The last ``sentences`` and the first ``passages`` of a corpus, and their vectors.

    Returns (texts, vectors float16 [texts, D], how many of them are sentences); vectors are kept
    with the corpus.
    """
    all_sentences, all_passages = TokenSet(corpus / "train"), TokenSet(corpus / "passages")
    n, m = min(sentences, len(all_sentences)), min(passages, len(all_passages))
    texts = [all_sentences[i] for i in range(len(all_sentences) - n, len(all_sentences))]
    texts += [all_passages[i] for i in range(m)]
    return texts, cached_vectors(corpus / f"vectors-{n}-{m}.npy", embedder, texts, device, bf16), n


def train_bag(options: BagTraining) -> None:
    """Trains the bag alone, of a new model or of a checkpoint's."""
    torch.manual_seed(options.seed)
    embedder = options.load(options.device)
    state = load_checkpoint(options.checkpoint, options.device)
    config = (
        ModelConfig(**state["config"])
        if state
        else model_config(embedder, options.encoder_layers, options.decoder_layers)
    )
    model = InversionModel(config, embedder).to(options.device)
    if state:
        model.load_state_dict(state["model"])
    texts, vectors, n = embedded_texts(
        embedder, options.corpus, options.sentences, options.passages, options.device, options.bf16
    )
    m = len(texts) - n
    if not state:
        model.standardize(vectors[:n].float().to(options.device))
    width = max(map(len, texts))
    ids = np.zeros((len(texts), width), np.uint16)
    for row, t in zip(ids, texts, strict=True):
        row[: len(t)] = t
    lengths = np.array([len(t) for t in texts])
    classes = torch.from_numpy(np.searchsorted(LENGTH_CLASSES, lengths))
    bag = model.bag
    optimizer = torch.optim.AdamW(
        [
            dict(params=[bag.words.weight], base=options.rate / 2),
            dict(
                params=[p for p in bag.parameters() if p is not bag.words.weight], base=options.rate
            ),
        ],
        betas=(0.9, 0.98),
        weight_decay=0.01,
    )
    rng, t0, step, mean, limit = (
        np.random.default_rng(options.seed),
        time.time(),
        0,
        None,
        options.minutes * 60,
    )
    held = min(4000, n // 10)  # the last sentences of the slice are for the report
    while (elapsed := time.time() - t0) < limit:
        for g in optimizer.param_groups:
            g["lr"] = g["base"] * min(1, (step + 1) / 100) * max(0.02, 1 - elapsed / limit)
        i = np.concatenate(
            [
                rng.integers(0, n - held, options.batch * 9 // 10),
                rng.integers(n, n + m, options.batch // 10),
            ]
        )
        x = torch.from_numpy(ids[i].astype(np.int64)).to(options.device)
        e = vectors[i].float().to(options.device)
        with torch.autocast(options.device, torch.bfloat16, enabled=options.bf16):
            z, length = bag(e)
        loss = bag_loss(z, length, x, classes[i].to(options.device))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(bag.parameters(), 5.0)
        optimizer.step()
        step += 1
        mean = loss.item() if mean is None else 0.97 * mean + 0.03 * loss.item()
        if step % 100 == 0:
            log.info(f"bag step {step} {elapsed:.0f}s loss {mean:.3f}")
    report_bag(bag.eval(), ids, vectors, lengths, range(n - held, n), config.first_word)
    save_checkpoint(options.checkpoint, model=model.state_dict(), config=config.to_json())


@torch.no_grad()
def report_bag(
    bag: Bag, ids: np.ndarray, vectors: Tensor, lengths: np.ndarray, rows: range, first_word: int
) -> None:
    for low, high in BUCKETS:
        k = [i for i in rows if low <= lengths[i] <= high][:500]
        if not k:
            continue
        z, length = bag(vectors[k].float())
        z[:, :first_word] = -99
        recall = {}
        for factor in (1.0, 1.5, 2.0, 3.0):
            found = []
            for row, i in zip(z, k, strict=True):
                words = set(ids[i][: lengths[i]].tolist())
                found.append(
                    len(words & set(row.topk(int(factor * lengths[i])).indices.tolist()))
                    / len(words)
                )
            recall[factor] = round(float(np.mean(found)), 3)
        error = length.argmax(1).numpy() - lengths[k]
        log.info(f"bag {low}-{high} recall {recall} length error {np.abs(error).mean():.2f}")


# --------------------------------------------------------------------------------- encoder-decoder


class WordFrequencies:
    """Of words in ``tokens``: their shares ``p`` [V], and ``log_q`` [V], how likely a sampled
    softmax sees them.
    """

    def __init__(
        self, tokens: np.ndarray, vocabulary: int, sep: int, batch: int, device: str
    ) -> None:
        counts = np.bincount(tokens, minlength=vocabulary).astype(np.float64)
        p = counts / counts.sum()
        r = p**0.5 / (p**0.5).sum()
        self.cumulative = np.cumsum(r)
        # Words enter the sampled softmax as a target or input somewhere in the batch, or at random.
        chance = 1 - np.exp(-p * batch * 20) + RANDOM_WORDS * r
        log_q = np.log(np.clip(chance, 1e-6, 1))
        log_q[sep] = 0
        self.p = torch.from_numpy(p).float().to(device)
        self.log_q = torch.from_numpy(log_q).float().to(device)

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Words int64 [n], at random by the square root of how frequent they are."""
        return np.searchsorted(self.cumulative, rng.random(n)).clip(0, len(self.p) - 1)


def lengthen(state: dict[str, Any], max_tokens: int, positions: Tensor) -> None:
    """Lets the model of a checkpoint write ``max_tokens`` tokens; new places start as the
    embedder's, and the optimizer anew.
    """
    for weights in filter(None, (state["model"], state.get("average"))):
        known = weights["positions"]
        weights["positions"] = torch.cat([known, positions[len(known) : max_tokens + 2].to(known)])
    state["config"]["max_tokens"] = max_tokens
    state.pop("optimizers", None)


def blur_factor(vectors: Tensor) -> Tensor:
    """A factor [D, D] of the covariance that the errors of a linear map from another embedder have,
    up to scale.

    Its eigenvectors are those of the vectors' own covariance, its eigenvalues their BLUR_POWER-th
    power (EXPERIMENTS.md).
    """
    centred = vectors.float() - vectors.float().mean(0)
    values, directions = torch.linalg.eigh(centred.T @ centred / len(centred))
    return directions * values.clamp(min=1e-8).pow(BLUR_POWER / 2) @ directions.T


class Trainer:
    """Trains bag, encoder and decoder together; holds all that a checkpoint does."""

    def __init__(self, options: Training) -> None:
        self.options, self.device = options, options.device
        self.embedder = options.load(options.device)
        state = load_checkpoint(options.checkpoint, options.device)
        if state and options.max_tokens > state["config"]["max_tokens"]:
            lengthen(state, options.max_tokens, self.embedder.positions)
        self.config = (
            ModelConfig(**state["config"])
            if state
            else model_config(
                self.embedder, options.encoder_layers, options.decoder_layers, options.max_tokens
            )
        )
        self.model = InversionModel(self.config, None if state else self.embedder)
        self.model.to(self.device)
        if state:
            self.model.load_state_dict(state["model"])
        self.corpus = TokenSet(options.corpus / "train")
        passages = options.corpus / "passages"
        self.passages = TokenSet(passages) if passages.exists() else None
        self.spans = TokenSet(options.corpus / "spans") if any(options.span_shares) else None
        self.views = TokenSet(options.corpus / "views") if any(options.view_shares) else None
        sample = np.asarray(self.corpus.tokens[:8_000_000])
        self.frequencies = WordFrequencies(
            sample, self.config.vocabulary, self.config.sep, options.batch, self.device
        )
        if "step" not in state:
            with torch.no_grad():
                self.model.bias.copy_((self.frequencies.p + 1e-7).log() * 0.3 + 2)
                self.model.bias[self.config.sep] = 4
        self.optimizers = self.make_optimizers()
        for optimizer, saved in zip(self.optimizers, state.get("optimizers", []), strict=False):
            rates = [g["base"] for g in optimizer.param_groups]
            optimizer.load_state_dict(saved)
            for g, rate in zip(optimizer.param_groups, rates, strict=True):
                g["base"] = rate
        self.blur_factor: Tensor | None = None
        self.step, self.seen, self.minutes = (
            state.get("step", 0),
            state.get("seen", 0),
            state.get("minutes", 0.0),
        )
        self.average = state.get("average") or {
            k: v.clone() for k, v in self.model.state_dict().items()
        }
        self.rng = np.random.default_rng(options.seed + self.step)
        torch.manual_seed(options.seed + self.step)

    def make_optimizers(self) -> list[torch.optim.Optimizer]:
        """AdamW for tables, vectors and scalars; Muon for matrices; AdamW for the bag, which learns
        for itself.
        """
        options, m = self.options, self.model
        bag, scalars = list(m.bag.parameters()), [m.bias, m.weights]
        of_bag, warm = {id(p) for p in bag}, {id(p) for p in m.warm_parameters()}
        tables = {id(p) for p in (m.words.weight, m.positions, m.slots)}
        rest = [p for p in m.parameters() if id(p) not in of_bag | {id(p) for p in scalars}]
        matrices = [p for p in rest if p.ndim == 2 and min(p.shape) > 4 and id(p) not in tables]
        of_matrices = {id(p) for p in matrices}
        others = [p for p in rest if id(p) not in of_matrices]

        def groups(parameters: list[nn.Parameter], factor: float = 1.0) -> list[dict[str, Any]]:
            return [
                dict(
                    params=[p for p in parameters if id(p) in warm], base=options.warm_rate * factor
                ),
                dict(
                    params=[p for p in parameters if id(p) not in warm], base=options.rate * factor
                ),
            ]

        adam: dict[str, Any] = dict(betas=(0.9, 0.98), weight_decay=0.01, fused=True)
        words = m.bag.words.weight
        return [
            torch.optim.AdamW([*groups(others), dict(params=scalars, base=3e-3)], **adam),
            torch.optim.Muon(
                groups(matrices, MATRIX_RATE), weight_decay=0.01, adjust_lr_fn="match_rms_adamw"
            ),
            torch.optim.AdamW(
                [
                    dict(params=[words], base=options.rate / 2),
                    dict(params=[p for p in bag if p is not words], base=options.rate),
                ],
                **adam,
            ),
        ]

    def random_words(self, n: int) -> np.ndarray:
        return self.frequencies.draw(self.rng, n)

    def batches(self) -> Iterator[tuple[Texts, Tensor | None, bool]]:
        """Batches of similar length, every length bucket with its fixed share of the texts up to 32
        tokens; longer ones in smaller batches: (texts, vectors [B, D] if the token set has them,
        whether these are views).
        """
        sources = []
        for texts, ranges, shares in (
            (self.corpus, BUCKETS, self.options.shares),
            (self.spans, SPAN_BUCKETS, self.options.span_shares),
            (self.views, BUCKETS, self.options.view_shares),
        ):
            lengths = np.array([]) if texts is None else texts.lengths()
            for (low, high), share in zip(ranges, shares, strict=True):
                members = (
                    np.flatnonzero(
                        (lengths >= low) & (lengths <= min(high, self.config.max_tokens))
                    )
                    if len(lengths)
                    else np.array([], int)
                )
                if len(members):
                    sources.append(
                        (
                            texts,
                            lengths,
                            members,
                            max(1, self.options.batch * MAX_TOKENS // max(high, MAX_TOKENS)),
                            share,
                        )
                    )
        while True:
            pool = []
            for texts, lengths, members, batch, share in sources:
                i = self.rng.choice(members, int(batch * 20 * share))
                i = i[np.argsort(lengths[i], kind="stable")]
                pool += [(texts, i[j : j + batch]) for j in range(0, len(i), batch)]
            for j in self.rng.permutation(len(pool)):
                texts, members = pool[j]
                shown = texts.vectors
                yield (
                    [texts[i] for i in members],
                    None if shown is None else torch.from_numpy(shown[members]).to(self.device),
                    texts is self.views,
                )

    def blur(self, e: Tensor, of: Tensor | None = None) -> Tensor:
        """Targets [B, D] as a linear map from another embedder shows them: noise in the shape of a
        map's error, cosine .55 to .95.

        With ``of`` (vectors of hypotheses) what is blurred is the step from there to the target.
        """
        if self.blur_factor is None:
            self.blur_factor = blur_factor(
                self.embed([self.corpus[i] for i in range(min(BLUR_TEXTS, len(self.corpus)))])
            )
        step = e if of is None else e - of
        noise = torch.randn_like(step) @ self.blur_factor
        cosine = torch.from_numpy(self.rng.uniform(0.55, 0.95, (len(e), 1))).to(step)
        length = step.norm(dim=1, keepdim=True)
        shown = cosine * step + (1 - cosine**2).sqrt() * length * F.normalize(noise, dim=1)
        return F.normalize(shown, dim=1) * length if of is None else of + shown

    def embed(self, texts: Texts) -> Tensor:
        return embed(
            self.embedder,
            texts,
            device=self.device,
            bf16=self.options.bf16 and not self.options.exact_vectors,
        )

    def bag_scores(self, e: Tensor) -> Tensor:
        with (
            torch.no_grad(),
            torch.autocast(self.device, torch.bfloat16, enabled=self.options.bf16),
        ):
            return self.model.bag_scores(e)

    def read(
        self, hypothesis: Texts | None
    ) -> tuple[Tensor, Tensor, Tensor] | tuple[None, None, None]:
        """What the model reads of hypotheses, if there are any: padded ids, vectors, bag scores."""
        if hypothesis is None:
            return None, None, None
        e_hat = self.embed(hypothesis)
        ids = torch.from_numpy(noise.pad(hypothesis, self.config.sep)).to(self.device)
        return ids, e_hat, self.bag_scores(e_hat)

    def loss(
        self,
        texts: Texts,
        e: Tensor,
        z: Tensor,
        hypothesis: Texts | None = None,
        full: bool = False,
        sample: bool = False,
    ) -> tuple[Tensor, Tensor, np.ndarray | None]:
        """Cross-entropy over all next tokens, accuracy, and with ``sample`` a sampled token a
        position.
        """
        c, m, dev = self.config, self.model, self.device
        x = torch.from_numpy(noise.pad(texts)).to(dev)
        n = (x > 0).sum(1)
        inputs = torch.cat([x.new_full((len(x), 1), c.cls), x], 1)
        targets = torch.cat([x, x.new_zeros(len(x), 1)], 1)
        targets[torch.arange(len(x), device=dev), n] = c.sep
        h, e_hat, z_hat = self.read(hypothesis)
        keep = targets > 0
        rows = torch.arange(len(x), device=dev)[:, None].expand_as(targets)[keep]
        with torch.autocast(dev, torch.bfloat16, enabled=self.options.bf16):
            memory, slot_words, bias = m.encode(e, z, h, e_hat, z_hat)
            y = m.decode(memory, bias, inputs)
            point = m.pointer(y, memory, bias, slot_words)[keep]
            y = y[keep]
            if full:
                words = torch.arange(c.vocabulary, device=dev)
            else:
                random = torch.from_numpy(self.random_words(RANDOM_WORDS)).to(dev)
                words = torch.cat(
                    [targets[keep], inputs.flatten(), random] + ([] if h is None else [h.flatten()])
                ).unique()
            index = x.new_full((c.vocabulary,), -1)
            index[words] = torch.arange(len(words), device=dev)
            logits = (m.head(y) @ m.words(words).t()).float() + m.bias[words]
            w = m.term_weights(y)
        logits = logits + w[:, :1] * z[:, words][rows]
        if z_hat is not None:
            d = bag_difference(z, z_hat)
            logits = logits + w[:, 2:3] * d[:, words][rows]
        # A word of an earlier position counts once, at its first occurrence.
        t = inputs.shape[1]
        first = ~((inputs[:, :, None] == inputs[:, None, :]).tril(-1).any(-1)) & (inputs > 0)
        before = torch.ones(t, t, dtype=torch.bool, device=dev).tril()[None] & first[:, None, :]
        used = index[inputs][:, None, :].expand(-1, t, -1)[keep]
        extra = before[keep].float() * w[:, 1:2]
        slots = index[slot_words][rows]
        extra = torch.cat([extra * (used >= 0), point * w[:, 3:4] * (slots >= 0)], 1)
        logits = logits.scatter_add(1, torch.cat([used, slots], 1).clamp(min=0), extra)
        goal = index[targets[keep]]
        if not full:
            logits = logits - self.frequencies.log_q[words]
        loss = F.cross_entropy(logits, goal)
        accuracy = (logits.argmax(1) == goal).float().mean()
        drawn = None
        if sample:
            with torch.no_grad():
                u = torch.rand_like(logits).clamp(1e-9, 1 - 1e-7)
                best = (
                    logits.detach()
                    + (0 if full else self.frequencies.log_q[words])
                    - torch.log(-torch.log(u))
                ).argmax(1)
                flat = torch.zeros_like(targets)
                flat[keep] = words[best]
                drawn = flat[:, :-1].cpu().numpy()
        return loss, accuracy, drawn

    def bag_loss(self, texts: Texts, e: Tensor) -> Tensor:
        """Of sentences with their vectors, and of some passages, without which the bag would forget
        long texts.
        """
        passages = []
        if self.passages is not None:
            n = min(len(self.passages), len(texts) // PASSAGES)
            passages = [self.passages[i] for i in self.rng.integers(0, len(self.passages), n)]
        e = torch.cat([e, self.embed(passages)]) if passages else e
        texts = texts + passages
        with torch.autocast(self.device, torch.bfloat16, enabled=self.options.bf16):
            z, length = self.model.bag(e)
        return bag_loss(z, length, *self.words_and_length(texts))

    def words_and_length(self, texts: Texts) -> tuple[Tensor, Tensor]:
        """Padded ids and length classes of texts."""
        x = torch.from_numpy(noise.pad(texts)).to(self.device)
        return x, torch.from_numpy(np.searchsorted(LENGTH_CLASSES, [len(t) for t in texts])).to(
            self.device
        )

    def corrupt(self, texts: Texts, z: Tensor, drawn: np.ndarray | None) -> Texts:
        top = z.topk(24, 1).indices.cpu().numpy()
        frequent = self.random_words(8 * len(texts)).reshape(len(texts), 8)
        out = []
        for i, text in enumerate(texts):
            sampled = None
            if drawn is not None:
                sampled = [
                    s if s >= self.config.first_word else x
                    for s, x in zip(drawn[i], text, strict=False)
                ]
            h = noise.corrupt(
                self.rng,
                text,
                sampled,
                np.concatenate([top[i], frequent[i]]),
                texts[(i + 1) % len(texts)],
            )
            out.append(h[: self.config.max_tokens])
        return out

    @torch.no_grad()
    def rewrite(self, texts: Texts, e: Tensor, z: Tensor, drawn: np.ndarray | None) -> Texts:
        """The model's own texts, of the base or of one correction; where they are right, corrupted
        ones.
        """
        corrupted = self.corrupt(texts, z, drawn)
        h, e_hat, z_hat = self.read(corrupted if self.rng.random() < 0.5 else None)
        with torch.autocast(self.device, torch.bfloat16, enabled=self.options.bf16):
            memory, slot_words, bias = self.model.encode(e, z, h, e_hat, z_hat)
            own = sample(
                self.model,
                memory,
                slot_words,
                bias,
                z,
                h,
                z_hat,
                temperature=self.rng.uniform(0.2, 0.9),
            )
        return [o if o and o != t else c for o, t, c in zip(own, texts, corrupted, strict=True)]

    def update(self, loss: Tensor) -> None:
        groups = [g for o in self.optimizers for g in o.param_groups]
        self.model.zero_grad(set_to_none=True)
        loss.backward()
        for optimizers, limit in ((self.optimizers[:-1], 1.0), (self.optimizers[-1:], 5.0)):
            nn.utils.clip_grad_norm_(
                [p for o in optimizers for g in o.param_groups for p in g["params"]], limit
            )
        scale = min(1, (self.step + 1) / WARM_UP) * self.decay
        for g in groups:
            g["lr"] = g["base"] * scale
        for optimizer in self.optimizers:
            optimizer.step()
        self.step += 1
        if self.step % 10 == 0:
            keep = min(0.98, self.step / (self.step + 100))
            for k, v in self.model.state_dict().items():
                self.average[k].lerp_(v, 1 - keep)

    def run(self) -> None:
        options, t0, start = self.options, time.time(), self.minutes
        means: dict[str, np.ndarray] = {}
        last_save = t0
        owed = 0.0
        self.decay = 1.0
        for texts, vectors, viewed in self.batches():
            spent = (time.time() - t0) / 60
            self.minutes = start + spent
            if spent >= options.minutes:
                break
            if options.cooldown:
                self.decay = min(1.0, max(0.02, (options.minutes - spent) / options.cooldown))
            true = self.embed(texts) if vectors is None or viewed else vectors
            blurred = not viewed and self.rng.random() < options.blur
            e = vectors if viewed and vectors is not None else self.blur(true) if blurred else true
            z = self.bag_scores(e)
            loss, accuracy, drawn = self.loss(texts, e, z, sample=True)
            bag = self.bag_loss(texts, e)
            self.update(loss + bag)
            kind = "blurred" if blurred else "long" if len(texts[0]) > MAX_TOKENS else ""
            kind = "view" if viewed else kind
            results = {kind + "base": (loss.item(), accuracy.item()), kind + "bag": (bag.item(), 0)}
            owed += options.corrections
            while owed >= 1:
                owed -= 1
                rewritten = self.rng.random() < REWRITTEN
                h = self.rewrite(texts, e, z, drawn) if rewritten else self.corrupt(texts, z, drawn)
                if (blurred or viewed) and self.rng.random() < STEPS_BLURRED:
                    e = self.blur(true, self.embed(h))
                    z = self.bag_scores(e)
                loss, accuracy, _ = self.loss(texts, e, z, h)
                self.update(loss)
                results[kind + "correct"] = (loss.item(), accuracy.item())
            self.seen += len(texts)
            for k, v in results.items():
                means[k] = np.array(v) if k not in means else 0.98 * means[k] + 0.02 * np.array(v)
            self.minutes = start + (time.time() - t0) / 60
            if self.step % 100 < 1 + options.corrections:
                text = " ".join(f"{k} {v[0]:.3f}/{v[1]:.3f}" for k, v in means.items())
                log.info(f"{self.minutes:.1f}m step {self.step} seen {self.seen} {text}")
            if time.time() - last_save > options.save_minutes * 60:
                last_save = time.time()
                self.save()
        self.save()

    def save(self) -> None:
        save_checkpoint(
            self.options.checkpoint,
            model=self.model.state_dict(),
            average=self.average,
            optimizers=[o.state_dict() for o in self.optimizers],
            config=self.config.to_json(),
            step=self.step,
            seen=self.seen,
            minutes=self.minutes,
        )
        if self.options.dev:
            self.report()

    @torch.no_grad()
    def report(self) -> None:
        """Full-vocabulary cross-entropy and accuracy on dev sentences, of the averaged weights."""
        dev, tokenizer = self.options.dev, self.options.tokenizer
        assert dev and tokenizer
        normalise = Normaliser(tokenizer)
        rows = [line.rstrip("\n").split("\t", 1) for line in open(dev, encoding="utf8")]
        current = {k: v.clone() for k, v in self.model.state_dict().items()}
        self.model.load_state_dict(self.average)
        state, self.rng = self.rng, np.random.default_rng(7)
        for bucket, blurred in [
            (b, x)
            for b in dict.fromkeys(r[0] for r in rows)
            for x in ((False, True) if self.options.blur else (False,))
        ]:
            texts = [
                ids.tolist() for _, ids, _ in normalise([t for b, t in rows if b == bucket][:200])
            ]
            e = self.embed(texts)
            if blurred:
                torch.manual_seed(7)
                e = self.blur(e)
            z = self.bag_scores(e)
            base = self.loss(texts, e, z, full=True, sample=True)
            h = self.corrupt(texts, z, base[2])
            fix = self.loss(texts, e, z, h, full=True)
            z_bag, length = self.model.bag(e)
            bag = bag_loss(z_bag, length, *self.words_and_length(texts))
            log.info(
                f"dev {bucket}{' blurred' if blurred else ''} base {base[0]:.3f}/{base[1]:.3f} "
                f"correct {fix[0]:.3f}/{fix[1]:.3f} bag {bag:.2f}"
            )
        self.rng = state
        self.model.load_state_dict(current)


def train(options: Training) -> None:
    """Trains for the minutes asked for, from the checkpoint if there is one."""
    if options.dev and not options.tokenizer:
        raise SystemExit("--dev needs the embedder's tokenizer.json: expected it as --tokenizer")
    torch.set_num_threads(options.threads or torch.get_num_threads())
    Trainer(options).run()


def add_embedder_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--onnx", type=Path, required=True, help="the embedder's ONNX graph")
    parser.add_argument("--embedder", type=Path, help="JSON file of EmbedderConfig fields")
    parser.add_argument("--model-id", default=EmbedderSource.model_id)
    parser.add_argument(
        "--tokenizer",
        type=Path,
        help="the embedder's tokenizer.json, for the dev report and the space's prefix",
    )
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")


def add_training_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--corpus", type=Path, required=True, help="directory made by the corpus command"
    )
    add_embedder_arguments(parser)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--seed", type=int, default=1)
    # Where a processor has no such arithmetic, emulating it takes ten times as long as float32.
    parser.add_argument(
        "--bf16",
        action=argparse.BooleanOptionalAction,
        help="default: where the device computes in it",
        default=torch.cuda.is_available() or torch.cpu._is_avx512_bf16_supported(),
    )


def _common(parser: argparse.ArgumentParser) -> None:
    add_training_arguments(parser)
    parser.add_argument(
        "--encoder-layers",
        type=int,
        default=ModelConfig.encoder_layers,
        help="of a model that is not there yet",
    )
    parser.add_argument("--decoder-layers", type=int, default=ModelConfig.decoder_layers)


def add_bag_arguments(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    parser.add_argument("--sentences", type=int, default=300_000)
    parser.add_argument("--passages", type=int, default=20_000)
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--rate", type=float, default=2e-3)
    set_command(parser, train_bag, BagTraining)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    _common(parser)
    parser.add_argument("--dev", type=Path, help="TSV of dev sentences to report on at each save")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument(
        "--shares",
        type=float,
        nargs=3,
        default=(0.25, 0.4, 0.35),
        help="share of batches a length bucket",
    )
    parser.add_argument(
        "--span-shares",
        type=float,
        nargs=4,
        default=(0, 0, 0, 0),
        help="the same of texts cut anywhere",
    )
    parser.add_argument(
        "--view-shares",
        type=float,
        nargs=3,
        default=(0, 0, 0),
        help="the same as --shares, of the corpus's views",
    )
    parser.add_argument(
        "--max-tokens",
        type=int,
        default=0,
        help="tokens that the model can write, if more than it can already",
    )
    parser.add_argument(
        "--blur",
        type=float,
        default=0,
        help="share of batches whose targets are blurred as a map from another embedder does",
    )
    parser.add_argument(
        "--corrections", type=float, default=1, help="correction steps for each base step"
    )
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--warm-rate", type=float, default=3e-4)
    parser.add_argument(
        "--cooldown",
        type=float,
        default=0,
        help="last minutes over which the rate falls to nearly 0",
    )
    parser.add_argument("--save-minutes", type=float, default=10)
    parser.add_argument(
        "--exact-vectors", action="store_true", help="embed in float32 while training"
    )
    parser.add_argument("--threads", type=int)
    set_command(parser, train, Training)
