"""The graphs of a converted vec2text checkpoint: what ``graphs`` is to the project's own models.

I items, R rows an item, t tokens written so far with the start token, S memory slots, L tokens of a
hypothesis, D components of a vector, h heads, w components of a head, V vocabulary. Ids are int64
where not said otherwise; floats are float32, in a package of half precision the caches are float16.

==============  ================================================================================
first           vector [I, D] to the inverter's memory, S = repeat
correct         vector, hypothesis_vector [I, D], hypothesis [I, L] to the corrector's,
                S = 4 + 3 repeat + L
select          item [C] and a memory to that of some of its items: each tensor is ``selected_``
                and its name
first_step      a decoder step of the inverter
correct_step    the same of the corrector
==============  ================================================================================

A memory is, for each decoder layer n, cross_k_n and cross_v_n [I, h, S, w], and slot_bias [I, S]:
0, or -1e9 at masked slots. A hypothesis begins with the start token, ends with the end token and
may be filled up with the padding id; the start token and the filling are masked, so filling changes
nothing but rounding.

A step takes written [I, R, t], rows [I * R] (the row of the last step's caches that each row
continues), forced [I, R] (a word to score; any id), a memory, and past_k_n, past_v_n [rows of the
last step, h, t - 1, w], at first [1, h, 0, w] with rows of 0. Only the last token of ``written`` is
read, the others are in the caches. It gives log_probabilities [I, R, k] of the k most probable
words of all V, falling, next_words int32 [I, R, k], forced_log_probabilities [I, R], and
present_k_n, present_v_n [I * R, h, t, w].
"""

import torch
import torch.nn as nn

from .graphs import Select

NEXT_WORDS = 64


class Encode(nn.Module):
    """``first`` and ``correct``: the caches that the decoder's cross attention reads, not the
    encoder's states.
    """

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, *inputs):
        memory, bias = self.model.memory(*inputs)
        return *self.model.encoder_decoder.cross_caches(memory), bias


class Step(nn.Module):
    def __init__(self, t5):
        super().__init__()
        self.t5 = t5
        # With a bias the exporter writes a Gemm, which reads the word matrix as the embedding has
        # it: stored once.
        self.register_buffer(
            "zeros", torch.zeros(t5.config.vocabulary, dtype=t5.shared.weight.dtype)
        )

    def forward(self, written, rows, forced, slot_bias, *caches):
        n = 2 * self.t5.config.decoder_layers
        y, present = self.t5.step(written, rows, caches[:n], slot_bias, caches[n:])
        i, r, _ = written.shape
        logits = nn.functional.linear(
            y.reshape(i * r, self.t5.config.width), self.t5.shared.weight, self.zeros
        ).float()
        total = logits.logsumexp(1, keepdim=True)
        top, words = logits.topk(min(NEXT_WORDS, self.t5.config.vocabulary), 1)
        of_forced = logits.gather(1, forced.reshape(i * r, 1)) - total
        return (
            (top - total).reshape(i, r, -1),
            words.to(torch.int32).reshape(i, r, -1),
            of_forced.reshape(i, r),
            *present,
        )


def graphs(name, model, i=3, r=5, t=7, length=9):
    """The graphs of the inverter (``first``) or the corrector (``correct``), for i items, r rows, t
    and ``length`` tokens.

    {name: (module, example inputs by name, output names, dynamic axes)}
    """
    c = model.encoder_decoder.config
    dtype, n = model.encoder_decoder.shared.weight.dtype, c.decoder_layers
    g = torch.Generator().manual_seed(3)

    def vectors():
        return torch.randn(i, model.dimension, generator=g) * model.dimension**-0.5

    def words(*shape):
        return torch.randint(3, c.vocabulary, shape, generator=g)

    memory_names = [*(f"cross_{kv}_{layer}" for layer in range(n) for kv in "kv"), "slot_bias"]
    past_names = [f"past_{kv}_{layer}" for layer in range(n) for kv in "kv"]
    present_names = [p.replace("past", "present") for p in past_names]
    axes = {k: {0: "items"} for k in ("vector", "hypothesis_vector")}
    axes |= {k: {0: "items", 2: "slots"} for k in memory_names} | {
        "slot_bias": {0: "items", 1: "slots"}
    }
    axes |= {k: {0: "past_rows", 2: "past_tokens"} for k in past_names}
    axes |= {k: {0: "row", 2: "tokens"} for k in present_names}
    axes |= {
        "hypothesis": {0: "items", 1: "hypothesis_tokens"},
        "item": {0: "chosen"},
        "rows": {0: "row"},
        "written": {0: "items", 1: "rows", 2: "tokens"},
    }
    axes |= {
        k: {0: "items", 1: "rows"}
        for k in ("forced", "log_probabilities", "next_words", "forced_log_probabilities")
    }
    inputs = {"vector": vectors()}
    if name == "correct":
        hypothesis = words(i, length)
        hypothesis[:, 0], hypothesis[:, -1] = c.start, c.eos
        hypothesis[0, -3:] = torch.tensor([c.eos, c.pad, c.pad])
        inputs |= {"hypothesis_vector": vectors(), "hypothesis": hypothesis}
    encode = Encode(model).eval()
    with torch.no_grad():
        memory = dict(zip(memory_names, encode(*inputs.values()), strict=True))
    written = words(i, r, t)
    written[..., 0] = c.start
    past = {
        k: torch.randn(4, c.heads, t - 1, c.head_width, generator=g).to(dtype) for k in past_names
    }
    step = (
        {
            "written": written,
            "rows": torch.randint(0, 4, (i * r,), generator=g),
            "forced": words(i, r),
            "slot_bias": memory["slot_bias"],
        }
        | memory
        | past
    )
    outputs = ["log_probabilities", "next_words", "forced_log_probabilities", *present_names]
    specs = {
        name: (encode, inputs, memory_names, axes),
        f"{name}_step": (Step(model.encoder_decoder).eval(), step, outputs, axes),
    }
    if name == "correct":
        selected = {
            f"selected_{k}": {0: "chosen"} | {a: v for a, v in axes[k].items() if a}
            for k in memory_names
        }
        specs["select"] = (
            Select(),
            {"item": torch.arange(i - 1, 0, -1)} | memory,
            list(selected),
            axes | selected,
        )
    return specs


def embedder_graph(embedder, i=3, t=6, **_):
    """The same of an embedder: input_ids, attention_mask [B, T] to last_hidden_state [B, T, D]."""
    g = torch.Generator().manual_seed(4)
    mask = torch.ones(i, t, dtype=torch.long)
    mask[0, -2:] = 0
    tokens = {0: "texts", 1: "tokens"}
    ids = torch.randint(3, embedder.shared.num_embeddings, (i, t), generator=g)
    return {
        "embedder": (
            embedder.eval(),
            {"input_ids": ids, "attention_mask": mask},
            ["last_hidden_state"],
            {k: tokens for k in ("input_ids", "attention_mask", "last_hidden_state")},
        )
    }
