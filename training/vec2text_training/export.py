"""A checkpoint to a model package: ONNX graphs, shared weights, manifest.

Graphs (I items, R rows an item, t tokens written so far with the CLS token, S memory slots, V words):

========  =======================================================================================
bag       vector [I, D] to scores [I, V], length probabilities [I, classes], most probable words
first     vector, scores to the decoder's memory: cross-attention caches, pointer keys, slot words
correct   the same, of vector, scores, the hypothesis [I, L] and its vector and scores
select    the memory of some of the items, for when others have finished
step      one decoder step for [I, R] rows: log-probabilities and ids of the best next words
edits     one teacher-forced pass over a text [I, t]: scores of all single-token edits
========  =======================================================================================

Every graph is checked against PyTorch when it is made. Matrices are stored as int8 with a scale a row
(``int8``), as float16 (``fp16``) or as they are (``fp32``), once for all graphs in ``weights.bin``; the
runtime computes in float32.
"""

import argparse
import hashlib
import json
import math
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
import torch.nn as nn
from onnx import TensorProto, helper, numpy_helper

from .embedder import EmbedderConfig
from .model import BAG_SHIFT, DIFFERENCE_LIMIT, LENGTH_CLASSES, InversionModel, ModelConfig

OPSET = 17
SHORTLIST = 2048
BAG_WORDS, NEXT_WORDS, SUBSTITUTIONS, INSERTIONS = 128, 64, 64, 32
WEIGHTS = "weights.bin"
SHORTLISTED = {"word_columns", "word_bias", "word_scores", "word_difference"}
NEVER = -1e9
UNLISTED = -14.0  # log-probability of a word that is not on the shortlist, for the scores of edits


class BagGraph(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, vector):
        c = self.model.config
        z, length = self.model.bag(vector)
        ordinary = torch.arange(c.vocabulary) >= c.first_word
        z = torch.where(ordinary, z, torch.tensor(-9.0)).clamp(min=-9.0)
        p, words = torch.sigmoid(z).topk(min(BAG_WORDS, c.vocabulary), 1)
        return z + BAG_SHIFT, length.softmax(1), p, words


def allowed_words(c):
    """What a text may be made of: 0 for words and the end, a large negative number for other special ids."""
    allowed = torch.full((c.vocabulary,), NEVER)
    allowed[c.first_word :] = 0
    allowed[c.sep] = 0
    return allowed


class Memory(nn.Module):
    """What ``first`` and ``correct`` make of the encoder's memory, so that a step need not.

    The decoder chooses among a shortlist of C words an item: the bag's best, the end, and the
    hypothesis's. A step then multiplies by C rows of the word matrix instead of V.
    """

    def __init__(self, model):
        super().__init__()
        self.model = model
        self.register_buffer("allowed", allowed_words(model.config))

    def caches(self, memory, slot_words, scores, difference, hypothesis=None):
        m, v = self.model, self.model.config.vocabulary
        out = []
        for layer in m.decoder:
            out += list(layer.cross_cache(memory))
        i = scores.shape[0]
        end = torch.zeros(v).scatter(0, torch.tensor([m.config.sep]), 1e6)
        preference = scores + self.allowed + end
        if hypothesis is not None:
            preference = preference.scatter_add(1, hypothesis, torch.full_like(hypothesis, 1000).float())
        words = preference.topk(min(SHORTLIST, v), 1).indices
        c = words.shape[1]
        places = torch.zeros_like(scores, dtype=torch.long) + c  # c: not on the list
        places = places.scatter(1, words, torch.arange(c)[None, :].expand(i, -1))
        slot_places = torch.where(slot_words > 0, places.gather(1, slot_words), torch.tensor(c))
        return (*out, m.point_k(memory), words, places, slot_places, m.words(words).transpose(1, 2).contiguous(), m.bias[words] + self.allowed[words],
                scores.gather(1, words), difference.gather(1, words))


class First(Memory):
    def forward(self, vector, scores):
        memory, slot_words, _ = self.model.encode(vector, scores)
        return self.caches(memory, slot_words, scores, torch.zeros_like(scores))


