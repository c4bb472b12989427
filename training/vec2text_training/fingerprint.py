"""How an embedder's vectors are distributed, so that those of other models can be told from them.

A Gaussian is fitted to the vectors of training texts: sentences, passages of every length up to the
embedder's limit, and words of its vocabulary alone. A vector's squared Mahalanobis distance from
it, per component, is near 1 for the embedder's own and far above for another model's, however alike
the two models are (De Maesschalck et al. 2000). The Gaussian also completes vectors of which only
the signs or the first components are left. The file, big-endian:

    int32    width of the vectors D
    float32  limit of the distance, per component: above it a vector is taken for another model's
    float32  [D]              mean
    float32  [D (D + 1) / 2]  covariance, the lower triangle row by row

So that vectors stored with an error are not taken for foreign ones, an error of NOISE, relative to
the length of the vectors and equal in all components, is added to the covariance. The limit is
MARGIN times the largest distance of held-out texts of the same kinds.
"""

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .command import set_command
from .corpus import MAX_TOKENS, Normaliser, lines, sentences
from .embedder import Embedder, EmbedderSource, embed
from .export import add_file
from .train import add_embedder_arguments

FILE = "statistics.bin"
NOISE, MARGIN = 0.05, 1.4
PARAGRAPHS = 200_000  # drawn from each file, before texts are drawn from them


def draw(path: Path, count: int, rng: random.Random) -> list[str]:
    """Lines of a text file, drawn evenly (Vitter 1985, algorithm R)."""
    drawn = []
    for i, line in enumerate(filter(None, lines(path))):
        if i < count:
            drawn.append(line)
        elif (at := rng.randrange(i + 1)) < count:
            drawn[at] = line
    rng.shuffle(drawn)
    return drawn


@dataclass(frozen=True, kw_only=True)
class FingerprintJob(EmbedderSource):
    """The package to add to, and how many texts of each kind to embed."""

    package: Path
    text: Sequence[Path]
    device: str
    sentences: int
    passages: int
    words: int
    seed: int


def texts(options: FingerprintJob, embedder: Embedder, rng: random.Random) -> list[list[int]]:
    """Token lists: sentences and passages, of each file as many, and words."""
    if not options.tokenizer:
        raise SystemExit("texts need the embedder's tokenizer.json: expected it as --tokenizer")
    normalise = Normaliser(options.tokenizer)
    found = []
    for path in options.text:
        paragraphs = draw(path, PARAGRAPHS, rng)
        some = [s for p in paragraphs[: options.sentences] for s in sentences(p)]
        rng.shuffle(some)
        found += [
            ids.tolist()
            for _, ids, _ in normalise(some[: options.sentences // len(options.text)])
            if len(ids)
        ]
        long: list[list[int]] = []
        room = embedder.config.token_limit - len(embedder.before) - len(embedder.after)
        for _, ids, _ in normalise(paragraphs):
            if len(long) == options.passages // len(options.text):
                break
            if len(ids) > 2 * MAX_TOKENS:
                long.append(ids[: rng.randint(2 * MAX_TOKENS, room)].tolist())
        found += long
    # Words of few letters and those of no language are inputs, too; ids below 1,000 are mostly
    # placeholders.
    return found + [
        [w] for w in rng.sample(range(1000, embedder.words.num_embeddings), options.words)
    ]


def fit(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean [D] and covariance [D, D], with NOISE."""
    mean = vectors.mean(0)
    square = (vectors**2).sum(1).mean()
    return mean, np.cov(vectors.T) + np.eye(len(mean)) * NOISE**2 * square / len(mean)


def distances(vectors: np.ndarray, mean: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """Squared Mahalanobis distances, per component: [n]."""
    from_mean = vectors - mean
    return (from_mean * np.linalg.solve(covariance, from_mean.T).T).sum(1) / len(mean)


def write(path: Path, mean: np.ndarray, covariance: np.ndarray, limit: float) -> None:
    with open(path, "wb") as f:
        f.write(np.array([len(mean)], ">i4").tobytes())
        for part in ([limit], mean, covariance[np.tril_indices(len(mean))]):
            f.write(np.asarray(part).astype(">f4").tobytes())


def build(options: FingerprintJob) -> None:
    """Adds the statistics to a package, in the place of some that are there."""
    package, rng = options.package, random.Random(options.seed)
    embedder = options.load(options.device)
    tokens = texts(options, embedder, rng)
    rng.shuffle(tokens)
    vectors = (
        embed(embedder, tokens, bf16=False, device=options.device).cpu().numpy().astype(np.float64)
    )
    held = len(vectors) // 5
    far = distances(vectors[:held], *fit(vectors[held:]))
    limit = MARGIN * far.max()
    path = package / FILE
    write(path, *fit(vectors), limit)
    add_file(package, "vectorStatistics", FILE)
    print(
        f"{path}: {len(vectors):,} vectors; of {held:,} held out, the distance is "
        f"{np.median(far):.2f} in the median,"
        f" {np.quantile(far, 0.999):.2f} in one of a thousand, {far.max():.2f} at most; the limit "
        f"is {limit:.2f}"
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("package", type=Path, help="directory of a model package")
    parser.add_argument("--text", type=Path, nargs="+", required=True, help="training text files")
    add_embedder_arguments(parser)
    parser.add_argument("--sentences", type=int, default=30_000)
    parser.add_argument(
        "--passages", type=int, default=3_000, help="of 64 tokens up to the embedder's limit"
    )
    parser.add_argument("--words", type=int, default=3_000, help="of the vocabulary, each alone")
    parser.add_argument("--seed", type=int, default=1)
    set_command(parser, build, FingerprintJob)
