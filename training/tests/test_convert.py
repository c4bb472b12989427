"""Conversion of toy checkpoints in the layout of the published ones."""

import json

import pytest
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

from vec2text_training.__main__ import main
from vec2text_training.checkpoint import read_tensors
from vec2text_training.published import Corrector, Inverter, T5Embedder
from vec2text_training.t5 import MASKED, T5, T5Config, buckets

TOY = T5Config(vocabulary=96, width=24, heads=3, head_width=8, inner=40, layers=2, decoder_layers=2)
EMBEDDER = T5Config(vocabulary=96, width=32, heads=2, head_width=8, inner=40, layers=2, decoder_layers=2)


def randomise(module, seed):
    g = torch.Generator().manual_seed(seed)
    for p in module.parameters():
        p.data.normal_(1.0 if p.dim() == 1 else 0.0, 0.3, generator=g)
    return module.eval()


def write_tokenizer(folder):
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -4.0), *((chr(97 + i), -5.0) for i in range(26)),
              *((f"▁{chr(97 + i)}", -5.0) for i in range(26))]
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
    inverter, corrector = randomise(Inverter(TOY, 32, repeat=4), 2), randomise(Corrector(TOY, 32, repeat=4), 3)
    write(tmp_path / "gtr", EMBEDDER.to_json(), embedder.state_dict())
    for name in ("t5", "gtr"):
        (tmp_path / name).mkdir(exist_ok=True)
        write_tokenizer(tmp_path / name)
    (tmp_path / "t5/config.json").write_text(json.dumps(TOY.to_json()))
    config = dict(embedder_model_name="gtr_base", max_seq_length=12, num_repeat_tokens=4, model_name_or_path="t5-base")
    carried = {f"embedder.{k.replace('shared', 'embed_tokens').removeprefix('encoder.')}": v
               for k, v in embedder.state_dict().items()}
    aliases = {f"encoder_decoder.{k}.weight": inverter.encoder_decoder.shared.weight
               for k in ("lm_head", "encoder.embed_tokens", "decoder.embed_tokens")}
    write(tmp_path / "inverter", config, inverter.state_dict() | carried | aliases)
    write(tmp_path / "corrector", config, corrector.state_dict(), sharded=True)
    return tmp_path


def convert(toy, output="package", **options):
    options = dict(inverter=toy / "inverter", corrector=toy / "corrector", t5_dir=toy / "t5", embedder_dir=toy / "gtr",
                   licence="Apache-2.0", output=toy / output) | options
    main(["convert", *(str(x) for k, v in options.items() if v for x in (f"--{k.replace('_', '-')}", v))])
    return json.loads((toy / output / "manifest.json").read_text())


def test_every_number_format_converts(toy):
    sizes = {}
    for dtype in ("fp32", "fp16", "int8"):
        manifest = convert(toy, dtype, dtype=dtype)
        sizes[dtype] = sum(f["bytes"] for name, f in manifest["files"].items() if name != "embedder.bin")
        assert manifest["kind"] == "vec2text-t5"
        assert set(manifest["graphs"]) == {"first", "first_step", "correct", "correct_step", "select"}
        cache = manifest["graphs"]["correct_step"]["inputs"]["past_k_1"]
        assert cache == dict(type="float16" if dtype == "fp16" else "float32", shape=["past_rows", 3, "past_tokens", 8])
        assert manifest["space"]["variant"] == "raw-mean-pool" and not manifest["space"]["normalized"]
        assert all((toy / dtype / f).exists() for f in manifest["files"])