class Correct(Memory):
    def forward(self, vector, scores, hypothesis, hypothesis_vector, hypothesis_scores):
        memory, slot_words, _ = self.model.encode(vector, scores, hypothesis, hypothesis_vector, hypothesis_scores)
        d = (scores - hypothesis_scores).clamp(-DIFFERENCE_LIMIT, DIFFERENCE_LIMIT)
        return self.caches(memory, slot_words, scores, d, hypothesis)


class Select(nn.Module):
    """The memory of some of the items."""

    def forward(self, item, *tensors):
        return tuple(t.index_select(0, item) for t in tensors)


def log_probabilities(m, y, own, point_k, slot_places, word_columns, word_bias, word_scores, word_difference):
    """Log-probabilities [I, R, C] of the shortlisted words after states y [I, R, d].

    own [I, R, n]: places on the list, C for none, of the words written before each state.
    """
    i, r, d = y.shape
    a = (m.point_q(y) @ point_k.transpose(1, 2) * (1 / math.sqrt(d))).softmax(-1)
    w = m.weights * (1 + m.gate(y))
    logits = m.head(y) @ word_columns + word_bias[:, None, :]
    logits = logits + w[..., 0:1] * word_scores[:, None, :] + w[..., 2:3] * word_difference[:, None, :]
    # One more place takes what is not on the list.
    zeros = torch.cat([torch.zeros_like(logits), torch.zeros_like(logits[..., :1])], -1)
    used = zeros.scatter(2, own, torch.ones_like(own).float())
    pointed = zeros.scatter_add(2, slot_places[:, None, :].expand(i, r, -1), a)
    extra = w[..., 1:2] * used + w[..., 3:4] * pointed
    return (logits + extra[..., :-1]).log_softmax(-1)


