"""Conversion of toy checkpoints in the layout of the published ones."""

import json

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

from vec2text_training.__main__ import main
from vec2text_training.beams import Beams
from vec2text_training.embedder import mean_pool
from vec2text_training.published import Corrector, Inverter, T5Embedder
from vec2text_training.reference import Models, Package, invert
from vec2text_training.t5 import T5Config, buckets

TOY = T5Config(vocabulary=96, width=24, heads=3, head_width=8, inner=40, layers=2, decoder_layers=2)
EMBEDDER = T5Config(
    vocabulary=96, width=32, heads=2, head_width=8, inner=40, layers=2, decoder_layers=2
)


def randomise(module, seed):
    g = torch.Generator().manual_seed(seed)
    for p in module.parameters():
        p.data.normal_(1.0 if p.dim() == 1 else 0.0, 0.3, generator=g)
    return module.eval()


def write_tokenizer(folder):
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = [*letters, *(f"▁{c}" for c in letters), *letters.upper(), *"0123456789.,?!"]
    pieces = [
        ("<pad>", 0.0),
        ("</s>", 0.0),
        ("<unk>", 0.0),
        ("▁", -4.0),
        *((w, -5.0) for w in words),
    ]
    t = Tokenizer(models.Unigram(pieces, unk_id=2))
    t.pre_tokenizer, t.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
    t.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    t.add_special_tokens(["<pad>", "</s>", "<unk>"])
    t.save(str(folder / "tokenizer.json"))


def write(folder, config, tensors, sharded=False):
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config))
    tensors = {k: v.clone() for k, v in tensors.items()}
    if not sharded:
        save_file(tensors, str(folder / "model.safetensors"))
        return
    names, index = sorted(tensors), {}
    for i in range(2):
        file = f"pytorch_model-0000{i + 1}-of-00002.bin"
        torch.save({k: tensors[k] for k in names[i::2]}, folder / file)
        index |= {k: file for k in names[i::2]}
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps(dict(weight_map=index)))


@pytest.fixture
def toy(tmp_path):
    embedder = randomise(T5Embedder(EMBEDDER), 1)
    inverter, corrector = (
        randomise(Inverter(TOY, 32, repeat=4), 2),
        randomise(Corrector(TOY, 32, repeat=4), 3),
    )
    write(tmp_path / "gtr", EMBEDDER.to_json(), embedder.state_dict())
    for name in ("t5", "gtr"):
        (tmp_path / name).mkdir(exist_ok=True)
        write_tokenizer(tmp_path / name)
    (tmp_path / "t5/config.json").write_text(json.dumps(TOY.to_json()))
    config = dict(
        embedder_model_name="gtr_base",
        max_seq_length=12,
        num_repeat_tokens=4,
        model_name_or_path="t5-base",
    )
    carried = {
        f"embedder.{k.replace('shared', 'embed_tokens').removeprefix('encoder.')}": v
        for k, v in embedder.state_dict().items()
    }
    aliases = {
        f"encoder_decoder.{k}.weight": inverter.encoder_decoder.shared.weight
        for k in ("lm_head", "encoder.embed_tokens", "decoder.embed_tokens")
    }
    write(tmp_path / "inverter", config, inverter.state_dict() | carried | aliases)
    write(tmp_path / "corrector", config, corrector.state_dict(), sharded=True)
    return tmp_path


def convert(toy, output="package", **options):
    options = (
        dict(
            inverter=toy / "inverter",
            corrector=toy / "corrector",
            t5_dir=toy / "t5",
            embedder_dir=toy / "gtr",
            licence="Apache-2.0",
            output=toy / output,
        )
        | options
    )
    main(
        [
            "convert",
            *(str(x) for k, v in options.items() if v for x in (f"--{k.replace('_', '-')}", v)),
        ]
    )
    return json.loads((toy / output / "manifest.json").read_text())


def test_every_number_format_converts(toy):
    sizes = {}
    for dtype in ("fp32", "fp16", "int8"):
        manifest = convert(toy, dtype, dtype=dtype)
        sizes[dtype] = sum(
            f["bytes"] for name, f in manifest["files"].items() if name != "embedder.bin"
        )
        assert manifest["kind"] == "vec2text-t5"
        assert set(manifest["graphs"]) == {
            "first",
            "first_step",
            "correct",
            "correct_step",
            "select",
        }
        cache = manifest["graphs"]["correct_step"]["inputs"]["past_k_1"]
        assert cache == dict(
            type="float16" if dtype == "fp16" else "float32",
            shape=["past_rows", 3, "past_tokens", 8],
        )
        assert (
            manifest["space"]["variant"] == "raw-mean-pool" and not manifest["space"]["normalized"]
        )
        assert all((toy / dtype / f).exists() for f in manifest["files"])


@pytest.mark.parametrize("width", [1, 3])
def test_the_published_search_over_the_graphs_is_that_of_pytorch(toy, width):
    convert(toy)
    package = Package(toy / "package", threads=1)
    models = Models(
        randomise(Inverter(TOY, 32, repeat=4), 2),
        randomise(Corrector(TOY, 32, repeat=4), 3),
        package.embed,
    )
    vectors = package.embed(
        [package.tokenizer.encode(t).ids for t in ("a b", "is it B?", "so, 4 or 7 a day")]
    )
    for found, expected in zip(
        invert(package, vectors, 2, width, 12, 16),
        invert(models, vectors, 2, width, 12, 16),
        strict=True,
    ):
        assert found[0] == expected[0]
        assert np.allclose(found[1], expected[1], atol=1e-6)
        assert np.allclose(found[2], expected[2], atol=1e-4)


