"""A checkpoint for another embedder: the models of one read its vectors through an affine map.

The map y = A x + b is the ridge regression of the first embedder's vectors on the other's, scaled
so that images have length 1 on average. The layers that read vectors take it in: of a target, W (A
x + b); of a step between two vectors, W A r; of its direction, W A r / |r|, scaled in the same way.
So nothing that the models have learned of language is lost, and ``train`` goes on from there with
the other embedder's own vectors, which may have another dimension. Both must share their tokens.
"""

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .bridge import cosine
from .command import set_command
from .embedder import Embedder, EmbedderSource, embed
from .model import ModelConfig
from .train import WARM_UP, TokenSet, add_embedder_arguments, load_checkpoint, save_checkpoint

PENALTY = 1e-3
STEPS = 20_000  # pairs of texts whose difference tells how long the image of a direction is


@dataclass(frozen=True)
class Affine:
    """y = A x + b, and the factor that makes images of directions as long as 1."""

    matrix: Tensor
    offset: Tensor
    direction: float


def affine(x: np.ndarray, y: np.ndarray, seed: int = 0) -> Affine:
    """The map of x [n, D] to y [n, E]."""
    centre, mean = x.mean(0), y.mean(0)
    gram = (x - centre).T @ (x - centre)
    ridge = PENALTY * gram.diagonal().mean() * np.eye(len(gram))
    matrix = np.linalg.solve(gram + ridge, (x - centre).T @ (y - mean)).T
    scale = 1 / np.linalg.norm((x - centre) @ matrix.T + mean, axis=1).mean()
    matrix, offset = scale * matrix, scale * (mean - matrix @ centre)
    a, b = np.random.default_rng(seed).integers(0, len(x), (2, STEPS))
    steps: np.ndarray = (x[a] - x[b])[a != b]
    steps /= np.linalg.norm(steps, axis=1, keepdims=True).clip(min=1e-6)
    direction = 1 / np.linalg.norm(steps @ matrix.T, axis=1).mean()
    return Affine(
        torch.from_numpy(matrix).float(), torch.from_numpy(offset).float(), float(direction)
    )


def through(weights: dict[str, Tensor], config: ModelConfig, space: Affine) -> dict[str, Tensor]:
    """The weights of a model that reads its vectors through a map."""
    out, width, scale = dict(weights), config.components, config.vector_scale
    # Wider vectors are shown in another scale, so that their components have the same size.
    own = scale / replace(config, vector_width=space.matrix.shape[1]).vector_scale
    for layer in ("bag.inner", "of_target.0"):
        w = weights[layer + ".weight"]
        out[layer + ".bias"] = weights[layer + ".bias"] + w @ space.offset * scale
        out[layer + ".weight"] = own * w @ space.matrix
    w = weights["of_residual.0.weight"]
    out["of_residual.0.weight"] = torch.cat(
        [space.direction * w[:, :width] @ space.matrix, w[:, width:] @ space.matrix], 1
    ).mul(own)
    return out


@dataclass(frozen=True, kw_only=True)
class Adaptation(EmbedderSource):
    """The checkpoint to start from, its embedder, and the checkpoint to write.

    base_embedder: a JSON file as ``EmbedderSource.embedder``, of the first embedder.
    """

    source: Path
    base_onnx: Path
    base_embedder: Path | None
    corpus: Path
    checkpoint: Path
    sentences: int
    bf16: bool
    device: str


def adapt(options: Adaptation) -> None:
    state = load_checkpoint(options.source, "cpu")
    if not state:
        raise SystemExit(f"{options.source}: not found, expected a checkpoint of train")
    if options.checkpoint.exists():
        raise SystemExit(f"{options.checkpoint}: exists, and would be lost; expected a new name")
    embedder = options.load(options.device)
    base = EmbedderSource(onnx=options.base_onnx, embedder=options.base_embedder).load(
        options.device
    )
    config = ModelConfig(**state["config"])
    if embedder.words.num_embeddings != config.vocabulary:
        raise SystemExit(
            f"{options.onnx}: found {embedder.words.num_embeddings:,} tokens, expected those of "
            f"the checkpoint, {config.vocabulary:,}"
        )
    corpus = TokenSet(options.corpus / "train")
    texts = [corpus[i] for i in range(min(options.sentences, len(corpus)))]

    def vectors(e: Embedder) -> np.ndarray:
        return embed(e, texts, bf16=options.bf16, device=options.device).cpu().numpy()

    x = vectors(embedder) if corpus.vectors is None else corpus.vectors[: len(texts)]
    y = vectors(base)
    space = affine(x, y)
    save_checkpoint(
        options.checkpoint,
        model=through(state.get("average") or state["model"], config, space),
        config=replace(config, vector_width=embedder.width).to_json(),
        # Its average then follows what is learned within some ten steps, not some hundred.
        step=WARM_UP,
        seen=state.get("seen", 0),
        minutes=state.get("minutes", 0.0),
    )
    images = x @ space.matrix.numpy().T + space.offset.numpy()
    print(f"{options.checkpoint}: mean cosine of images {cosine(images, y):.3f}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", type=Path, help="checkpoint of the first embedder's models")
    parser.add_argument("--base-onnx", type=Path, required=True, help="the first embedder's graph")
    parser.add_argument("--base-embedder", type=Path, help="JSON file as --embedder, of the first")
    add_embedder_arguments(parser)
    parser.add_argument(
        "--bf16", action="store_true", help="embed in bfloat16: faster where the processor has it"
    )
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--sentences", type=int, default=20_000, help="the first, for the map")
    parser.add_argument("--checkpoint", type=Path, required=True, help="to write")
    set_command(parser, adapt, Adaptation)
