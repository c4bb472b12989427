"""A bridge learned from as many texts as the base's own table, in place of that in its package.

``vec2text space create`` learns a bridge from some thousand texts, in minutes and in Java. From ten
times as many its map and its contributions of tokens are better, but take hours there. This fits
both to texts and their vectors by the new embedder (``vec2text embed``). The map is kernel ridge
regression in Nystroem's approximation (Williams and Seeger 2001). Its file, big-endian:

    int32    width of the new vectors D, of the base's vectors B, number of landmarks L
    float32  scale, width of the kernel
    float32  mean [D], landmarks [L, D], rows [B, L + D], offset [B]
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import words
from .command import set_command
from .corpus import Normaliser
from .embedder import EmbedderSource
from .export import digest, entry
from .train import add_embedder_arguments, cached_vectors

MAP = "map.bin"
HELD_OUT = 2000
KERNEL_WIDTH = 1.0
PENALTIES = (3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1)
BLOCK = 8000


@dataclass(frozen=True)
class SpaceMap:
    """g(x) = W f(x) + b; f(x) are the kernel with each landmark, and z = (x - mean) / scale."""

    mean: np.ndarray
    scale: float
    landmarks: np.ndarray
    rows: np.ndarray
    offset: np.ndarray

    def images(self, x: np.ndarray) -> np.ndarray:
        """Vectors [n, D] to [n, B]."""
        z = (x - self.mean) / self.scale
        return features(z, self.landmarks) @ self.rows.T + self.offset

    def write(self, path: Path) -> None:
        sizes = (len(self.mean), len(self.offset), len(self.landmarks))
        parts = ([self.scale, KERNEL_WIDTH], self.mean, self.landmarks, self.rows, self.offset)
        with open(path, "wb") as f:
            f.write(np.array(sizes, ">i4").tobytes())
            for part in parts:
                f.write(np.asarray(part).astype(">f4").tobytes())


def features(z: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
    """Standardised vectors z [n, D] to [n, L + D]."""
    squares = (z**2).sum(1)[:, None] + (landmarks**2).sum(1)
    return np.concatenate([np.exp(-KERNEL_WIDTH / 2 * (squares - 2 * z @ landmarks.T)), z], 1)


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    """Mean cosine of the rows of a and b."""
    products = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    return float(products.mean())


def fit(
    x: np.ndarray, y: np.ndarray, held_x: np.ndarray, held_y: np.ndarray, landmarks: int
) -> SpaceMap:
    """The ridge regression of y [n, B] on x [n, D] whose penalty serves held-out pairs best."""
    mean, centre = x.mean(0), y.mean(0)
    scale = float(np.sqrt(((x - mean) ** 2).sum(1).mean()))
    some = (x[:landmarks] - mean) / scale
    blocks = [slice(i, i + BLOCK) for i in range(0, len(x), BLOCK)]
    sums = [features((x[b] - mean) / scale, some).sum(0, dtype=np.float64) for b in blocks]
    means = (sum(sums) / len(x)).astype(np.float32)
    gram, products = np.zeros((len(means),) * 2), np.zeros((len(means), y.shape[1]))
    for b in blocks:
        f = features((x[b] - mean) / scale, some) - means
        gram += f.T @ f
        products += f.T @ (y[b] - centre)
    maps = []
    for penalty in PENALTIES:
        ridge = penalty * gram.diagonal().mean() * np.eye(len(gram))
        weights = np.linalg.solve(gram + ridge, products).astype(np.float32)
        maps.append(SpaceMap(mean, scale, some, weights.T, centre - means @ weights))
    return max(maps, key=lambda m: cosine(m.images(held_x), held_y))


@dataclass(frozen=True, kw_only=True)
class BridgeJob(EmbedderSource):
    """The base embedder, its models' package, the package to improve, and what to learn from.

    texts: one a line; vectors: theirs by the new embedder; tokens: vectors of the base's tokens,
    each alone. The base's vectors are kept beside the texts.
    """

    package: Path
    base: Path
    texts: Path
    vectors: Path
    tokens: Path | None
    landmarks: int
    device: str
    bf16: bool


def unit(x: np.ndarray) -> np.ndarray:
    normed: np.ndarray = x / np.linalg.norm(x, axis=1, keepdims=True)
    return normed


def rows_of(path: Path, count: int, what: str) -> np.ndarray:
    """The vectors float32 [count, D] of a file, as long as 1."""
    vectors = np.load(path)
    if vectors.ndim != 2 or len(vectors) != count:
        raise SystemExit(
            f"{path}: found an array {list(vectors.shape)}, expected a vector for each of "
            f"{count:,} {what}"
        )
    return unit(vectors.astype(np.float32))


def build(options: BridgeJob) -> None:
    """Replaces a package's map and contributions."""
    if not options.tokenizer:
        raise SystemExit("texts need the base's tokenizer.json: expected it as --tokenizer")
    lines = options.texts.read_text(encoding="utf8").splitlines()
    x = rows_of(options.vectors, len(lines), f"lines of {options.texts}")
    texts = [ids.tolist() for _, ids, _ in Normaliser(options.tokenizer)(lines)]
    known = [i for i, text in enumerate(texts) if text]
    x, texts = x[known], [texts[i] for i in known]
    features_of_tokens = words.read(options.base / words.FILE)
    vocabulary = len(features_of_tokens)
    if options.tokens:
        alone = rows_of(options.tokens, vocabulary, "tokens of the base")
        features_of_tokens = np.concatenate([features_of_tokens, words.standardised(alone)], 1)
    base = options.load(options.device)
    kept = options.texts.with_name(f"{options.texts.name}.{digest(options.texts)[:16]}.base.npy")
    y = unit(cached_vectors(kept, base, texts, options.device, options.bf16).float().numpy())

    held = min(HELD_OUT, len(texts) // 10)
    space_map = fit(x[held:], y[held:], x[:held], y[:held], options.landmarks)
    shares, centred = words.shares(texts, vocabulary), x - x[held:].mean(0)
    rows = words.fit(shares[held:], centred[held:], features_of_tokens, words.RIDGE)
    space_map.write(options.package / MAP)
    words.write(options.package / words.FILE, rows)
    file = options.package / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf8"))
    manifest["training"] = dict(
        pairs=len(texts),
        cosine=round(cosine(space_map.images(x[:held]), y[:held]), 4),
        explained=round(words.explained(shares[:held], centred[:held], rows), 4),
    )
    for name in (MAP, words.FILE):
        manifest["files"][name] = entry(options.package / name)
    file.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf8")
    print(f"{options.package}: {manifest['training']}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("package", type=Path, help="made by vec2text space create")
    parser.add_argument("texts", type=Path, help="text file, a text a line")
    parser.add_argument("vectors", type=Path, help="their vectors by the package's embedder, .npy")
    parser.add_argument("--tokens", type=Path, help="those of the base's tokens, each alone, .npy")
    parser.add_argument("--base", type=Path, required=True, help="the base models' package")
    add_embedder_arguments(parser)
    parser.add_argument("--landmarks", type=int, default=4000)
    parser.add_argument(
        "--bf16", action="store_true", help="embed in bfloat16: faster where the processor has it"
    )
    set_command(parser, build, BridgeJob)
