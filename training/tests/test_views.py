"""Texts as another embedder's vectors show them."""

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers

from vec2text_training import views
from vec2text_training.__main__ import main
from vec2text_training.train import TokenSet


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


def test_vectors_that_are_given_are_kept(tmp_path):
    vocabulary = {"[UNK]": 0} | {f"w{i}": i + 1 for i in range(9)}
    words = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    words.save(f"{tmp_path}/words.json")
    texts = [" ".join(f"w{(i + j) % 9}" for j in range(4 + i % 3)) for i in range(12)]
    texts[5], texts[6] = "w1", "w1 w2 w3 other"
    (tmp_path / "texts.txt").write_text("\n".join(texts) + "\n")
    np.save(tmp_path / "vectors.npy", 2 * np.eye(12, 16, dtype=np.float32))
    main(
        [
            "given",
            f"{tmp_path}/texts.txt",
            f"{tmp_path}/vectors.npy",
            "--tokenizer",
            f"{tmp_path}/words.json",
            "--output",
            f"{tmp_path}/train",
        ]
    )
    kept = TokenSet(tmp_path / "train")
    assert len(kept) == 10 and kept[5] == [8, 9, 1, 2, 3]  # "w7 w8 w0 w1 w2"
    np.testing.assert_array_equal(kept.vectors[5], np.eye(12, 16)[7])


def test_vectors_that_are_not_of_the_texts_are_named(tmp_path):
    (tmp_path / "texts.txt").write_text("one\ntwo\n")
    np.save(tmp_path / "vectors.npy", np.zeros((3, 4), np.float32))
    command = ["views", f"{tmp_path}/texts.txt", f"{tmp_path}/vectors.npy", "--onnx", "none.onnx"]
    command += ["--tokenizer", "none.json", "--output", f"{tmp_path}/views"]
    with pytest.raises(SystemExit, match=r"found an array \[3, 4\], expected a vector for each"):
        main(command)
