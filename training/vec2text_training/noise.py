"""Corrupted hypotheses for the corrector: from one edit to nearly everything."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator


def corrupt(
    rng: Generator,
    text: Sequence[int],
    sampled: Sequence[int] | None,
    distractors: np.ndarray,
    other: Sequence[int],
) -> list[int]:
    """A hypothesis for ``text`` (list of ids).

    sampled: the model's own teacher-forced sample at each position (same length) or None;
    distractors: ids to insert or put in place (bag words, frequent words); other: an unrelated
    text.
    """
    if rng.random() < 0.03:
        return list(other)
    h = list(text)
    mode = rng.random()
    if sampled is not None and mode < 0.7:
        rate = 1.0 if mode < 0.3 else rng.uniform(0.05, 0.6)
        h = [int(s) if rng.random() < rate else x for x, s in zip(h, sampled, strict=True)]
        edits = rng.geometric(0.5) - 1
    else:
        edits = min(rng.geometric(0.3), 1 + len(h))
    for _ in range(edits):
        h = _edit(rng, h, distractors)
    if rng.random() < 0.35:
        h = scramble(rng, h)
    return h or list(text)


def scramble(rng: Generator, h: list[int]) -> list[int]:
    """The words in another order: what a search that climbs the cosine alone ends in."""
    n, kind = len(h), rng.random()
    if kind < 0.5:  # segments change places
        cuts = np.sort(rng.integers(0, n + 1, rng.integers(1, 6)))
        parts = [h[a:b] for a, b in zip([0, *cuts], [*cuts, n], strict=True)]
        return [w for i in rng.permutation(len(parts)) for w in parts[i]]
    spread = rng.uniform(1, 4) if kind < 0.8 else n
    return [h[i] for i in np.argsort(np.arange(n) + rng.normal(0, spread, n), kind="stable")]


def _edit(rng: Generator, h: list[int], distractors: np.ndarray) -> list[int]:
    n = len(h)
    if n == 0:
        return [int(rng.choice(distractors))]
    kind, i = rng.integers(7), int(rng.integers(n))
    h = list(h)
    if kind == 0 and n > 1:
        del h[i]
    elif kind == 1:
        h.insert(int(rng.integers(n + 1)), int(rng.choice(distractors)))
    elif kind == 2:
        h[i] = int(rng.choice(distractors))
    elif kind == 3 and n > 1:
        j = min(i + 1, n - 1)
        h[i], h[j] = h[j], h[i]
    elif kind == 4:
        span = h[i : i + int(rng.integers(1, 6))]
        del h[i : i + len(span)]
        j = int(rng.integers(len(h) + 1))
        h[j:j] = span
    elif kind == 5:
        h.insert(int(rng.integers(n + 1)), h[i])
    elif n > 1:
        j = int(rng.integers(n))
        h[i], h[j] = h[j], h[i]
    return h


def pad(texts: Sequence[Sequence[int]], sep: int | None = None) -> np.ndarray:
    """Token lists to int64 [B, L] padded with 0, each ended by ``sep`` when given."""
    extra = 0 if sep is None else 1
    out = np.zeros((len(texts), max(map(len, texts)) + extra), np.int64)
    for row, t in zip(out, texts, strict=True):
        row[: len(t)] = t
        if sep is not None:
            row[len(t)] = sep
    return out
