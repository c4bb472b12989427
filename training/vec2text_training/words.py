"""What each word adds to a vector, whatever stands around it: a linear model of an embedder.

A text's vector is predicted as a constant and the mean of its words' rows. The rows are fitted to
the vectors of training sentences by ridge regression around a linear map of what a word is by
itself, its input vector and the vector of the text that is that word alone, so that a rare word has
a good one too; a word that never occurs has zeros. A search learns what a change of a text does to
its vector from the texts that it embeds; this says what to expect before. The file, big-endian:

    int32    number of words V, width of the vectors D
    float32  [V]     scale of each row
    int8     [V, D]  rows, in units of their scales
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from .command import set_command
from .embedder import Embedder, EmbedderSource, embed
from .export import add_file
from .train import TokenSet, add_embedder_arguments, embedded_texts

FILE = "words.bin"
HELD_OUT = 2000
ROUNDS, ITERATIONS = 4, 12
RIDGE = 0.1


def shares(texts: Sequence[Sequence[int]], words: int) -> sp.csr_matrix:
    """Share of each word in the tokens of each text: sparse float32 [n, V]."""
    lengths = np.array([len(t) for t in texts])
    return sp.csr_matrix(
        (
            np.repeat(1 / lengths, lengths).astype(np.float32),
            np.concatenate(texts).astype(np.int64),
            np.concatenate([[0], lengths.cumsum()]),
        ),
        (len(texts), words),
    )


def conjugate_gradients(
    x: sp.csr_matrix, y: np.ndarray, ridge: float, rows: np.ndarray, iterations: int
) -> np.ndarray:
    """``rows`` [V, D] on the way to the least of |x rows - y|² + ridge |rows|²: Jacobi's
    preconditioner, all columns at once.
    """
    residual = x.T @ (y - x @ rows) - ridge * rows
    diagonal = np.asarray(x.multiply(x).sum(0)).reshape(-1, 1) + ridge
    scaled = residual / diagonal
    direction, square = scaled, (residual * scaled).sum(0)
    for _ in range(iterations):
        image = x.T @ (x @ direction) + ridge * direction
        step = square / np.maximum((direction * image).sum(0), 1e-30)
        rows, residual = rows + step * direction, residual - step * image
        scaled = residual / diagonal
        before, square = square, (residual * scaled).sum(0)
        direction = scaled + square / np.maximum(before, 1e-30) * direction
    return rows


def fit(x: sp.csr_matrix, y: np.ndarray, features: np.ndarray, ridge: float) -> np.ndarray:
    """Rows float32 [V, D] from word shares [n, V], vectors [n, D] and what each word is by itself
    [V, F].
    """
    explained = x @ features
    gram = explained.T @ explained + np.eye(features.shape[1], dtype=np.float32)
    own = np.zeros((x.shape[1], y.shape[1]), np.float32)
    for _ in range(ROUNDS):
        mapped = np.linalg.solve(gram, explained.T @ (y - x @ own))
        own = conjugate_gradients(x, y - explained @ mapped, ridge, own, ITERATIONS)
    return own + features @ mapped


def word_features(embedder: Embedder, device: str) -> np.ndarray:
    """Input vectors, and vectors of the words alone, each standardised: float32 [V, 2 D]."""
    alone = embed(
        embedder, [[w] for w in range(embedder.words.num_embeddings)], bf16=False, device=device
    )
    parts = [a.detach().float().cpu().numpy() for a in (embedder.words.weight, alone)]
    return np.concatenate([standardised(a) for a in parts], 1)


def standardised(a: np.ndarray) -> np.ndarray:
    """Rows less their mean, over the deviation of all numbers."""
    return (a - a.mean(0)) / a.std()


def explained(x: sp.csr_matrix, y: np.ndarray, rows: np.ndarray) -> float:
    """Share of the variance of centred vectors y [n, D] that the rows explain."""
    return float(1 - ((y - x @ rows) ** 2).sum() / (y**2).sum())


def write(path: Path, rows: np.ndarray) -> None:
    scale = np.abs(rows).max(1).clip(min=1e-9) / 127
    with open(path, "wb") as f:
        f.write(np.array(rows.shape, ">i4").tobytes())
        f.write(scale.astype(">f4").tobytes())
        f.write(np.rint(rows / scale[:, None]).astype("i1").tobytes())


def read(path: Path) -> np.ndarray:
    """Rows float32 [V, D] of a file."""
    raw = path.read_bytes()
    n, width = np.frombuffer(raw, ">i4", 2)
    scale = np.frombuffer(raw, ">f4", n, 8).astype(np.float32)
    return np.frombuffer(raw, "i1", n * width, 8 + 4 * n).reshape(n, width) * scale[:, None]


@dataclass(frozen=True, kw_only=True)
class WordJob(EmbedderSource):
    """The package to add to, and what to fit on: the last sentences of a corpus."""

    package: Path
    corpus: Path
    device: str
    sentences: int
    passages: int
    ridge: float


def build(options: WordJob) -> None:
    """Adds the table to a package, in the place of one that is there."""
    embedder = options.load(options.device)
    texts, vectors, n = embedded_texts(
        embedder, options.corpus, options.sentences, options.passages, options.device, bf16=False
    )
    unit = vectors[:n].float().numpy()
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    x, y = shares(texts[:n], embedder.words.num_embeddings), unit - unit.mean(0)
    held = min(HELD_OUT, n // 10)
    rows = fit(x[:-held], y[:-held], word_features(embedder, options.device), options.ridge)
    rows[np.bincount(TokenSet(options.corpus / "train").tokens, minlength=len(rows)) == 0] = 0
    left = [explained(a, b, rows) for a, b in ((x[:-held], y[:-held]), (x[-held:], y[-held:]))]
    path = options.package / FILE
    write(path, rows)
    add_file(options.package, "wordVectors", FILE)
    print(
        f"{path}: explains {left[0]:.4f} of the vectors of {n - held:,} sentences, {left[1]:.4f} "
        f"of {held:,} others"
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("package", type=Path, help="directory of a model package")
    parser.add_argument("--corpus", type=Path, required=True)
    add_embedder_arguments(parser)
    parser.add_argument(
        "--sentences", type=int, default=200_000, help="to embed: the last of the corpus"
    )
    parser.add_argument(
        "--passages", type=int, default=0, help="embedded with them, if a bag has already done that"
    )
    parser.add_argument("--ridge", type=float, default=RIDGE)
    set_command(parser, build, WordJob)
