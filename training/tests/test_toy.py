"""Corpus, bag, training, export and transfer of a toy, end to end."""

import dataclasses
import hashlib
import json
import random
from types import SimpleNamespace

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch
from onnxruntime.quantization import quantize_dynamic
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from vec2text_training import corpus, generated, package, prefix, train
from vec2text_training.__main__ import main
from vec2text_training.corpus import load_token_set
from vec2text_training.embedder import Embedder, EmbedderConfig, embed
from vec2text_training.graphs import graphs
from vec2text_training.model import InversionModel, ModelConfig
from vec2text_training.train import Trainer
from vec2text_training.verify import agreement

torch.set_num_threads(1)  # toys are too small to be shared
WORDS, WIDTH, HEADS, INNER, LAYERS = 200, 24, 4, 48, 2


def word(i):
    return f"{'bcdfghklmn'[i // 10 % 10]}{'aeiou'[i % 5]}{'prstvwxyzj'[i % 10]}{i // 100}"


class ToyBert(torch.nn.Module):
    """A tiny BERT with the parameter names of the real ones: ids, mask and types int64 [B, T] to
    states [B, T, WIDTH].
    """

    def __init__(self, vocabulary):
        super().__init__()
        nn, tree = torch.nn, lambda **parts: torch.nn.ModuleDict(parts)

        def norm():
            return nn.LayerNorm(WIDTH, eps=1e-12)

        def linear(i=WIDTH, o=WIDTH):
            return nn.Linear(i, o)

        self.embeddings = tree(
            word_embeddings=nn.Embedding(vocabulary, WIDTH),
            position_embeddings=nn.Embedding(64, WIDTH),
            token_type_embeddings=nn.Embedding(2, WIDTH),
            LayerNorm=norm(),
        )
        self.encoder = tree(
            layer=nn.ModuleList(
                tree(
                    attention=tree(
                        self=tree(query=linear(), key=linear(), value=linear()),
                        output=tree(dense=linear(), LayerNorm=norm()),
                    ),
                    intermediate=tree(dense=linear(WIDTH, INNER)),
                    output=tree(dense=linear(INNER), LayerNorm=norm()),
                )
                for _ in range(LAYERS)
            )
        )

    def forward(self, ids, mask, types):
        e, (b, t) = self.embeddings, ids.shape
        x = (
            e["word_embeddings"](ids)
            + e["position_embeddings"](torch.arange(t))
            + e["token_type_embeddings"](types)
        )
        x = e["LayerNorm"](x)
        for layer in self.encoder["layer"]:
            a, o = layer["attention"], layer["output"]
            q, k, v = (
                a["self"][n](x).view(b, t, HEADS, WIDTH // HEADS).transpose(1, 2)
                for n in ("query", "key", "value")
            )
            scores = (
                q @ k.transpose(2, 3) / (WIDTH // HEADS) ** 0.5
                + (1.0 - mask[:, None, None, :].float()) * -1e4
            )
            y = (scores.softmax(-1) @ v).transpose(1, 2).reshape(b, t, WIDTH)
            x = a["output"]["LayerNorm"](x + a["output"]["dense"](y))
            x = o["LayerNorm"](
                x + o["dense"](torch.nn.functional.gelu(layer["intermediate"]["dense"](x)))
            )
        return x


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    """A tiny untrained BERT, a word tokenizer and some text."""
    d = tmp_path_factory.mktemp("toy")
    tokens = [
        "[PAD]",
        *[f"[unused{i}]" for i in range(99)],
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        "!",
        '"',
    ]
    vocabulary = {t: i for i, t in enumerate(tokens)} | {word(i): 106 + i for i in range(WORDS)}
    vocabulary["."] = 106 + WORDS
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.save(str(d / "tokenizer.json"))
    torch.manual_seed(1)
    bert = ToyBert(len(vocabulary)).eval()
    for name, p in bert.named_parameters():
        # Vectors that tell words apart, so that little training shows.
        torch.nn.init.normal_(
            p, float(name.endswith("Norm.weight")), 1.0 if "word_embeddings" in name else 0.1
        )
    ids = torch.randint(106, 200, (2, 5))
    torch.onnx.export(
        bert,
        (ids, torch.ones_like(ids), torch.zeros_like(ids)),
        str(d / "toy.onnx"),
        opset_version=14,
        dynamo=False,
        input_names=["input_ids", "attention_mask", "token_type_ids"],
        output_names=["last_hidden_state"],
        dynamic_axes={
            k: {0: "texts", 1: "tokens"}
            for k in ("input_ids", "attention_mask", "token_type_ids", "last_hidden_state")
        },
    )
    (d / "embedder.json").write_text(json.dumps(dict(model_id="toy", heads=HEADS, token_limit=64)))
    r = random.Random(2)

    def text(sentences):
        def line():
            return (
                " ".join(word(r.randrange(WORDS)) for _ in range(r.randint(4, 20))).capitalize()
                + "."
            )

        return "\n".join(" ".join(line() for _ in range(3)) for _ in range(sentences // 3))

    (d / "train.txt").write_text(text(1500))
    (d / "dev.txt").write_text(text(90))
    quantize_dynamic(d / "toy.onnx", d / "toy-q.onnx", per_channel=True)
    (d / "embedder-q.json").write_text(
        json.dumps(
            dict(model_id="toy", variant="int8", heads=HEADS, token_limit=24, prefix=word(7))
        )
    )
    return d


@pytest.mark.parametrize("variant", ["", "-q"])
def test_vectors_are_those_of_the_graph(toy, variant):
    """In PyTorch as good as exactly, or by the graph itself, one text a run, if it is dynamically
    quantised.
    """
    config = EmbedderConfig(**json.loads((toy / f"embedder{variant}.json").read_text()))
    embedder = Embedder.from_onnx(toy / f"toy{variant}.onnx", config, toy / "tokenizer.json")
    texts = [list(range(110 + i, 114 + 3 * i)) for i in range(12)]
    session = ort.InferenceSession(str(toy / f"toy{variant}.onnx"))
    found = embed(embedder, texts, bf16=False)
    for text, vector in zip(texts, found, strict=True):
        prefix = [106 + 7] if variant else []
        ids = np.array([[101, *prefix, *text[: config.token_limit - 2 - len(prefix)], 102]])
        states = session.run(
            None,
            dict(
                input_ids=ids, attention_mask=np.ones_like(ids), token_type_ids=np.zeros_like(ids)
            ),
        )[0]
        expected = torch.nn.functional.normalize(torch.from_numpy(states[0].mean(0)), dim=0)
        assert torch.allclose(vector, expected, atol=1e-5)
    assert (embedder.graph is not None) == bool(variant)
    with pytest.raises(SystemExit, match="are heads .1. and pooling"):
        agreement(
            toy / "toy.onnx", dataclasses.replace(config, heads=1), toy / "tokenizer.json", texts
        )


class Killed(Exception):
    pass


def test_vectors_are_made_once(tmp_path, monkeypatch):
    """What was embedded before a kill is not embedded again."""
    embedded = []

    def embed(embedder, texts, bf16, device):
        if len(embedded) == 8:
            embedded.append(None)
            raise Killed
        embedded.extend(texts)
        return torch.tensor([[t[0] + 1.0] * WIDTH for t in texts])

    monkeypatch.setattr(train, "embed", embed)
    monkeypatch.setattr(train, "EMBEDDED_AT_ONCE", 4)
    texts, embedder = [[i] for i in range(11)], SimpleNamespace(width=WIDTH)
    with pytest.raises(Killed):
        train.cached_vectors(tmp_path / "v.npy", embedder, texts, "cpu")
    assert not (tmp_path / "v.npy").exists()
    for _ in range(2):
        vectors = train.cached_vectors(tmp_path / "v.npy", embedder, texts, "cpu")
        assert vectors[:, 0].tolist() == list(range(1, 12))
    assert [t for t in embedded if t] == texts


def test_one_command_goes_on_where_it_was_killed(toy, tmp_path, monkeypatch, capsys):
    command = [
        "package",
        "--onnx",
        f"{toy}/toy-q.onnx",
        "--tokenizer",
        f"{toy}/tokenizer.json",
        "--embedder",
        f"{toy}/embedder-q.json",
        "--text",
        f"{toy}/train.txt",
        "--minutes",
        "0.1",
        "--bag-minutes",
        "0.15",
        "--encoder-layers",
        "1",
        "--decoder-layers",
        "1",
        "--output",
        f"{tmp_path}/package",
        "--",
        "--batch",
        "16",
    ]
    stages = ["corpus", "embedder", "bag", "train", "export", "verify"]

    def killed(*args, **kwargs):
        raise Killed

    # Each stage is killed late, when much of what it makes is there.
    for module, function in (
        (corpus, "evaluation_sentences"),
        (package, "agreement"),
        (train, "report_bag"),
        (train, "save_checkpoint"),
        (package, "replace"),
        (package, "verify"),
    ):
        with monkeypatch.context() as m, pytest.raises(Killed):
            m.setattr(module, function, killed)
            main(command)
        assert not (tmp_path / "package").exists()
    main(command)
    lines = capsys.readouterr().out.splitlines()
    made = [line.split(":")[0] for line in lines if "there already" not in line]
    assert made == [*stages, f"{tmp_path}/package"]
    assert lines[-1].endswith("verified package for toy")
    main(command)
    assert capsys.readouterr().out.splitlines()[:-1] == [f"{s}: there already" for s in stages]

    manifest = json.loads((tmp_path / "package/manifest.json").read_text())
    assert manifest["embedder"]["dynamicallyQuantized"] and manifest["space"]["prefix"] == word(7)
    assert manifest["training"]["config"]["decoder_layers"] == 1
    assert {f["source"] for f in manifest["files"].values()} == {"package"}
    for name in manifest["files"]:
        assert (tmp_path / "package" / name).exists()
    # One text in so many was held out.
    assert not {t for t in open(tmp_path / "package.work/corpus/held-out.txt")} & {
        t for t in open(tmp_path / "package.work/corpus/train.txt")
    }

    with pytest.raises(SystemExit, match="was made with onnx .*toy-q.onnx.*, expected .*toy.onnx"):
        main([a.replace("toy-q.onnx", "toy.onnx") for a in command])
    weights = tmp_path / "package/weights.bin"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    with pytest.raises(SystemExit, match="weights.bin: SHA-256 is"):
        main(
            ["verify", f"{tmp_path}/package", "--texts", f"{tmp_path}/package.work/corpus/dev.tsv"]
        )


def test_end_to_end(toy):
    embedder = ["--onnx", str(toy / "toy.onnx"), "--embedder", str(toy / "embedder.json")]
    main(
        [
            "corpus",
            "--train",
            str(toy / "train.txt"),
            "--held-out",
            str(toy / "dev.txt"),
            "--passages",
            "50",
            "--spans",
            "200",
            "--evaluate",
            f"{toy}/dev.txt={toy}/dev.tsv",
            "--evaluate-spans",
            f"{toy}/dev.txt={toy}/spans.tsv",
            "--tokenizer",
            f"{toy}/tokenizer.json",
            "--output",
            f"{toy}/corpus",
        ]
    )
    tokens, starts = load_token_set(toy / "corpus" / "train")
    assert len(starts) > 900 and starts[-1] == len(tokens)
    training = [
        *embedder,
        "--corpus",
        f"{toy}/corpus",
        "--checkpoint",
        f"{toy}/toy.pt",
        "--device",
        "cpu",
    ]
    main(["bag", *training, "--minutes", "0.05", "--batch", "64"])
    more = [
        *training,
        "--tokenizer",
        f"{toy}/tokenizer.json",
        "--dev",
        f"{toy}/dev.tsv",
        "--batch",
        "16",
        "--minutes",
        "0.05",
    ]
    main(["train", *more])
    before = torch.load(toy / "toy.pt", weights_only=True)
    main(["train", *more])
    after = torch.load(toy / "toy.pt", weights_only=True)
    assert after["step"] > before["step"] > 0 and after["minutes"] > before["minutes"]
    sizes = {}
    for dtype in ("fp32", "fp16", "int8"):
        package = toy / dtype
        main(
            [
                "export",
                "--checkpoint",
                f"{toy}/toy.pt",
                *embedder,
                "--tokenizer",
                f"{toy}/tokenizer.json",
                "--dtype",
                dtype,
                "--output",
                str(package),
            ]
        )
        manifest = json.loads((package / "manifest.json").read_text())
        for name, entry in manifest["files"].items():
            if entry["source"] == "package":
                data = (package / name).read_bytes()
                assert (
                    entry["bytes"] == len(data)
                    and entry["sha256"] == hashlib.sha256(data).hexdigest()
                )
        sizes[dtype] = (package / "weights.bin").stat().st_size
        nodes = onnx.load(str(package / "step.onnx"), load_external_data=False).graph.node
        looked_up = {n.input[0] for n in nodes if n.op_type == "Gather"}
        assert "model.words.weight" + (".q" if dtype == "int8" else "") in looked_up
        main(["restore", str(package), "--checkpoint", f"{toy}/restored-{dtype}.pt"])
        restored = torch.load(toy / f"restored-{dtype}.pt", weights_only=True)
        assert restored["step"] == after["step"]
        for name, value in after["average"].items():
            assert torch.allclose(
                restored["model"][name], value, atol=0.0 if dtype == "fp32" else 0.02
            ), name
    main(["train", *[f"{toy}/restored-int8.pt" if a == f"{toy}/toy.pt" else a for a in more]])
    # Texts cut anywhere, longer than the model could write, seen through another embedder.
    longer = [
        "--span-shares",
        "0.2",
        "0.2",
        "0.2",
        "0.1",
        "--blur",
        "0.5",
        "--max-tokens",
        "56",
        "--dev",
        f"{toy}/spans.tsv",
    ]
    main(["train", *more, *longer])
    state = torch.load(toy / "toy.pt", weights_only=True)
    assert state["config"]["max_tokens"] == 56 and len(state["average"]["positions"]) == 58
    assert {line.split("\t")[0] for line in open(toy / "spans.tsv")} == {
        "cut 4-16",
        "cut 17-32",
        "cut 33-64",
    }
    assert sizes["fp32"] > 1.9 * sizes["fp16"] and sizes["fp16"] > sizes["int8"]


def test_the_prefix_decoder_end_to_end(toy):
    """Trained twice, exported, and the graphs' steps score a text as training does."""
    main(
        [
            "corpus",
            "--train",
            str(toy / "train.txt"),
            "--passages",
            "50",
            "--tokenizer",
            f"{toy}/tokenizer.json",
            "--output",
            f"{toy}/prefix-corpus",
        ]
    )
    command = [
        "prefix",
        "--onnx",
        str(toy / "toy.onnx"),
        "--embedder",
        str(toy / "embedder.json"),
        "--tokenizer",
        f"{toy}/tokenizer.json",
        "--corpus",
        f"{toy}/prefix-corpus",
        "--checkpoint",
        f"{toy}/prefix.pt",
        "--minutes",
        "0.05",
        "--batch",
        "16",
        "--device",
        "cpu",
        "--dtype",
        "fp32",
        "--output",
        str(toy / "prefix"),
    ]
    main(command)
    before = torch.load(toy / "prefix.pt", weights_only=True)
    main(command)
    state = torch.load(toy / "prefix.pt", weights_only=True)
    assert state["step"] > before["step"] > 0
    manifest = json.loads((toy / "prefix/manifest.json").read_text())
    assert manifest["kind"] == "vec2text-prefix" and list(manifest["graphs"]) == [
        "first",
        "select",
        "step",
    ]
    model = prefix.PrefixDecoder(prefix.PrefixConfig(**state["config"])).eval()
    model.load_state_dict(state["model"])
    e, text = (
        torch.nn.functional.normalize(torch.randn(2, WIDTH), dim=1),
        torch.randint(106, 306, (2, 6)),
    )
    written = torch.cat([torch.full((2, 1), 101), text], 1)
    with torch.no_grad():
        specs = prefix.graphs(model)
        logits = model.logits(model(e, written)) + specs["step"][0].allowed
        expected = logits.log_softmax(2)
        memory = specs["first"][0](e)
        past = [torch.zeros(1, HEADS, 0, WIDTH // HEADS)] * len(memory)
        for t in range(1, 8):
            rows = torch.tensor([0, 0] if t == 1 else [0, 1])
            top, words, *past = specs["step"][0](written[:, None, :t], rows, *memory, *past)
            assert torch.allclose(
                top[:, 0], expected[:, t - 1].gather(1, words[:, 0].long()), atol=1e-4
            )


def test_the_exported_decoder_scores_texts_as_training_does():
    """Cached steps and the teacher-forced pass of the edits agree with each other and with the
    training loss.
    """
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
        memory = dict(
            zip(
                specs["correct"][2],
                correct(e, z, torch.cat([h, torch.tensor([[config.sep]])], 1), e_hat, z_hat),
                strict=True,
            )
        )
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
        trainer.options = SimpleNamespace(bf16=False)
        trainer.embed = lambda texts: e_hat
        loss, _, _ = trainer.loss(text.tolist(), e, z, h.tolist(), full=True)
        assert abs(loss.item() + expected.mean().item()) < 1e-3


def test_pieces_come_back_whole(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.bin").write_bytes(random.Random(1).randbytes(3 << 20))
    torch.save(
        dict(model={"w": torch.randn(100, 100)}, optimizers={"m": torch.randn(100)}, step=3), "c.pt"
    )
    main(["pack", "a.bin", "c.pt", "--half", "--piece-mib", "1", "--output", "pieces"])
    main(["unpack", "pieces", "--output", "back"])
    assert (tmp_path / "back/a.bin").read_bytes() == (tmp_path / "a.bin").read_bytes()
    state = torch.load("back/c.pt", weights_only=True)
    assert (
        state["step"] == 3
        and state["model"]["w"].dtype == torch.float16
        and "optimizers" not in state
    )
    piece = tmp_path / "pieces/piece-001"
    piece.write_bytes(piece.read_bytes()[::-1])
    with pytest.raises(SystemExit, match="piece-001: SHA-256"):
        main(["unpack", "pieces", "--output", "back"])


def test_package_names_what_it_can_not_use(toy, tmp_path):
    command = [
        "package",
        "--onnx",
        f"{toy}/toy.onnx",
        "--tokenizer",
        f"{toy}/tokenizer.json",
        "--embedder",
        f"{tmp_path}/embedder.json",
        "--text",
        f"{toy}/train.txt",
        "--minutes",
        "1",
        "--output",
        f"{tmp_path}/package",
    ]
    for embedder, message in (
        (
            dict(model_id="toy", head=4),
            "found .*head.*, expected an object with model_id and any of",
        ),
        (dict(model_id="toy", pooling="max"), "pooling is 'max', expected mean or cls"),
    ):
        (tmp_path / "embedder.json").write_text(json.dumps(embedder))
        with pytest.raises(SystemExit, match=message):
            main(command)
    (tmp_path / "embedder.json").write_text(json.dumps(dict(model_id="toy")))
    Tokenizer(models.WordLevel({"[UNK]": 0, "a": 1}, unk_token="[UNK]")).save(
        f"{tmp_path}/other.json"
    )
    with pytest.raises(
        SystemExit, match=r"found special tokens \{'\[PAD\]': None.*expected those of BERT"
    ):
        main([f"{tmp_path}/other.json" if a.endswith("tokenizer.json") else a for a in command])
    (tmp_path / "package").mkdir()
    with pytest.raises(SystemExit, match="expected a package or nothing"):
        main(command)


def test_blur_keeps_length_and_cosine():
    """Whole targets stay of unit length; a step from a hypothesis keeps its own length."""
    torch.manual_seed(0)
    trainer = object.__new__(Trainer)
    trainer.rng, trainer.blur_factor = (
        np.random.default_rng(0),
        train.blur_factor(torch.randn(500, WIDTH) * torch.arange(1, WIDTH + 1)),
    )
    e, start = torch.nn.functional.normalize(torch.randn(2, 64, WIDTH), dim=2)
    shown, step = trainer.blur(e), trainer.blur(e, start) - start
    assert torch.allclose(shown.norm(dim=1), torch.ones(64))
    assert torch.nn.functional.cosine_similarity(shown, e).mean().item() == pytest.approx(
        0.75, abs=0.05
    )
    assert torch.nn.functional.cosine_similarity(step, e - start).mean().item() == pytest.approx(
        0.75, abs=0.05
    )


def test_made_up_sentences_are_the_same_for_a_seed(tmp_path):
    for name in "ab":
        main(["generate", "--count", "20", "--seed", "3", "--output", str(tmp_path / name)])
    assert (tmp_path / "a").read_text() == (tmp_path / "b").read_text()
    slots = generated.Slots(1)
    for template in generated.TEMPLATES:
        assert "{" not in generated.fill(template, slots)


def test_mail_is_what_its_writer_wrote(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/1.txt").write_text(
        "From: a@example.org\nSubject: x\n\n> What did you write?\nI wrote\nthis line.\n\n-- \nA "
        "signature of mine\n"
    )
    main(["mail", str(tmp_path / "folder"), "--output", str(tmp_path / "mail.txt")])
    assert (tmp_path / "mail.txt").read_text() == "I wrote this line.\n"
