"""Models that read another embedder's vectors."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from vec2text_training.adapt import Affine, affine, through
from vec2text_training.model import InversionModel, ModelConfig

CONFIG = ModelConfig(
    width=12,
    vocabulary=40,
    heads=2,
    inner=16,
    encoder_layers=1,
    decoder_layers=1,
    vector_slots=2,
    bag_words=4,
    bag_width=12,
    max_tokens=8,
    cls=1,
    sep=2,
    first_word=3,
)


def test_the_map_is_found():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3000, 12))
    rotation = np.linalg.qr(rng.normal(size=(12, 12)))[0]
    y = x @ rotation.T + 3
    y /= np.linalg.norm(y, axis=1).mean()
    found = affine(x, y)
    images = x @ found.matrix.numpy().T + found.offset.numpy()
    np.testing.assert_allclose(images, y, atol=0.01)
    assert abs(np.linalg.norm(images, axis=1).mean() - 1) < 1e-3


@pytest.mark.parametrize("width", [12, 20])
def test_a_model_reads_through_the_map(width):
    torch.manual_seed(0)
    model = InversionModel(CONFIG).eval()
    space = Affine(torch.randn(12, width), torch.randn(12), 0.7)
    x, x_hat = torch.randn(5, width), torch.randn(5, width)
    y, y_hat = (v @ space.matrix.T + space.offset for v in (x, x_hat))
    adapted = InversionModel(replace(CONFIG, vector_width=width)).eval()
    adapted.load_state_dict(through(model.state_dict(), CONFIG, space))
    torch.testing.assert_close(adapted.bag(x), model.bag(y), atol=1e-4, rtol=1e-4)
    scale, own = model.bag.scale, adapted.bag.scale
    torch.testing.assert_close(
        adapted.of_target(x * own), model.of_target(y * scale), atol=1e-4, rtol=1e-4
    )
    r = x - x_hat
    unit = r / r.norm(dim=1, keepdim=True)
    torch.testing.assert_close(
        adapted.of_residual(torch.cat([unit, r], 1) * own),
        model.of_residual(torch.cat([0.7 * unit @ space.matrix.T, y - y_hat], 1) * scale),
        atol=1e-4,
        rtol=1e-4,
    )
