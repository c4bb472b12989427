"""The published algorithm over the graphs of a converted checkpoint, as short as it can be: what
others must agree with.
"""

import json
import math
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from tokenizers import Tokenizer

from .beams import Selection, decoder


class Package:
    """A converted checkpoint. ``threads``: of a run, 0 for one a core."""

    def __init__(self, directory, threads=0):
        directory = Path(directory)
        self.manifest = m = json.loads((directory / "manifest.json").read_text(encoding="utf8"))
        if m.get("kind") != "vec2text-t5":
            raise ValueError(f"{directory}: kind is {m.get('kind')!r}, expected 'vec2text-t5'")
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        files = {k: g["file"] for k, g in m["graphs"].items()} | {
            "embedder": m["embedder"]["graph"]
        }
        self.sessions = {
            k: ort.InferenceSession(str(directory / f), options, ["CPUExecutionProvider"])
            for k, f in files.items()
        }
        self.tokenizer, self.embedder_tokenizer = (
            Tokenizer.from_file(str(directory / m[k]["tokenizer"])) for k in ("text", "embedder")
        )
        self.embedder_tokenizer.no_padding()
        self.embedder_tokenizer.enable_truncation(m["space"]["tokenLimit"])

    def run(self, graph, inputs):
        session = self.sessions[graph]
        known = {i.name for i in session.get_inputs()}
        return dict(
            zip(
                [o.name for o in session.get_outputs()],
                session.run(None, {k: v for k, v in inputs.items() if k in known}),
                strict=True,
            )
        )

    def embed(self, sequences):
        """Vectors float32 [n, D] of the texts that the sequences of ids spell."""
        texts = [self.tokenizer.decode(s, skip_special_tokens=True) for s in sequences]
        out = np.empty((len(texts), self.manifest["space"]["dimension"]), np.float32)
        for i, encoded in enumerate(self.embedder_tokenizer.encode_batch(texts)):
            ids = np.array([encoded.ids], np.int64)
            states = self.run("embedder", {"input_ids": ids, "attention_mask": np.ones_like(ids)})[
                "last_hidden_state"
            ]
            out[i] = states[0].mean(0)
        return (
            out / np.linalg.norm(out, axis=1, keepdims=True)
            if self.manifest["space"]["normalized"]
            else out
        )

    def decode(self, graph, memory, width, limit):
        """A finished ``Greedy`` or ``Beams`` for each item of a memory."""
        c, tokens = self.manifest["decoder"], self.manifest["tokens"]
        items = [decoder(width, limit, tokens["sep"]) for _ in range(len(memory["slot_bias"]))]
        kind = memory["cross_k_0"].dtype
        past = {
            f"past_{kv}_{n}": np.zeros((1, c["heads"], 0, c["headWidth"]), kind)
            for n in range(c["layers"])
            for kv in "kv"
        }
        written = np.full((len(items), 1, 1), tokens["cls"], np.int64)
        rows = np.zeros(len(items), np.int64)
        active = items
        while active:
            out = self.run(
                graph,
                memory
                | past
                | dict(written=written, rows=rows, forced=np.zeros(written.shape[:2], np.int64)),
            )
            for item, scores, words in zip(
                active, out["log_probabilities"], out["next_words"], strict=True
            ):
                item.advance(scores, words)
            still = [a for a, item in enumerate(active) if not item.finished]
            if len(still) < len(active):
                memory = {k: v[still] for k, v in memory.items()}
            active, before = [active[a] for a in still], written.shape[1]
            most = max((len(item.tokens) for item in active), default=1)

            def fill(x, rows=most):
                """An item with fewer rows than another repeats its first."""
                return x + x[:1] * (rows - len(x))

            rows = np.array(
                [
                    a * before + p
                    for a, item in zip(still, active, strict=True)
                    for p in fill(item.parents)
                ],
                np.int64,
            )
            written = np.array(
                [[[tokens["cls"], *t] for t in fill(item.tokens)] for item in active], np.int64
            )
            past = {
                k.replace("present", "past"): v for k, v in out.items() if k.startswith("present")
            }
        return items

    def guess(self, vectors, limit):
        return self.decode("first_step", self.run("first", dict(vector=vectors)), 1, limit)

    def correct(self, targets, vectors, sequences, width, limit):
        length = max(map(len, sequences))
        ids = np.array(
            [s + [self.manifest["tokens"]["pad"]] * (length - len(s)) for s in sequences], np.int64
        )
        memory = self.run(
            "correct", dict(vector=targets, hypothesis_vector=vectors, hypothesis=ids)
        )
        return self.decode("correct_step", memory, width, limit)


