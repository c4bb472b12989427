"""A small language model through the whole path: GGUF file, forward pass, package."""

import json

import gguf
import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models

from vec2text_training import causal, causal_package
from vec2text_training.causal import CausalConfig, CausalModel, Template
from vec2text_training.embedder import EmbedderSource, embed
from vec2text_training.states import Truecaser, joined

CONFIG = CausalConfig(
    width=64,
    vocabulary=260,
    layers=2,
    heads=4,
    key_heads=2,
    inner=96,
    rope_base=1e4,
    epsilon=2**-17,
    context=128,
)
CHAT = (
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content']"
    " + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n'"
    " }}{% endif %}"
)


def alphabet():
    """The characters that stand for bytes, with two merges and two control tokens."""
    from tokenizers import pre_tokenizers

    tokens = sorted(pre_tokenizers.ByteLevel.alphabet()) + ["he", "Ġt"]
    return [*tokens, "<|im_start|>", "<|im_end|>"], ["h e", "Ġ t"]


def pairs(w, head_size):
    """The inverse of ``causal.halves``."""
    rows = w.view(-1, 2, head_size // 2, w.shape[-1])
    return rows.transpose(1, 2).reshape(w.shape).contiguous()


@pytest.fixture
def model():
    torch.manual_seed(3)
    made = CausalModel(CONFIG).eval()
    with torch.no_grad():
        made.output.normal_(0, 0.3)
    return made


@pytest.fixture
def file(model, tmp_path):
    writer = gguf.GGUFWriter(tmp_path / "model.gguf", "llama")
    writer.add_name("tiny")
    writer.add_license("apache-2.0")
    writer.add_embedding_length(CONFIG.width)
    writer.add_block_count(CONFIG.layers)
    writer.add_head_count(CONFIG.heads)
    writer.add_head_count_kv(CONFIG.key_heads)
    writer.add_feed_forward_length(CONFIG.inner)
    writer.add_rope_freq_base(CONFIG.rope_base)
    writer.add_layer_norm_rms_eps(CONFIG.epsilon)
    writer.add_context_length(CONFIG.context)
    tokens, merges = alphabet()
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_merges(merges)
    writer.add_token_types([1] * (len(tokens) - 2) + [3, 3])
    writer.add_chat_template(CHAT)
    writer.add_tensor("token_embd.weight", model.words.weight.detach().numpy())
    writer.add_tensor("output_norm.weight", model.norm.detach().numpy())
    quantised = gguf.quants.quantize(model.output.detach().numpy(), gguf.GGMLQuantizationType.Q8_0)
    writer.add_tensor("output.weight", quantised, raw_dtype=gguf.GGMLQuantizationType.Q8_0)
    names = dict(q="attn_q", k="attn_k", v="attn_v", o="attn_output") | dict(
        gate="ffn_gate", up="ffn_up", down="ffn_down"
    )
    for i, layer in enumerate(model.layers):
        for own, theirs in names.items():
            w = getattr(layer, own).weight.detach()
            w = pairs(w, CONFIG.head_size) if own in ("q", "k") else w
            writer.add_tensor(f"blk.{i}.{theirs}.weight", w.numpy())
        writer.add_tensor(f"blk.{i}.attn_norm.weight", layer.norm.detach().numpy())
        writer.add_tensor(f"blk.{i}.ffn_norm.weight", layer.inner_norm.detach().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return tmp_path / "model.gguf"


def test_reads_what_was_written(model, file):
    found = causal.read(file)
    assert found.model.c == CONFIG
    assert found.template == Template("<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n")
    encode = causal_package.encoder(found.tokenizer)
    ids = encode("<|im_start|>the t12")
    assert [found.tokenizer.id_to_token(i) for i in ids] == [
        "<|im_start|>",
        "t",
        "he",
        "Ġt",
        "1",
        "2",
    ]
    assert found.tokenizer.decode(ids[1:]) == "the t12"
    row = torch.tensor([[5, 9, 200, 31]])
    with torch.no_grad():
        assert torch.allclose(found.model(row)[0], model(row)[0], atol=1e-5)
    # Eight bits.
    assert (found.model.output - model.output).abs().max() < 0.01


def test_a_prefix_that_was_read_before_changes_nothing(model):
    ids = torch.tensor([[3, 1, 4, 1, 5, 9, 2, 6]])
    with torch.no_grad():
        whole = model(ids)[0][:, 3:]
        after = causal.AfterPrefix(model, [3, 1, 4])(ids[:, 3:])
    assert torch.allclose(after, whole, atol=1e-5)


def test_the_package_is_checked_and_states_are_appended(file, tmp_path):
    texts = tmp_path / "texts.txt"
    texts.write_text("".join(f"tell me the {n}th word in Paris\n" for n in range(30)))
    folder = tmp_path / "package"
    causal_package.build(
        causal_package.LanguageModelJob(file, [texts], folder, 20, 64, "test/tiny", False)
    )
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["width"] == 64 and manifest["calibration"]["prompts"] == 20
    assert Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab_size() == 260
    out = tmp_path / "states.f32"
    job = causal_package.StatesJob(folder, texts, out)
    causal_package.write_states(job)
    whole = out.read_bytes()
    out.write_bytes(whole[: 4 * 64 * 7 + 10])
    causal_package.write_states(job)
    first, again = (np.frombuffer(b, "<f4").reshape(30, 64) for b in (whole, out.read_bytes()))
    assert np.allclose(first, again, atol=1e-4)

    # As an embedder it reads the word pieces that models write, in their usual case.
    pieces = ["[PAD]", "[UNK]", "tell", "me", "the", "1", "##th", "word", "in", "paris"]
    vocabulary = Tokenizer(
        models.WordPiece({p: i for i, p in enumerate(pieces)}, unk_token="[UNK]")
    )
    vocabulary.save(str(tmp_path / "pieces.json"))
    embedder = EmbedderSource(
        onnx=folder / "states.onnx", tokenizer=tmp_path / "pieces.json"
    ).load()
    assert embedder.config.variant == "chat" and embedder.config.prefix == "<|im_start|>user\n"
    assert embedder.width == 64 and embedder.words.num_embeddings == len(pieces)
    embedder.graph.truecaser = Truecaser(["In Paris", "in Paris"])
    ids = [[pieces.index(p) for p in "tell me the 1 ##th word in paris".split()]] * 2
    texts.write_text("Tell me the 1th word in Paris\n")
    out.unlink()
    causal_package.write_states(job)
    expected = torch.from_numpy(np.fromfile(out, "<f4"))
    expected /= expected.norm()
    torch.testing.assert_close(embed(embedder, ids), expected.expand(2, 64), atol=1e-4, rtol=1e-3)


def test_pieces_are_joined_as_the_library_joins_them():
    for text, pieces in {
        "don't, the 3.5-litre (new) engine's 1,000": "don ' t , the 3 . 5 - lit ##re ( new ) engine"
        " ' s 1 , 000",
        'a " b " c - ': 'a " b " c -',
    }.items():
        assert joined(pieces.split()) == text.strip()
    usual = Truecaser(["We met in Paris and the USA.", "The man in Paris", "A Man"])
    assert usual("the man in paris. usa? yes") == "The man in Paris. USA? Yes"


def test_prompts_of_evaluation_files_are_left_out(file, tmp_path):
    texts, held_out = tmp_path / "a.txt", tmp_path / "b.txt"
    texts.write_text("What is it?\nSay what\nsay WHAT!\nGo on\n" * 2)
    held_out.write_text("what, is it\n")
    folder = tmp_path / "package"
    causal_package.build(
        causal_package.LanguageModelJob(file, [texts], folder, 20, 64, "test/tiny", False)
    )
    causal_package.choose(
        causal_package.PromptsJob(
            text=[texts],
            held_out=[held_out],
            package=folder,
            output=tmp_path / "train",
            dev=tmp_path / "dev",
            test=tmp_path / "test",
            shares=[9, 9, 9],
            dev_count=9,
        )
    )
    chosen = (tmp_path / "train").read_text() + (tmp_path / "dev").read_text()
    assert "What is it?" not in chosen and chosen.count("Say what") == 1
    assert chosen.count("\n") == 2
    limit, text = (tmp_path / "test").read_text().rstrip("\n").split("\t")
    assert int(limit) in causal_package.TEST_LIMITS and text == "what, is it"
