"""Texts as another embedder's vectors show them."""

import numpy as np
import pytest
import torch

from vec2text_training import views
from vec2text_training.__main__ import main


def test_a_map_that_exists_is_found_by_the_other_texts():
    """A rotation of the vectors is undone; noise is not learned by heart."""
    torch.manual_seed(0)
    y = torch.nn.functional.normalize(torch.randn(400, 12) * torch.arange(1, 13), dim=1)
    rotation = torch.linalg.qr(torch.randn(12, 12))[0]
    shown = views.views(y @ rotation, y, seed=1)
    assert torch.nn.functional.cosine_similarity(shown, y).min() > 0.98
    shown = views.views(torch.randn(400, 12), y, seed=1)
    mean = y.mean(0, keepdim=True)
    guessed = torch.nn.functional.cosine_similarity(mean, y).mean()
    assert torch.nn.functional.cosine_similarity(shown, y).mean() < guessed + 0.1


def test_vectors_that_are_not_of_the_texts_are_named(tmp_path):
    (tmp_path / "texts.txt").write_text("one\ntwo\n")
    np.save(tmp_path / "vectors.npy", np.zeros((3, 4), np.float32))
    command = ["views", f"{tmp_path}/texts.txt", f"{tmp_path}/vectors.npy", "--onnx", "none.onnx"]
    command += ["--tokenizer", "none.json", "--output", f"{tmp_path}/views"]
    with pytest.raises(SystemExit, match=r"found an array \[3, 4\], expected a vector for each"):
        main(command)
