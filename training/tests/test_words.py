"""The table of word vectors against least squares."""

import numpy as np

from vec2text_training.words import fit, shares, write

WORDS, WIDTH = 30, 6


def texts(rng, n, words=WORDS):
    return [rng.integers(0, words, rng.integers(1, 9)).tolist() for _ in range(n)]


def test_shares_are_occurrences_per_token():
    x = shares([[3, 1, 3, 3], [0]], 5).toarray()
    np.testing.assert_allclose(x, [[0, 0.25, 0, 0.75, 0], [1, 0, 0, 0, 0]])


def test_without_features_rows_are_those_of_ridge_regression():
    rng = np.random.default_rng(1)
    x = shares(texts(rng, 200), WORDS)
    y = rng.normal(size=(200, WIDTH)).astype(np.float32)
    dense = x.toarray()
    expected = np.linalg.solve(dense.T @ dense + 0.1 * np.eye(WORDS), dense.T @ y)
    np.testing.assert_allclose(
        fit(x, y, np.zeros((WORDS, 1), np.float32), 0.1), expected, atol=1e-4
    )


def test_features_tell_of_words_that_do_not_occur():
    rng = np.random.default_rng(2)
    features = rng.normal(size=(WORDS, 4)).astype(np.float32)
    truth = features @ rng.normal(size=(4, WIDTH)).astype(np.float32)
    x = shares(texts(rng, 400, WORDS - 5), WORDS)
    rows = fit(x, x @ truth, features, 0.1)
    assert np.abs(rows - truth)[-5:].max() < 0.2 * np.abs(truth).max()


def test_the_file_holds_rows_to_a_127th_of_their_largest(tmp_path):
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(WORDS, WIDTH)).astype(np.float32)
    rows[4] = 0
    write(tmp_path / "words.bin", rows)
    raw = (tmp_path / "words.bin").read_bytes()
    assert np.frombuffer(raw, ">i4", 2).tolist() == [WORDS, WIDTH]
    scale = np.frombuffer(raw, ">f4", WORDS, 8)
    units = np.frombuffer(raw, "i1", WORDS * WIDTH, 8 + 4 * WORDS).reshape(WORDS, WIDTH)
    assert len(raw) == 8 + WORDS * (4 + WIDTH)
    np.testing.assert_allclose(units * scale[:, None], rows, atol=np.abs(rows).max() / 254 + 1e-6)
    assert not units[4].any()
