"""The package of a language model, whose prompts are to be found from what it answers.

A folder of

* ``states.onnx``: ids int64 [prompts, tokens], of a prompt and of what the template puts after it,
  to states float32 [prompts, tokens, width]. What the template puts before a prompt is part of the
  graph.
* ``output.f32``: the output matrix, float32 (little-endian) [vocabulary, width].
* ``statistics.f32``: of the states after calibration prompts, float32 (little-endian): their mean
  [width], then their covariance [width, width].
* ``tokenizer.json``, and ``manifest.json``, which names the files with their hashes and holds the
  template, as text and as ids.
"""

import argparse
import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from tokenizers import Tokenizer
from torch import Tensor

from .causal import AfterPrefix, CausalFile, Template, read
from .command import set_command
from .corpus import lines
from .export import digest
from .states import FORMAT, encoder, last_states, opened

OPSET = 20
GRAPH, OUTPUT, STATISTICS = "states.onnx", "output.f32", "statistics.f32"
TOKENIZER = "tokenizer.json"
CHECKED = 24
TOLERANCE = 1e-4
"""Largest difference of a state from PyTorch's, by the length of the state."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LanguageModelJob:
    """A language model and calibration prompts to a package."""

    gguf: Path
    text: list[Path]
    output: Path
    prompts: int
    max_tokens: int
    model_id: str
    bare: bool


def build(options: LanguageModelJob) -> None:
    source = read(options.gguf)
    package(source, list(distinct(options.text)), options)


def package(source: CausalFile, texts: Sequence[str], options: LanguageModelJob) -> None:
    """Writes the package of a model."""
    folder = options.output
    folder.mkdir(parents=True)
    template = Template("", "") if options.bare else source.template
    encode = encoder(source.tokenizer)
    before, after = encode(template.before), encode(template.after)
    source.tokenizer.save(str(folder / TOKENIZER))
    model = AfterPrefix(source.model, before).eval()
    with torch.no_grad():
        torch.onnx.export(
            model,
            (torch.zeros(2, 5, dtype=torch.int64),),
            str(folder / GRAPH),
            input_names=["ids"],
            output_names=["states"],
            dynamic_axes={
                "ids": {0: "prompts", 1: "tokens"},
                "states": {0: "prompts", 1: "tokens"},
            },
            opset_version=OPSET,
            dynamo=False,
        )
    matrix = source.model.output.detach().numpy()
    matrix.astype("<f4").tofile(folder / OUTPUT)
    rows = [encode(t) for t in texts]
    rows = [r for r in rows if 0 < len(r) <= options.max_tokens][: options.prompts]
    if len(rows) < 2:
        raise ValueError(f"there are {len(rows)} calibration prompts, expected at least 2")
    session = opened(folder / GRAPH)
    error = check(source, session, before, [r + after for r in rows[:CHECKED]])
    states = np.concatenate(list(last_states(session, [r + after for r in rows])))
    mean = states.mean(0, dtype=np.float64)
    centred = states - mean
    covariance = centred.T.astype(np.float64) @ centred / (len(states) - 1)
    np.concatenate([mean[None], covariance]).astype("<f4").tofile(folder / STATISTICS)
    c = source.model.c
    manifest = dict(
        format=FORMAT,
        name=options.model_id.split("/")[-1],
        modelId=options.model_id,
        width=c.width,
        vocabulary=c.vocabulary,
        context=c.context,
        template=dict(
            before=template.before, after=template.after, beforeIds=before, afterIds=after
        ),
        graph=GRAPH,
        output=OUTPUT,
        statistics=STATISTICS,
        tokenizer=TOKENIZER,
        files={
            name: dict(sha256=digest(folder / name), bytes=(folder / name).stat().st_size)
            for name in (GRAPH, OUTPUT, STATISTICS, TOKENIZER)
        },
        calibration=dict(prompts=len(states), maxTokens=options.max_tokens),
        source=dict(
            sha256=digest(options.gguf) if options.gguf.is_file() else "", name=source.name
        ),
        licence=source.licence,
        exported=time.strftime("%Y-%m-%d"),
    )
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf8")
    total = sum(f.stat().st_size for f in folder.iterdir())
    print(
        f"{folder}: {total / 1e6:.1f} MB; largest difference of a state from PyTorch's {error:.1e}"
    )


def check(
    source: CausalFile, session: ort.InferenceSession, before: list[int], rows: list[list[int]]
) -> float:
    """The largest difference of the graph's last states from those of PyTorch over whole prompts.

    Raises ValueError if that is above the tolerance.
    """
    worst = 0.0
    for row, state in zip(rows, np.concatenate(list(last_states(session, rows))), strict=True):
        with torch.no_grad():
            expected: Tensor = source.model(torch.tensor([before + row]))[0][0, -1]
        off = float(np.linalg.norm(state - expected.numpy()) / np.linalg.norm(expected.numpy()))
        worst = max(worst, off)
    if not worst <= TOLERANCE:
        raise ValueError(f"states of the graph are {worst:.1e} off PyTorch's")
    return worst


@dataclass(frozen=True)
class StatesJob:
    """States after prompts, appended to a file."""

    package: Path
    text: Path
    output: Path


def write_states(options: StatesJob) -> None:
    """Appends what is missing, so that a run that was killed goes on."""
    manifest = json.loads((options.package / "manifest.json").read_text("utf8"))
    encode = encoder(Tokenizer.from_file(str(options.package / manifest["tokenizer"])))
    width, after = manifest["width"], manifest["template"]["afterIds"]
    mean = np.fromfile(options.package / manifest["statistics"], "<f4", width)
    session = opened(options.package / manifest["graph"])
    texts = [t for t in lines(options.text) if t]
    with open(options.output, "ab") as f:
        done = f.tell() // (4 * width)
        f.truncate(done * 4 * width)
        start = time.time()
        for states in last_states(session, [encode(t) + after for t in texts[done:]]):
            f.write((states - mean).astype("<f4").tobytes())
            f.flush()
            done += len(states)
            log.info("%d of %d states, %.0f s", done, len(texts), time.time() - start)


@dataclass(frozen=True)
class PromptsJob:
    """Prompts to learn from, prompts to tune on, and the held-out ones by length."""

    text: list[Path]
    held_out: list[Path]
    package: Path
    output: Path
    dev: Path
    test: Path | None
    shares: list[int]
    dev_count: int


LIMITS = (8, 16, 32)
"""Tokens of the longest prompt of each share."""
TEST_LIMITS = (*LIMITS, 64)


def choose(options: PromptsJob) -> None:
    """A prompt is dev if the last hex digit of the MD5 of its lower-cased text is 0, and drawn by
    that hash; no prompt that occurs in a held-out file is chosen.
    """
    encode = encoder(Tokenizer.from_file(str(options.package / TOKENIZER)))
    held_out = {plain(t) for t in distinct(options.held_out)}
    buckets: dict[tuple[bool, int], list[tuple[str, str]]] = {}
    seen = set()
    for text in distinct(options.text):
        form = plain(text)
        if form in held_out or form in seen or len(text) > 12 * LIMITS[-1]:
            continue
        seen.add(form)
        n = len(encode(text))
        bucket = next((i for i, limit in enumerate(LIMITS) if n <= limit), None)
        if bucket is not None and n > 2:
            mark = hashlib.md5(form.encode()).hexdigest()
            buckets.setdefault((mark[-1] == "0", bucket), []).append((mark, text))
    train = [
        row
        for i, share in enumerate(options.shares)
        for row in sorted(buckets.get((False, i), []))[:share]
    ]
    options.output.write_text("".join(t + "\n" for _, t in sorted(train)), "utf8")
    with open(options.dev, "w", encoding="utf8") as f:
        for i, limit in enumerate(LIMITS):
            for _, text in sorted(buckets.get((True, i), []))[: options.dev_count]:
                f.write(f"{limit}\t{text}\n")
    if options.test:
        options.test.write_text(by_length(options.held_out, encode), "utf8")
    print(f"{options.output}: {len(train)} prompts")


def by_length(files: Sequence[Path], encode: Callable[[str], list[int]]) -> str:
    """All prompts of files as lines of limit, tab, prompt: by length, then by their hash."""
    rows = []
    for text in distinct(files):
        n = len(encode(text))
        limit = next((limit for limit in TEST_LIMITS if n <= limit), None)
        if limit is not None and n > 2:
            rows.append((limit, hashlib.md5(plain(text).encode()).hexdigest(), text))
    return "".join(f"{limit}\t{text}\n" for limit, _, text in sorted(rows))


def plain(text: str) -> str:
    """What two prompts that are the same to a reader share."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def distinct(files: Sequence[Path]) -> Iterator[str]:
    seen = set()
    for file in files:
        for text in lines(file):
            if text and text not in seen:
                seen.add(text)
                yield text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--gguf", type=Path, required=True, help="a model of the Llama family")
    parser.add_argument("--text", type=Path, nargs="+", required=True, help="calibration prompts")
    parser.add_argument("--output", type=Path, required=True, help="the package's folder")
    parser.add_argument("--prompts", type=int, default=2000, help="how many are used")
    parser.add_argument("--max-tokens", type=int, default=64, help="of a calibration prompt")
    parser.add_argument("--model-id", required=True, help="what to call the model")
    parser.add_argument("--bare", action="store_true", help="without the chat template")
    set_command(parser, build, LanguageModelJob)


def add_states_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("package", type=Path)
    parser.add_argument("--text", type=Path, required=True, help="prompts, one a line")
    parser.add_argument("--output", type=Path, required=True, help="float32 rows, centred")
    set_command(parser, write_states, StatesJob)


def add_prompts_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("package", type=Path)
    parser.add_argument("--text", type=Path, nargs="+", required=True, help="training prompts")
    parser.add_argument("--held-out", type=Path, nargs="*", default=[], help="evaluation files")
    parser.add_argument("--output", type=Path, required=True, help="prompts to learn from")
    parser.add_argument("--dev", type=Path, required=True, help="prompts to tune on")
    parser.add_argument("--test", type=Path, help="where to write the held-out prompts by length")
    parser.add_argument(
        "--shares", type=int, nargs=3, default=[4500, 11000, 4500], help="of up to 8, 16, 32 tokens"
    )
    parser.add_argument("--dev-count", type=int, default=100, help="of each length")
    set_command(parser, choose, PromptsJob)