class Step(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, written, rows, point_k, words, places, slot_places, word_columns, word_bias, word_scores,
                word_difference, *caches):
        m, n = self.model, len(self.model.decoder)
        cross, past = caches[: 2 * n], caches[2 * n :]
        i, r, t = written.shape
        h, d = m.config.heads, m.config.width
        x = m.norm(m.words(written[:, :, t - 1]) + m.positions[t - 1]).reshape(i * r, 1, d)
        present = []
        for l, layer in enumerate(m.decoder):
            q, k, v = layer.split(layer.qkv(x), 3)
            k = torch.cat([past[2 * l].index_select(0, rows), k], 2)
            v = torch.cat([past[2 * l + 1].index_select(0, rows), v], 2)
            present += [k, v]
            x = layer.norm1(x + layer.out(layer.attend(q, k, v, None)))
            # The rows of an item share its memory: they are the queries of one attention.
            q = layer.cross_q(x).reshape(i, r, h, d // h).transpose(1, 2)
            y = layer.attend(q, cross[2 * l], cross[2 * l + 1], None)
            x = layer.cross_norm(x + layer.cross_out(y.reshape(i * r, 1, d)))
            x = layer.feed_forward(x)
        own = places.gather(1, written.reshape(i, r * t)).reshape(i, r, t)
        lp = log_probabilities(m, x.reshape(i, r, d), own, point_k, slot_places, word_columns, word_bias, word_scores,
                               word_difference)
        top, best = lp.topk(min(NEXT_WORDS, m.config.vocabulary), -1)
        following = words.gather(1, best.reshape(i, -1)).reshape(best.shape)
        return (top, following.to(torch.int32), *present)


class Edits(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, written, scores, hypothesis_scores, weight, point_k, words, places, slot_places, word_columns,
                word_bias, word_scores, word_difference, *cross):
        m = self.model
        i, t = written.shape
        c, v = words.shape[1], m.config.vocabulary
        x = m.norm(m.words(written) + m.positions[:t])
        causal = torch.full((t, t), -1e4).triu(1)
        for l, layer in enumerate(m.decoder):
            x = layer(x, causal, cross[2 * l : 2 * l + 2], None)
        own = places.gather(1, written)
        prefixes = torch.where(torch.ones(t, t).tril()[None] > 0, own[:, None, :], c)
        lp = log_probabilities(m, x, prefixes, point_k, slot_places, word_columns, word_bias, word_scores, word_difference)
        following = torch.cat([written[:, 1:], torch.full_like(written[:, :1], m.config.sep)], 1)
        following_places = places.gather(1, following)
        unlisted = torch.full_like(lp[..., :1], UNLISTED)
        token_lp = torch.cat([lp, unlisted], -1).gather(2, following_places[..., None])[..., 0]
        difference = weight * (scores - hypothesis_scores).clamp(-DIFFERENCE_LIMIT, DIFFERENCE_LIMIT)
        ending = torch.where(words == m.config.sep, torch.tensor(NEVER), torch.tensor(0.0))
        insert = lp + (difference.gather(1, words) + ending)[:, None, :]
        lost = token_lp + difference.gather(1, following)
        substitute = insert - lost[..., None]
        # Writing what stands there is no edit, and nothing stands at the last position but the end.
        same = torch.arange(c) == following_places[..., None]
        last = (torch.arange(t) == t - 1)[:, None]
        substitute = torch.where(same | last, torch.tensor(NEVER), substitute)

        def best(table, n):
            top, index = table.reshape(i, -1).topk(n, 1)
            position = torch.div(index, c, rounding_mode="floor")
            return top, position * v + words.gather(1, index - position * c)

        return *best(substitute, SUBSTITUTIONS), *best(insert, INSERTIONS), -lost[:, : t - 1], token_lp


# ---------------------------------------------------------------------------------------------- graphs


def graphs(model, i=3, r=5, t=7, l=9):
    """{name: (module, example inputs by name, output names, dynamic axes)} for i items, r rows, t and l tokens."""
    c, n = model.config, model.config.decoder_layers
    g = torch.Generator().manual_seed(3)
    unit = lambda: nn.functional.normalize(torch.randn(i, c.width, generator=g), dim=1)
    words = lambda *shape: torch.randint(c.first_word, c.vocabulary, shape, generator=g)
    e, e_hat = unit(), unit()
    with torch.no_grad():
        bag = BagGraph(model).eval()
        z, z_hat = bag(e)[0], bag(e_hat)[0]
        h = words(i, l)
        h[:, -1] = c.sep
        first = First(model).eval()
        caches = first(e, z)
    cross_names = [f"cross_{kv}_{layer}" for layer in range(n) for kv in "kv"]
    step_names = ["point_k", "words", "places", "slot_places", "word_columns", "word_bias", "word_scores", "word_difference"]
    memory_names = [*cross_names, *step_names]
    items = {0: "items"}
    axes = {k: items for k in ("vector", "scores", "hypothesis_vector", "hypothesis_scores", "difference", "lengths",
                               "probabilities", "words", "places", "word_columns", "word_bias", "word_scores",
                               "word_difference", "substitution_scores", "substitutions", "insertion_scores", "insertions")}
    axes |= {k: {0: "items", 2: "slots"} for k in cross_names}
    axes |= {k: {0: "items", 1: "slots"} for k in ("point_k", "slot_places")}
    axes |= {"hypothesis": {0: "items", 1: "tokens"}, "token_log_probabilities": {0: "items", 1: "tokens"},
             "deletion_scores": {0: "items", 1: "positions"}, "rows": {0: "row"}, "item": {0: "chosen"},
             "log_probabilities": {0: "items", 1: "rows"}, "next_words": {0: "items", 1: "rows"}}
    past_names = [f"past_{kv}_{layer}" for layer in range(n) for kv in "kv"]
    present_names = [p.replace("past", "present") for p in past_names]
    axes |= {k: {0: "past_rows", 2: "past_tokens"} for k in past_names}
    axes |= {k: {0: "row", 2: "tokens"} for k in present_names}
    past = [torch.randn(4, c.heads, t - 1, c.width // c.heads, generator=g) for _ in past_names]
    written = words(i, r, t)
    written[..., 0] = c.cls
    rows = torch.randint(0, 4, (i * r,), generator=g)
    text = words(i, t)
    text[:, 0] = c.cls
    memory = dict(zip(memory_names, caches))
    selected = {f"selected_{k}": {0: "chosen"} | {a: v for a, v in axes[k].items() if a} for k in memory_names}
    cross = {k: memory[k] for k in cross_names}
    specs = {
        "bag": (bag, {"vector": e}, ["scores", "lengths", "probabilities", "words"]),
        "first": (first, {"vector": e, "scores": z}, memory_names),
        "correct": (Correct(model).eval(),
                    {"vector": e, "scores": z, "hypothesis": h, "hypothesis_vector": e_hat, "hypothesis_scores": z_hat},
                    memory_names),
        "select": (Select(), {"item": torch.arange(i - 1, 0, -1)} | memory, list(selected)),
        "step": (Step(model).eval(),
                 {"written": written, "rows": rows} | {k: memory[k] for k in step_names} | cross
                 | dict(zip(past_names, past)), ["log_probabilities", "next_words", *present_names]),
        "edits": (Edits(model).eval(),
                  {"written": text, "scores": z, "hypothesis_scores": z_hat, "weight": torch.tensor(0.5)}
                  | {k: memory[k] for k in step_names} | cross,
                  ["substitution_scores", "substitutions", "insertion_scores", "insertions", "deletion_scores",
                   "token_log_probabilities"]),
    }
    own = {"step": {"written": {0: "items", 1: "rows", 2: "tokens"}}, "edits": {"written": {0: "items", 1: "tokens"}},
           "select": selected}
    return {name: (*spec, axes | own.get(name, {})) for name, spec in specs.items()}


def to_onnx(name, spec, directory):
    module, inputs, outputs, axes = spec
    path = directory / f"{name}.onnx"
    axes = {k: v for k, v in axes.items() if k in inputs or k in outputs}
    # The caches are variadic arguments of the modules, so everything is passed by position.
    torch.onnx.export(module, tuple(inputs.values()), str(path), input_names=list(inputs), output_names=outputs,
                      dynamic_axes=axes, opset_version=OPSET, dynamo=False)
    return path


# --------------------------------------------------------------------------------------------- storage


class Storage:
    """Moves the weights of several graphs into one file, each distinct one once."""

    def __init__(self, directory, dtype):
        self.directory, self.dtype = directory, dtype
        self.file = open(directory / WEIGHTS, "wb")
        self.offsets, self.size = {}, 0

    def external(self, name, array):
        data = np.ascontiguousarray(array).tobytes()
        key = hashlib.sha256(data + str(array.dtype).encode()).hexdigest()
        if key not in self.offsets:
            padding = -self.size % 64
            self.file.write(b"\0" * padding + data)
            self.offsets[key] = self.size + padding
            self.size += padding + len(data)
        tensor = TensorProto(name=name, data_type=helper.np_dtype_to_tensor_dtype(array.dtype), dims=array.shape)
        tensor.data_location = TensorProto.EXTERNAL
        for k, v in (("location", WEIGHTS), ("offset", self.offsets[key]), ("length", len(data))):
            tensor.external_data.add(key=k, value=str(v))
        return tensor

    def compress(self, path):
        model = onnx.load(str(path))
        graph = model.graph
        kept, nodes = [], []
        for i in graph.initializer:
            a = numpy_helper.to_array(i)
            if a.dtype != np.float32 or a.size < 1024:
                kept.append(i)
            elif self.dtype == "int8" and a.ndim == 2:
                # A scale a row of the widest side keeps Gather's rows and MatMul's columns exact to 1/254.
                axis = 1 if a.shape[0] >= a.shape[1] else 0
                scale = np.maximum(np.abs(a).max(axis, keepdims=True), 1e-8).astype(np.float32) / 127
                q = np.rint(a / scale).astype(np.int8)
                kept += [self.external(i.name + ".q", q), self.external(i.name + ".s", scale)]
                nodes += [helper.make_node("Cast", [i.name + ".q"], [i.name + ".f"], to=TensorProto.FLOAT),
                          helper.make_node("Mul", [i.name + ".f", i.name + ".s"], [i.name])]
            elif self.dtype in ("fp16", "int8"):
                kept.append(self.external(i.name + ".h", a.astype(np.float16)))
                nodes.append(helper.make_node("Cast", [i.name + ".h"], [i.name], to=TensorProto.FLOAT))
            else:
                kept.append(self.external(i.name, a))
        del graph.initializer[:]
        graph.initializer.extend(kept)
        body = list(graph.node)
        del graph.node[:]
        graph.node.extend(nodes + body)
        onnx.save(model, str(path))


def locate(model, paths):
    """{parameter: parts}: where the exported graphs hold each parameter.

    A part is [graph, initialiser, whether transposed]. Most parameters are one; constant folding cuts
    some into consecutive rows.
    """
    found = {}
    for graph, path in paths.items():
        for i in onnx.load(str(path)).graph.initializer:
            found.setdefault(_key(numpy_helper.to_array(i)), (graph, i.name))
    out = {}
    for name, p in model.state_dict().items():
        a = p.numpy()
        if _key(a) in found:
            out[name] = [[*found[_key(a)], False]]
        elif a.ndim == 2 and _key(a.T) in found:
            out[name] = [[*found[_key(a.T)], True]]
        elif a.ndim == 2:
            parts, start = [], 0
            while start < len(a):
                ends = [e for e in range(len(a), start, -1) if _key(a[start:e]) in found]
                rows = a[start : ends[0]] if ends else a[start]
                if _key(rows) not in found:
                    raise ValueError(f"row {start} of parameter {name} is in no graph")
                parts.append([*found[_key(rows)], False])
                start = ends[0] if ends else start + 1
            out[name] = parts
    return out


def _key(a):
    return a.shape, hashlib.sha256(np.ascontiguousarray(a).tobytes()).hexdigest()


def restore(args):
    """A package back to a checkpoint from which training goes on, with a fresh optimizer."""
    package = Path(args.package)
    manifest = json.loads((package / "manifest.json").read_text())
    training = manifest["training"]
    initializers = {g: {i.name: i for i in onnx.load(str(package / f"{g}.onnx")).graph.initializer} for g in manifest["graphs"]}

    def read(graph, name):
        by_name = initializers[graph]
        if name + ".q" in by_name:
            q, scale = (numpy_helper.to_array(by_name[name + k], str(package)) for k in (".q", ".s"))
            return q.astype(np.float32) * scale
        tensor = by_name.get(name + ".h") or by_name[name]
        return numpy_helper.to_array(tensor, str(package)).astype(np.float32)

    model = InversionModel(ModelConfig(**training["config"]))
    state = model.state_dict()
    missing = set(state) - set(training["parameters"])
    if missing:
        raise SystemExit(f"{package}: no weights for {sorted(missing)}")
    for name, parts in training["parameters"].items():
        arrays = [read(g, i).T if transposed else read(g, i) for g, i, transposed in parts]
        a = arrays[0] if len(arrays) == 1 else np.concatenate([np.atleast_2d(x) for x in arrays])
        state[name] = torch.from_numpy(a.copy()).reshape(state[name].shape)
    model.load_state_dict(state)
    Path(args.checkpoint).parent.mkdir(parents=True, exist_ok=True)
    torch.save(dict(model=state, config=training["config"], step=training["steps"], seen=training["texts"],
                    minutes=training["minutes"]), args.checkpoint)


def check(path, spec, tolerance):
    """Largest difference of the graph's outputs from PyTorch's, on the inputs of ``spec``; ids are not compared.

    The sizes should differ from those of the export, or one that was frozen would go unnoticed.
    """
    module, inputs, outputs, _ = spec
    # Equally good words may be listed in another order: what follows that order is checked by way of step.
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    known = {i.name for i in session.get_inputs()}
    found = session.run(outputs, {k: v.numpy() for k, v in inputs.items() if k in known})
    with torch.no_grad():
        expected = module(*inputs.values())
    worst = 0.0
    for name, a, b in zip(outputs, found, expected):
        b = b.numpy()
        if a.shape != b.shape:
            raise ValueError(f"{path.name}: output {name} has shape {a.shape}, PyTorch {b.shape}")
        if b.dtype == np.float32 and name not in SHORTLISTED:
            worst = max(worst, float(np.abs(a - b).max()))
    if not worst <= tolerance:
        raise ValueError(f"{path.name}: differs from PyTorch by {worst:.3g}, allowed {tolerance:g}")
    return worst


def export(args):
    state = torch.load(args.checkpoint, map_location="cpu", weights_only=True)
    config = ModelConfig(**state["config"])
    model = InversionModel(config)
    model.load_state_dict(state.get("average") or state["model"])
    model.eval()
    space = EmbedderConfig(**json.loads(Path(args.embedder).read_text())) if args.embedder else EmbedderConfig(args.model_id)
    specs, others = graphs(model), graphs(model, i=4, r=2, t=5, l=6)
    output = Path(args.output)
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        storage, reports = Storage(work, args.dtype), {}
        paths = {name: to_onnx(name, spec, work) for name, spec in specs.items()}
        parameters = locate(model, paths)
        for name, spec in specs.items():
            path = paths[name]
            exact = check(path, others[name], 2e-3)
            storage.compress(path)
            storage.file.flush()
            stored = check(path, others[name], math.inf)
            reports[name] = {"fp32": exact, args.dtype: stored}
            print(f"{name}: differs from PyTorch by {exact:.2g} as exported, {stored:.2g} as {args.dtype}", flush=True)
        storage.file.close()
        for f in work.iterdir():
            shutil.copy(f, output / f.name)
    files = {f"{n}.onnx": None for n in specs} | {WEIGHTS: None}
    for f in files:
        files[f] = dict(sha256=digest(output / f), bytes=(output / f).stat().st_size, source="package")
    for f in (args.onnx, args.tokenizer):
        files[Path(f).name] = dict(sha256=digest(f), bytes=Path(f).stat().st_size, source="classpath")
    manifest = dict(
        format=1,
        name=args.name or space.model_id.split("/")[-1],
        space=dict(modelId=space.model_id, variant=space.variant, dimension=config.width, pooling=space.pooling,
                   normalized=space.normalized, prefix=space.prefix, tokenLimit=space.token_limit),
        embedder=dict(graph=Path(args.onnx).name, tokenizer=Path(args.tokenizer).name,
                      inputs=["input_ids", "attention_mask", "token_type_ids"], output="last_hidden_state"),
        files=files,
        graphs={n: describe(output / f"{n}.onnx") for n in specs},
        tokens=dict(cls=config.cls, sep=config.sep, pad=0, firstWord=config.first_word, vocabulary=config.vocabulary),
        range=dict(minTokens=4, maxTokens=32, maxDecode=config.max_tokens),
        lengthClasses=LENGTH_CLASSES,
        decoder=dict(layers=config.decoder_layers, heads=config.heads, headWidth=config.width // config.heads),
        training=dict(texts=state.get("seen", 0), minutes=round(state.get("minutes", 0.0), 1), steps=state.get("step", 0),
                      weights=args.dtype, corpora=args.corpora, exported=time.strftime("%Y-%m-%d"), differences=reports,
                      config=config.to_json(), parameters=parameters),
        licence="Apache-2.0",
    )
    (output / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf8")
    total = sum((output / f).stat().st_size for f in [*(f"{n}.onnx" for n in specs), WEIGHTS])
    print(f"{output}: {total / 1e6:.1f} MB")


def describe(path):
    """{file, inputs, outputs} with element type and shape of every tensor; symbolic sizes by name."""
    graph = onnx.load(str(path), load_external_data=False).graph
    initial = {i.name for i in graph.initializer}

    def tensor(v):
        t = v.type.tensor_type
        kind = {TensorProto.FLOAT: "float32", TensorProto.INT64: "int64", TensorProto.INT32: "int32"}[t.elem_type]
        return dict(type=kind, shape=[d.dim_param or d.dim_value for d in t.shape.dim])

    return dict(file=path.name, inputs={v.name: tensor(v) for v in graph.input if v.name not in initial},
                outputs={v.name: tensor(v) for v in graph.output})


def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def add_arguments(parser: argparse.ArgumentParser):
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--onnx", required=True, help="the embedder's ONNX graph, pinned by hash")
    parser.add_argument("--tokenizer", required=True, help="the embedder's tokenizer.json, pinned by hash")
    parser.add_argument("--embedder", help="JSON file of EmbedderConfig fields")
    parser.add_argument("--model-id", default="sentence-transformers/all-MiniLM-L6-v2")
    parser.add_argument("--name")
    parser.add_argument("--dtype", choices=("fp32", "fp16", "int8"), default="int8")
    parser.add_argument("--corpora", nargs="*", default=[], help="what it was trained on, for the manifest")
    parser.add_argument("--output", required=True)
    parser.set_defaults(run=export)


def add_restore_arguments(parser):
    parser.add_argument("package", help="directory of a model package")
    parser.add_argument("--checkpoint", required=True, help="where to write it")
    parser.set_defaults(run=restore)
