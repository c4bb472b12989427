"""Texts as another embedder's vectors show them, once mapped into this embedder's space.

A model that is trained on such views learns what the map of one space loses, where ``train --blur``
only knows how maps err in general. The map is the library's own: ridge regression on the vectors
and on a Gaussian kernel around some of them (Nystroem's approximation, Williams and Seeger 2001).
No text is seen through a map that was fitted to it: maps are fitted to all but one part of the
texts, and show that part.

What is written is a token set with ``vectors.npy``, float32 [texts, D] of length 1. A corpus
whose embedder is too slow to embed it again and again has the embedder's own so (``given``).
"""

import argparse
import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .bridge import fit, unit
from .command import set_command
from .corpus import MAX_TOKENS, MIN_TOKENS, Normaliser, save_token_set
from .embedder import EmbedderSource, embed
from .train import add_embedder_arguments

PARTS = 5
LANDMARKS = 1_500

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class ViewsJob(EmbedderSource):
    """The texts, one a line, their vectors by the other embedder (.npy), and the token set to
    write.
    """

    texts: Path
    vectors: Path
    device: str
    output: Path
    seed: int


def views(x: Tensor, y: Tensor, seed: int) -> Tensor:
    """For each pair of a vector x and the embedder's own y, what a map of the others shows of x."""
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed)).numpy()
    given, own = x.float().numpy(), y.float().numpy()
    out = np.empty_like(own)
    for part in range(PARTS):
        held = order[part::PARTS]
        rows = order[~np.isin(order, held)]
        out[held] = fit(given[rows], own[rows], given[held], own[held], LANDMARKS).images(
            given[held]
        )
    return F.normalize(torch.from_numpy(out), dim=1)


@dataclass(frozen=True, kw_only=True)
class GivenJob:
    """The texts, one a line, their vectors (.npy), the tokenizer.json of the models, and the token
    set to write.
    """

    texts: Path
    vectors: Path
    tokenizer: Path
    output: Path


def read(texts: Path, vectors: Path, tokenizer: Path) -> tuple[list[np.ndarray], np.ndarray]:
    """Tokens and vectors float32 [n, D] of the lines that have 4 to 32 known tokens."""
    lines, given = texts.read_text(encoding="utf8").splitlines(), np.load(vectors)
    if given.ndim != 2 or len(given) != len(lines):
        raise SystemExit(
            f"{vectors}: found an array {list(given.shape)}, expected a vector for each "
            f"of the {len(lines)} lines of {texts}"
        )
    kept, tokens = [], []
    for i, (_, ids, unknown) in enumerate(Normaliser(tokenizer)(lines)):
        if not unknown and MIN_TOKENS <= len(ids) <= MAX_TOKENS and np.isfinite(given[i]).all():
            kept.append(i)
            tokens.append(ids)
    if len(tokens) < 2 * PARTS:
        raise SystemExit(
            f"{texts}: found {len(tokens)} texts of {MIN_TOKENS} to {MAX_TOKENS} known "
            f"tokens, expected at least {2 * PARTS}"
        )
    return tokens, given[kept].astype(np.float32)


def write_given(options: GivenJob) -> None:
    tokens, vectors = read(options.texts, options.vectors, options.tokenizer)
    save_token_set(options.output, tokens)
    np.save(options.output / "vectors.npy", unit(vectors))


def write(options: ViewsJob) -> None:
    if not options.tokenizer:
        raise SystemExit("texts need the embedder's tokenizer.json: expected it as --tokenizer")
    texts, vectors = read(options.texts, options.vectors, options.tokenizer)
    embedder = options.load(options.device)
    own = embed(embedder, [t.tolist() for t in texts], bf16=False, device=options.device).cpu()
    shown = views(torch.from_numpy(vectors), own, options.seed)
    save_token_set(options.output, texts)
    np.save(options.output / "vectors.npy", shown.numpy())
    log.info(f"mean cosine with the embedder's own {F.cosine_similarity(shown, own).mean():.3f}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("texts", type=Path, help="text file, a text a line")
    parser.add_argument("vectors", type=Path, help="their vectors by the other embedder, .npy")
    add_embedder_arguments(parser)
    parser.add_argument("--output", type=Path, required=True, help="token set, as CORPUS/views")
    parser.add_argument("--seed", type=int, default=1)
    set_command(parser, write, ViewsJob)


def add_given_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("texts", type=Path, help="text file, a text a line")
    parser.add_argument("vectors", type=Path, help="their vectors, .npy")
    parser.add_argument("--tokenizer", type=Path, required=True, help="that of the models")
    parser.add_argument("--output", type=Path, required=True, help="token set, as CORPUS/train")
    set_command(parser, write_given, GivenJob)