class Models:
    """The same of PyTorch modules, every step from nothing: slow, and nothing to go wrong.

    ``embed``: sequences of ids to vectors float32 [n, D].
    """

    def __init__(self, inverter, corrector, embed):
        self.inverter, self.corrector, self.embed = inverter, corrector, embed

    @torch.no_grad()
    def decode(self, model, inputs, width, limit):
        t5 = model.encoder_decoder
        item, (memory, bias) = decoder(width, limit, t5.config.eos), model.memory(*inputs)
        while not item.finished:
            n = len(item.tokens)
            cross = [t.expand(n, -1, -1, -1) for t in t5.cross_caches(memory)]
            y = t5.decode(
                torch.tensor([[t5.config.start, *t] for t in item.tokens]),
                cross,
                bias.expand(n, -1),
            )[:, -1]
            scores, words = (
                (y @ t5.shared.weight.T).log_softmax(1).topk(min(64, t5.config.vocabulary), 1)
            )
            item.advance(scores.numpy(), words.numpy())
        return item

    def guess(self, vectors, limit):
        return [self.decode(self.inverter, [torch.from_numpy(v[None])], 1, limit) for v in vectors]

    def correct(self, targets, vectors, sequences, width, limit):
        return [
            self.decode(
                self.corrector,
                [torch.from_numpy(t[None]), torch.from_numpy(v[None]), torch.tensor([s])],
                width,
                limit,
            )
            for t, v, s in zip(targets, vectors, sequences, strict=True)
        ]


def invert(models, vectors, steps, width=1, first=32, length=128):
    """The published search: [(sequences of ids, their cosines, margins)] after 0 to ``steps``
    corrections.

    ``width`` sequences are kept between corrections, and each is corrected by that many beams.
    ``first`` and ``length`` are max_length, as published, of the first guess and of corrections:
    they count the start token, with which the ids begin. With one beam, what comes out replaces
    what was, better or not.
    """
    items = models.guess(vectors, first - 1)
    states, margins = (
        [[[0, *item.texts()[0][1]]] for item in items],
        [item.margin for item in items],
    )
    trace = [
        (
            [s[0] for s in states],
            [cosine(v, models.embed(s)[0]) for v, s in zip(vectors, states, strict=True)],
            list(margins),
        )
    ]
    for _ in range(steps):
        flat = [s for item in states for s in item]
        targets = np.repeat(vectors, [len(s) for s in states], 0)
        decoded = iter(models.correct(targets, models.embed(flat), flat, width, length - 1))
        chosen = []
        for i, item in enumerate(states):
            mine = [next(decoded) for _ in item]
            pool = [[0, *text] for d in mine for _, text in d.texts()]
            cosines = [cosine(vectors[i], e) for e in models.embed(pool)]
            margins[i] = min(margins[i], *(d.margin for d in mine))
            best, kept = Selection(pool, cosines, 1), Selection(pool, cosines, width)
            chosen.append(
                (pool[best.chosen[0]], cosines[best.chosen[0]], min(margins[i], best.margin))
            )
            margins[i] = min(margins[i], kept.margin)
            states[i] = [pool[k] for k in kept.chosen]
        trace.append(tuple(map(list, zip(*chosen, strict=True))))
    return trace


def cosine(a, b):
    a, b = a.astype(np.float64), b.astype(np.float64)
    return float(a @ b / math.sqrt((a @ a) * (b @ b)))