def test_the_embedder_is_the_mean_of_the_encoder(toy):
    convert(toy)
    package = Package(toy / "package")
    text = package.tokenizer.encode("is it B?").ids
    embedder, ids = randomise(T5Embedder(EMBEDDER), 1), torch.tensor([[*text, 0, 0]])
    with torch.no_grad():
        expected = mean_pool(embedder(ids, (ids > 0).long()), (ids > 0).long())[0].numpy()
    assert np.allclose(package.embed([[0, *text]])[0], expected, atol=1e-5)


def test_old_names_are_understood(toy):
    inverter, corrector = (
        Inverter(TOY, 32, repeat=4).state_dict(),
        Corrector(TOY, 32, repeat=4).state_dict(),
    )
    config = json.loads((toy / "inverter/config.json").read_text())

    def old(tensors):
        return {
            k.replace(".3.", ".2.") if k.startswith("embedding_transform") else k: v
            for k, v in tensors.items()
        }

    write(toy / "old-inverter", config, old(inverter))
    single = {
        k.replace("_1", ""): v
        for k, v in corrector.items()
        if not k.startswith(("embedding_transform_2", "embedding_transform_3"))
    }
    write(toy / "old-corrector", config, old(single))
    convert(toy, inverter=toy / "old-inverter", corrector=toy / "old-corrector")


def test_the_whole_gtr_has_a_dense_layer_and_unit_vectors(toy):
    kinds = ["Transformer", "Pooling", "Dense", "Normalize"]
    (toy / "gtr/modules.json").write_text(
        json.dumps(
            [
                dict(path=f"{i}_{k}" if i else "", type=f"sentence_transformers.models.{k}")
                for i, k in enumerate(kinds)
            ]
        )
    )
    (toy / "gtr/1_Pooling").mkdir()
    (toy / "gtr/1_Pooling/config.json").write_text(json.dumps(dict(pooling_mode_mean_tokens=True)))
    dense = torch.randn(32, 32, generator=torch.Generator().manual_seed(5))
    write(
        toy / "gtr/2_Dense",
        dict(activation_function="torch.nn.modules.linear.Identity"),
        {"linear.weight": dense},
    )
    raw, whole = (
        convert(toy, "raw"),
        convert(toy, "whole", embedder_contract="sentence-transformers"),
    )
    assert whole["space"]["normalized"] and whole["space"]["variant"] != raw["space"]["variant"]
    a, b = (Package(toy / p).embed([[0, 5, 40, 1]])[0] for p in ("raw", "whole"))
    expected = dense.numpy() @ a
    assert np.allclose(b, expected / np.linalg.norm(expected), atol=1e-5)


def test_bad_checkpoints_are_refused_with_a_reason(toy):
    config = json.loads((toy / "inverter/config.json").read_text())
    tensors = Inverter(TOY, 32, repeat=4).state_dict()
    lost = {
        k: v
        for k, v in tensors.items()
        if k != "encoder_decoder.decoder.block.1.layer.1.EncDecAttention.k.weight"
    }
    write(toy / "lost", config, lost)
    write(toy / "other", config, tensors | {"embedder.final_layer_norm.weight": torch.ones(32)})
    write(toy / "narrow", config, tensors | {"embedding_transform.3.bias": torch.ones(3)})
    (toy / "empty").mkdir()
    (toy / "empty/config.json").write_text("{}")
    (toy / "gated").mkdir()
    (toy / "gated/config.json").write_text(
        json.dumps(TOY.to_json() | dict(feed_forward_proj="gated-gelu"))
    )
    for options, message in (
        (dict(inverter=toy / "lost"), "missing.*EncDecAttention.k.weight"),
        (dict(inverter=toy / "other"), "encoder.final_layer_norm.weight is not that of .*gtr"),
        (
            dict(inverter=toy / "narrow"),
            r"embedding_transform.3.bias has shape \(3,\), expected \(96,\)",
        ),
        (dict(inverter=toy / "empty"), "expected model.safetensors or pytorch_model.bin"),
        (dict(inverter=toy / "corrector"), "no tensor embedding_transform.0.weight"),
        (dict(t5_dir=toy / "gated"), "feed_forward_proj is 'gated-gelu', expected 'relu'"),
    ):
        with pytest.raises(SystemExit, match=message):
            convert(toy, **options)


def test_buckets_are_those_of_t5():
    assert buckets(torch.tensor([0, -1, -7, -8, 1, 7, 8, 127, 500]), True, 32, 128).tolist() == [
        0,
        1,
        7,
        8,
        17,
        23,
        24,
        31,
        31,
    ]
    assert buckets(torch.tensor([3, 0, -15, -16, -20, -113, -400]), False, 32, 128).tolist() == [
        0,
        0,
        15,
        16,
        17,
        31,
        31,
    ]


def test_beams_end_as_in_transformers():
    def step(beams, *rows):
        return beams.advance(
            np.log(np.array([[p for p, _ in r] for r in rows], np.float32)),
            np.array([[w for _, w in r] for r in rows]),
        )

    beams = Beams(2, limit=4, end=1)
    step(beams, [(0.5, 1), (0.3, 5), (0.1, 6), (0.06, 7)])  # a finished text may be empty
    assert beams.done == [(pytest.approx(np.log(0.5)), [1])] and beams.tokens == [[5], [6]]
    step(beams, [(0.6, 8), (0.3, 1), (0.05, 9)], [(0.9, 8), (0.06, 1), (0.02, 9)])
    # 0.3 * 0.6 and 0.1 * 0.9 and 0.3 * 0.3: the end is the third or second best, a matter of 1e-8
    # at most
    assert beams.margin < 1e-6
    assert beams.tokens[0] == [5, 8] and not beams.finished
