"""How likely tokens follow each other in the training corpora, whatever the vector: a trigram
model.

Interpolated Kneser-Ney smoothing (Chen and Goodman 1999) with one discount; rare entries are
dropped and their mass goes to the shorter context, so that probabilities still sum to one. Stored
as a trie (the "trie" of Heafield 2011, KenLM), every log-probability as a byte. The file,
big-endian:

    int32    number of words V, bigrams M, trigrams N; float32 nats a quantum
    uint8    [V + 2]  log-probability of each word; of the end, V; 0 of the beginning, V + 1
    uint8    [V + 2]  log-weight of shorter contexts after each word
    int32    [V + 3]  where the bigrams of each word begin
    uint16   [M]      second words, rising
    uint8    [M]      log-probabilities of the second words after the first
    uint8    [M]      log-weights of shorter contexts after both
    int32    [M + 1]  where the trigrams of each bigram begin
    uint16   [N]      third words, rising
    uint8    [N]      log-probabilities of the third words after both

A byte q stands for -q quanta. A text is preceded by two beginnings and followed by one end.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .command import set_command
from .corpus import load_token_set
from .export import add_file

FILE = "trigrams.bin"
DISCOUNT = 0.75
QUANTUM = 1 / 16
MOST_WORDS = (1 << 16) - 2


def count(tokens: np.ndarray, lengths: np.ndarray, words: int) -> tuple[np.ndarray, np.ndarray]:
    """(keys, counts) of the trigrams of texts, a key being its three words as digits to the base of
    words + 2.
    """
    base, end, begin = words + 2, words, words + 1
    texts = len(lengths)
    padded = np.full(len(tokens) + 3 * texts, begin, np.int64)
    starts = np.cumsum(lengths) - lengths + 3 * np.arange(texts)
    padded[np.arange(len(tokens)) + 3 * np.repeat(np.arange(texts), lengths) + 2] = tokens
    padded[starts + 2 + lengths] = end
    at = np.nonzero(padded != begin)[0]
    return np.unique(
        (padded[at - 2] * base + padded[at - 1]) * base + padded[at], return_counts=True
    )


def smooth(
    keys: np.ndarray, counts: np.ndarray, words: int, least_bigrams: int, least_trigrams: int
) -> dict[str, np.ndarray]:
    """The arrays of the file, as log-probabilities.

    A bigram is kept that follows at least ``least_bigrams`` different words, or that a kept trigram
    begins with; a trigram, that occurs ``least_trigrams`` times.
    """
    base = words + 2
    pairs, followed = np.unique(keys % (base * base), return_counts=True)
    first, second = pairs // base, pairs % base
    unigram = np.bincount(second, minlength=base) + 0.5
    unigram[words + 1] = 0
    unigram /= unigram.sum()

    total = np.bincount(first, followed, base)
    rest = DISCOUNT * np.bincount(first, minlength=base) / np.maximum(total, 1)
    bigram = (followed - DISCOUNT) / total[first] + rest[first] * unigram[second]

    contexts, context = np.unique(keys // base, return_inverse=True)
    kept = counts >= least_trigrams
    total3 = np.bincount(context, counts)
    lost = np.bincount(context, np.where(kept, DISCOUNT, counts))
    rest3 = lost / total3
    shorter = bigram[np.searchsorted(pairs, keys % (base * base))]
    trigram = ((counts - DISCOUNT) / total3[context] + rest3[context] * shorter)[kept]

    begun = np.zeros(len(contexts), bool)
    begun[context[kept]] = True
    # What precedes every text is no bigram that was counted, but trigrams begin with it.
    needed = contexts[begun]
    kept2 = (followed >= least_bigrams) | np.isin(pairs, needed)
    lost2 = np.bincount(first, np.where(kept2, DISCOUNT, followed), base)
    rest = np.where(total > 0, lost2 / np.maximum(total, 1), 1.0)
    all_pairs = np.union1d(pairs[kept2], needed)
    known = np.searchsorted(pairs, all_pairs).clip(max=len(pairs) - 1)
    p2 = np.where(pairs[known] == all_pairs, bigram[known], 1.0)
    where = np.searchsorted(contexts, all_pairs).clip(max=len(contexts) - 1)
    w2 = np.where((contexts[where] == all_pairs) & begun[where], rest3[where], 1.0)
    return dict(
        unigram=np.log(np.where(unigram > 0, unigram, 1)),
        unigram_rest=np.log(rest),
        bigram_starts=np.searchsorted(all_pairs // base, np.arange(base + 1)),
        bigram_words=all_pairs % base,
        bigram=np.log(p2),
        bigram_rest=np.log(w2),
        trigram_starts=np.append(np.searchsorted(keys[kept] // base, all_pairs), kept.sum()),
        trigram_words=keys[kept] % base,
        trigram=np.log(trigram),
    )


def write(path: Path, words: int, m: dict[str, np.ndarray]) -> None:
    def quantized(a: np.ndarray) -> np.ndarray:
        return np.rint(-a / QUANTUM).clip(0, 255).astype("u1")

    with open(path, "wb") as f:
        f.write(np.array([words, len(m["bigram"]), len(m["trigram"])], ">i4").tobytes())
        f.write(np.array([QUANTUM], ">f4").tobytes())
        for a in (
            quantized(m["unigram"]),
            quantized(m["unigram_rest"]),
            m["bigram_starts"].astype(">i4"),
            m["bigram_words"].astype(">u2"),
            quantized(m["bigram"]),
            quantized(m["bigram_rest"]),
            m["trigram_starts"].astype(">i4"),
            m["trigram_words"].astype(">u2"),
            quantized(m["trigram"]),
        ):
            f.write(a.tobytes())


@dataclass(frozen=True, kw_only=True)
class TrigramJob:
    """The package to add to; ``bigrams`` and ``trigrams`` as of ``smooth``."""

    package: Path
    corpus: Path
    bigrams: int
    trigrams: int


def build(options: TrigramJob) -> None:
    """Adds the model to a package, in the place of one that is there."""
    package = options.package
    manifest = json.loads((package / "manifest.json").read_text(encoding="utf8"))
    words = manifest["tokens"]["vocabulary"]
    if words > MOST_WORDS:
        raise SystemExit(f"{package}: has {words} words, expected at most {MOST_WORDS}")
    tokens, offsets = load_token_set(options.corpus / "train")
    keys, counts = count(tokens.astype(np.int64), np.diff(offsets), words)
    model = smooth(keys, counts, words, options.bigrams, options.trigrams)
    path = package / FILE
    write(path, words, model)
    add_file(package, "trigrams", FILE)
    print(
        f"{path}: {len(model['bigram']):,} bigrams, {len(model['trigram']):,} trigrams of "
        f"{len(offsets) - 1:,} texts,"
        f" {path.stat().st_size / 1e6:.1f} MB"
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("package", type=Path, help="directory of a model package")
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument(
        "--bigrams", type=int, default=3, help="least number of words that a kept bigram follows"
    )
    parser.add_argument(
        "--trigrams", type=int, default=4, help="least number of times that a kept trigram occurs"
    )
    set_command(parser, build, TrigramJob)
