"""The trigram model against its definition."""

import numpy as np
import pytest

from vec2text_training.trigrams import DISCOUNT, QUANTUM, count, smooth, write

WORDS, END, BEGIN = 12, 12, 13


@pytest.fixture(scope="module")
def texts():
    rng = np.random.default_rng(1)
    return [rng.integers(0, WORDS, rng.integers(1, 9)) ** 2 % WORDS for _ in range(60)]


def trigrams(texts):
    for t in texts:
        padded = [BEGIN, BEGIN, *t, END]
        yield from zip(padded, padded[1:], padded[2:], strict=False)


def read(path):
    """The function log p(third | first, second) of a file, looked up as its description says."""
    raw, at = path.read_bytes(), 0

    def take(kind, n):
        nonlocal at
        a = np.frombuffer(raw, kind, n, at)
        at += a.nbytes
        return a

    words, m, n = (int(x) for x in take(">i4", 3))
    quantum = float(take(">f4", 1)[0])
    unigram, rest1 = take("u1", words + 2), take("u1", words + 2)
    starts2, words2, bigram, rest2 = (
        take(">i4", words + 3),
        take(">u2", m),
        take("u1", m),
        take("u1", m),
    )
    starts3, words3, trigram = take(">i4", m + 1), take(">u2", n), take("u1", n)
    assert at == len(raw)

    def find(starts, names, i, word):
        found = np.nonzero(names[starts[i] : starts[i + 1]] == word)[0]
        return int(starts[i] + found[0]) if len(found) else None

    def p(a, b, c):
        context, q = find(starts2, words2, a, b), 0
        if context is not None:
            i = find(starts3, words3, context, c)
            if i is not None:
                return -quantum * int(trigram[i])
            q = int(rest2[context])
        i = find(starts2, words2, b, c)
        return -quantum * (
            q + (int(bigram[i]) if i is not None else int(rest1[b]) + int(unigram[c]))
        )

    return p


def model(texts, path, *least):
    keys, counts = count(np.concatenate(texts), np.array([len(t) for t in texts]), WORDS)
    write(path, WORDS, smooth(keys, counts, WORDS, *least))
    return read(path)


def test_every_trigram_is_counted_once(texts):
    keys, counts = count(np.concatenate(texts), np.array([len(t) for t in texts]), WORDS)
    found = {
        (int(k) // 14 // 14, int(k) // 14 % 14, int(k) % 14): int(c)
        for k, c in zip(keys, counts, strict=True)
    }
    expected = {}
    for t in trigrams(texts):
        key = tuple(int(x) for x in t)
        expected[key] = expected.get(key, 0) + 1
    assert found == expected


@pytest.mark.parametrize("least", [(1, 1), (2, 2), (3, 4)])
def test_probabilities_sum_to_one(texts, tmp_path, least):
    p = model(texts, tmp_path / "t.bin", *least)
    for a, b in {t[:2] for t in trigrams(texts)} | {(3, 7), (7, 3)}:
        total = sum(np.exp(p(a, b, c)) for c in range(WORDS + 1))
        assert total == pytest.approx(1, abs=1.5 * QUANTUM)


def test_a_trigram_follows_the_formula(texts, tmp_path):
    p = model(texts, tmp_path / "t.bin", 1, 1)
    all3 = list(trigrams(texts))
    kinds = set(all3)
    a, b, c = all3[5]
    n = sum(t == (a, b, c) for t in all3)
    total = sum(t[:2] == (a, b) for t in all3)
    follow = len({t for t in kinds if t[:2] == (a, b)})
    before = len({t for t in kinds if t[1:] == (b, c)})
    all_before = len({t for t in kinds if t[1] == b})
    kinds2 = {t[1:] for t in kinds}
    followers = len({t for t in kinds2 if t[0] == b})
    unigram = (len({t for t in kinds2 if t[1] == c}) + 0.5) / (len(kinds2) + 0.5 * (WORDS + 1))
    bigram = (before - DISCOUNT) / all_before + DISCOUNT * followers / all_before * unigram
    expected = (n - DISCOUNT) / total + DISCOUNT * follow / total * bigram
    assert p(a, b, c) == pytest.approx(np.log(expected), abs=QUANTUM)
