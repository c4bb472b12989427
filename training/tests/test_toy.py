"""Corpus, bag, training, export and transfer of a toy, end to end."""

import argparse
import hashlib
import json
import random

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch
from onnx import helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from vec2text_training.__main__ import main
from vec2text_training.corpus import load_token_set
from vec2text_training.graphs import graphs
from vec2text_training.model import InversionModel, ModelConfig
from vec2text_training.train import Trainer

WORDS, WIDTH, INNER, LAYERS = 200, 24, 48, 2


def word(i):
    return f"{'bcdfghklmn'[i // 10 % 10]}{'aeiou'[i % 5]}{'prstvwxyzj'[i % 10]}{i // 100}"


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    """A tiny untrained BERT's initialisers, a word tokenizer and some text."""
    d = tmp_path_factory.mktemp("toy")
    rng = np.random.default_rng(1)
    tokens = ["[PAD]", *[f"[unused{i}]" for i in range(99)], "[UNK]", "[CLS]", "[SEP]", "[MASK]", "!", '"']
    vocabulary = {t: i for i, t in enumerate(tokens)} | {word(i): 106 + i for i in range(WORDS)}
    vocabulary["."] = 106 + WORDS
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.save(str(d / "tokenizer.json"))
    n = len(vocabulary)
    named = {"embeddings.word_embeddings.weight": (n, WIDTH), "embeddings.position_embeddings.weight": (64, WIDTH),
             "embeddings.token_type_embeddings.weight": (2, WIDTH), "embeddings.LayerNorm.weight": (WIDTH,),
             "embeddings.LayerNorm.bias": (WIDTH,)}
    initializers = []
    for layer in range(LAYERS):
        p = f"encoder.layer.{layer}."
        for name in ("query", "key", "value"):
            named[p + f"attention.self.{name}.bias"] = (WIDTH,)
        named |= {p + "attention.output.dense.bias": (WIDTH,), p + "intermediate.dense.bias": (INNER,),
                  p + "output.dense.bias": (WIDTH,)}
        for norm in ("attention.output.LayerNorm", "output.LayerNorm"):
            named |= {p + norm + ".weight": (WIDTH,), p + norm + ".bias": (WIDTH,)}
        for i, shape in enumerate([(WIDTH, WIDTH)] * 4 + [(WIDTH, INNER), (INNER, WIDTH)]):
            a = (rng.normal(size=shape) * 0.3).astype(np.float32)
            initializers.append(numpy_helper.from_array(a, f"onnx::MatMul_{layer * 6 + i}"))
    for name, shape in named.items():
        a = np.ones(shape) if name.endswith("Norm.weight") else rng.normal(size=shape) * 0.3
        initializers.append(numpy_helper.from_array(a.astype(np.float32), name))
    onnx.save(helper.make_model(helper.make_graph([], "toy", [], [], initializers)), str(d / "toy.onnx"))
    (d / "embedder.json").write_text(json.dumps(dict(model_id="toy", heads=4, token_limit=64)))
    r = random.Random(2)

    def text(sentences):
        line = lambda: " ".join(word(r.randrange(WORDS)) for _ in range(r.randint(4, 20))).capitalize() + "."
        return "\n".join(" ".join(line() for _ in range(3)) for _ in range(sentences // 3))

    (d / "train.txt").write_text(text(1500))
    (d / "dev.txt").write_text(text(90))
    return d


def test_end_to_end(toy):
    embedder = ["--onnx", str(toy / "toy.onnx"), "--embedder", str(toy / "embedder.json")]
    main(["corpus", "--train", str(toy / "train.txt"), "--held-out", str(toy / "dev.txt"), "--passages", "50",
          "--evaluate", f"{toy}/dev.txt={toy}/dev.tsv", "--tokenizer", f"{toy}/tokenizer.json", "--output", f"{toy}/corpus"])
    tokens, starts = load_token_set(toy / "corpus" / "train")
    assert len(starts) > 900 and starts[-1] == len(tokens)
    training = [*embedder, "--corpus", f"{toy}/corpus", "--checkpoint", f"{toy}/toy.pt", "--device", "cpu"]
    main(["bag", *training, "--minutes", "0.05", "--batch", "64"])
    more = [*training, "--tokenizer", f"{toy}/tokenizer.json", "--dev", f"{toy}/dev.tsv", "--batch", "16", "--minutes", "0.05"]
    main(["train", *more])
    before = torch.load(toy / "toy.pt", weights_only=True)
    main(["train", *more])
    after = torch.load(toy / "toy.pt", weights_only=True)
    assert after["step"] > before["step"] > 0 and after["minutes"] > before["minutes"]
    sizes = {}
    for dtype in ("fp32", "fp16", "int8"):
        package = toy / dtype
        main(["export", "--checkpoint", f"{toy}/toy.pt", *embedder, "--tokenizer", f"{toy}/tokenizer.json",
              "--dtype", dtype, "--output", str(package)])
        manifest = json.loads((package / "manifest.json").read_text())
        for name, entry in manifest["files"].items():
            if entry["source"] == "package":
                data = (package / name).read_bytes()
                assert entry["bytes"] == len(data) and entry["sha256"] == hashlib.sha256(data).hexdigest()
        sizes[dtype] = (package / "weights.bin").stat().st_size
        main(["restore", str(package), "--checkpoint", f"{toy}/restored-{dtype}.pt"])
        restored = torch.load(toy / f"restored-{dtype}.pt", weights_only=True)
        assert restored["step"] == after["step"]
        for name, value in after["average"].items():
            assert torch.allclose(restored["model"][name], value, atol=0.0 if dtype == "fp32" else 0.02), name
    main(["train", *[f"{toy}/restored-int8.pt" if a == f"{toy}/toy.pt" else a for a in more]])
    assert sizes["fp32"] > 1.9 * sizes["fp16"] and sizes["fp16"] > sizes["int8"]


def test_the_exported_decoder_scores_texts_as_training_does():
    """Cached steps and the teacher-forced pass of the edits agree with each other and with the training loss."""
    torch.manual_seed(0)
    config = ModelConfig(width=WIDTH, bag_width=WIDTH, vocabulary=307, heads=4, inner=INNER)
    model = InversionModel(config).eval()
    for p in model.parameters():
        torch.nn.init.normal_(p, std=0.1)
    with torch.no_grad():
        # The training loss may give special words a share, the shortlist never does.
        special = torch.arange(307) < 106
        special[config.sep] = False
        model.bias[special] = -30
    specs = graphs(model)
    edits, step, correct, bag = (specs[n][0] for n in ("edits", "step", "correct", "bag"))
    text, h = torch.randint(106, 307, (1, 6)), torch.randint(106, 307, (1, 5))
    e, e_hat = torch.nn.functional.normalize(torch.randn(2, WIDTH), dim=1).split(1)
    written = torch.cat([torch.tensor([[config.cls]]), text], 1)
    with torch.no_grad():
        z, z_hat = bag(e)[0], bag(e_hat)[0]
        memory = dict(zip(specs["correct"][2], correct(e, z, torch.cat([h, torch.tensor([[config.sep]])], 1), e_hat, z_hat)))
        cross = [v for k, v in memory.items() if k.startswith("cross")]
        given = [v for k, v in memory.items() if not k.startswith("cross")]
        expected = edits(written, z, z_hat, torch.tensor(0.5), *given, *cross)[5][0]
        past = [torch.zeros(1, 4, 0, WIDTH // 4)] * 8
        compared = 0
        for t in range(1, 8):
            top, words, *past = step(written[:, None, :t], torch.tensor([0]), *given, *cross, *past)
            match = words[0, 0] == (text[0, t - 1] if t < 7 else config.sep)
            if match.any():
                compared += 1
                assert abs(top[0, 0][match].item() - expected[t - 1].item()) < 1e-4
        assert compared > 0
        trainer = object.__new__(Trainer)
        trainer.config, trainer.model, trainer.device = config, model, "cpu"
        trainer.args = argparse.Namespace(bf16=False)
        trainer.embed = lambda texts: e_hat
        loss, _, _ = trainer.loss(text.tolist(), e, z, h.tolist(), full=True)
        assert abs(loss.item() + expected.mean().item()) < 1e-3


def test_pieces_come_back_whole(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.bin").write_bytes(random.Random(1).randbytes(3 << 20))
    torch.save(dict(model={"w": torch.randn(100, 100)}, optimizers={"m": torch.randn(100)}, step=3), "c.pt")
    main(["pack", "a.bin", "c.pt", "--half", "--piece-mib", "1", "--output", "pieces"])
    main(["unpack", "pieces", "--output", "back"])
    assert (tmp_path / "back/a.bin").read_bytes() == (tmp_path / "a.bin").read_bytes()
    state = torch.load("back/c.pt", weights_only=True)
    assert state["step"] == 3 and state["model"]["w"].dtype == torch.float16 and "optimizers" not in state
    piece = tmp_path / "pieces/piece-001"
    piece.write_bytes(piece.read_bytes()[::-1])
    with pytest.raises(SystemExit, match="piece-001: SHA-256"):
        main(["unpack", "pieces", "--output", "back"])
