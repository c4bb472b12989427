"""The map of a bridge, and its file."""

import numpy as np

from vec2text_training.bridge import cosine, fit, unit

WIDTH = 6


def pairs(n, seed=0):
    """Vectors on a sphere, and what a curved map makes of them."""
    rng = np.random.default_rng(seed)
    x = unit(rng.normal(size=(n, WIDTH)).astype(np.float32))
    return x, unit(np.concatenate([x[:, :3] ** 2, np.sin(3 * x[:, 3:])], 1))


def test_landmarks_bend_the_map():
    (x, y), (held_x, held_y) = pairs(2000), pairs(300, seed=1)
    straight = fit(x, y, held_x, held_y, landmarks=0)
    curved = fit(x, y, held_x, held_y, landmarks=200)
    assert cosine(straight.images(held_x), held_y) < 0.95
    assert cosine(curved.images(held_x), held_y) > 0.98


def test_the_file_holds_the_map(tmp_path):
    x, y = pairs(500)
    fitted = fit(x, y, x[:50], y[:50], landmarks=20)
    fitted.write(tmp_path / "map.bin")
    raw = (tmp_path / "map.bin").read_bytes()
    assert np.frombuffer(raw, ">i4", 3).tolist() == [WIDTH, WIDTH, 20]
    numbers = np.frombuffer(raw, ">f4", offset=12).astype(np.float32)
    assert len(numbers) == 2 + WIDTH + 20 * WIDTH + WIDTH * (20 + WIDTH) + WIDTH
    np.testing.assert_allclose(numbers[:2], [fitted.scale, 1], rtol=1e-6)
    np.testing.assert_array_equal(numbers[2 : 2 + WIDTH], fitted.mean)
    landmarks, rows = np.split(numbers[2 + WIDTH : -WIDTH], [20 * WIDTH])
    np.testing.assert_array_equal(landmarks.reshape(20, WIDTH), fitted.landmarks)
    np.testing.assert_array_equal(rows.reshape(WIDTH, -1), fitted.rows)
