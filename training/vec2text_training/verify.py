"""A package put to the test as somebody else would find it: files, graphs, and what it makes of
vectors.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
import torch
from tokenizers import Tokenizer

from .command import set_command
from .corpus import Normaliser
from .embedder import Embedder, EmbedderConfig, Graph, embed
from .export import check, digest, restored
from .graphs import graphs

TOLERANCE = 2e-3
# What PyTorch makes of a graph's weights has the graph's vectors, but for the rounding of dynamic
# quantisation.
EXACT, APPROXIMATE = 0.9999, 0.98


def agreement(
    onnx_file: Path, config: EmbedderConfig, tokenizer: Path, texts: Sequence[Sequence[int]]
) -> tuple[float, float]:
    """(mean, least) cosine of PyTorch's vectors of token lists with those of the graph itself.

    Raises ``SystemExit`` if they are not the same embedder's: ``config`` does not describe the
    graph.
    """
    embedder = Embedder.from_onnx(onnx_file, config, tokenizer)
    quantized, embedder.graph = embedder.graph, None
    graph = quantized or Graph(onnx_file, config)
    expected = graph.vectors([embedder.ids(t) for t in texts])
    cosines = torch.cosine_similarity(embed(embedder, texts, bf16=False), expected)
    least = APPROXIMATE if quantized else EXACT
    if not cosines.mean() >= least:
        raise SystemExit(
            f"{onnx_file}: its vectors have cosine {cosines.mean():.4f} with those of its weights "
            f"in PyTorch, expected at least {least}: "
            f"are heads ({config.heads}) and pooling ({config.pooling}) right?"
        )
    return cosines.mean().item(), cosines.min().item()


def verify_files(
    package: Path, manifest: dict[str, Any], others: dict[str, Path]
) -> dict[str, Path]:
    """{name: path} of all files; ``SystemExit`` at the first that is not as the manifest says."""
    paths = {}
    for name, entry in manifest["files"].items():
        path = package / name if entry["source"] == "package" else others.get(name)
        if path is None or not path.exists():
            where = "in the package" if entry["source"] == "package" else "as --onnx or --tokenizer"
            raise SystemExit(f"{package}: file {name} is missing, expected {where}")
        found = digest(path)
        if found != entry["sha256"]:
            raise SystemExit(f"{path}: SHA-256 is {found}, expected {entry['sha256']}")
        paths[name] = path
    return paths


def greedy(package: Path, manifest: dict[str, Any], vectors: np.ndarray) -> list[list[int]]:
    """Texts (lists of ids) of vectors float32 [I, D], each word the decoder's best, by the graphs
    alone.
    """
    sessions = {
        n: ort.InferenceSession(
            str(package / manifest["graphs"][n]["file"]), providers=["CPUExecutionProvider"]
        )
        for n in ("bag", "first", "step")
    }

    def run(name: str, given: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        session = sessions[name]
        outputs = [o.name for o in session.get_outputs()]
        return dict(
            zip(
                outputs,
                session.run(outputs, {i.name: given[i.name] for i in session.get_inputs()}),
                strict=True,
            )
        )

    tokens, decoder, items = manifest["tokens"], manifest["decoder"], len(vectors)
    given = {"vector": vectors} | run("bag", {"vector": vectors})
    given |= run("first", given) | {"rows": np.arange(items)}
    empty = np.zeros((items, decoder["heads"], 0, decoder["headWidth"]), np.float32)
    given |= {f"past_{kv}_{layer}": empty for layer in range(decoder["layers"]) for kv in "kv"}
    written = np.full((items, 1, 1), tokens["cls"], np.int64)
    ended = np.zeros(items, bool)
    while not ended.all() and written.shape[2] <= manifest["range"]["maxDecode"]:
        out = run("step", given | {"written": written})
        best = out["next_words"][:, 0, 0].astype(np.int64)
        ended |= best == tokens["sep"]
        written = np.concatenate([written, np.where(ended, tokens["sep"], best)[:, None, None]], 2)
        given |= {
            k.replace("present", "past"): v for k, v in out.items() if k.startswith("present")
        }
    return [[int(w) for w in row[1:] if w != tokens["sep"]] for row in written[:, 0]]


def verify(
    package: Path,
    texts_file: Path,
    count: int,
    onnx_file: Path | None = None,
    tokenizer: Path | None = None,
) -> str:
    """One line about a package directory; raises ``SystemExit`` or ``ValueError`` at the first
    thing that is wrong with it.
    """
    package = Path(package)
    manifest = json.loads((package / "manifest.json").read_text(encoding="utf8"))
    others = {Path(f).name: Path(f) for f in (onnx_file, tokenizer) if f}
    paths = verify_files(package, manifest, others)
    model = restored(package).eval()
    worst = max(
        check(package / manifest["graphs"][n]["file"], spec, TOLERANCE)
        for n, spec in graphs(model, i=4, r=2, t=5, length=6).items()
    )

    space, own = manifest["space"], manifest["embedder"]
    config = EmbedderConfig(
        space["modelId"],
        space["variant"],
        space["pooling"],
        space["normalized"],
        space["tokenLimit"],
        prefix=space["prefix"],
    )
    tokenizer = paths[own["tokenizer"]]
    rows = [line.rstrip("\n").split("\t", 1)[1] for line in open(texts_file, encoding="utf8")]
    texts = [ids.tolist() for _, ids, _ in Normaliser(tokenizer)(rows[:count])]
    if not texts:
        raise SystemExit(f"{texts_file}: found no sentences, expected some to read back")
    embedder = Embedder.from_onnx(paths[own["graph"]], config, tokenizer)
    graph = embedder.graph or Graph(paths[own["graph"]], config)

    def vectors(texts: Sequence[Sequence[int]]) -> torch.Tensor:
        return graph.vectors([embedder.ids(t) for t in texts])

    targets = vectors(texts)
    found = greedy(package, manifest, targets.numpy())
    cosine = torch.cosine_similarity(targets, vectors(found)).mean().item()
    floor = torch.cosine_similarity(targets, targets.roll(1, 0)).mean().item()
    if not cosine > floor:
        raise SystemExit(
            f"{package}: first guesses have cosine {cosine:.4f}, expected more than the "
            f"{floor:.4f} of other texts: it needs"
            " more training"
        )
    exact = sum(a == b for a, b in zip(found, texts, strict=True))
    decode = Tokenizer.from_file(str(tokenizer)).decode
    example = f'"{decode(texts[0])}" → "{decode(found[0])}"'
    return (
        f"{len(paths)} files whole, graphs within {worst:.1g} of PyTorch, first guesses of "
        f"{len(texts)} held-out sentences:"
        f" {exact} exact, cosine {cosine:.3f} (other sentences {floor:.3f}), {example}"
    )


@dataclass(frozen=True, kw_only=True)
class Verification:
    """A package, and what to try it on.

    onnx, tokenizer: the embedder's files, if the package does not hold them.
    """

    package: Path
    texts: Path
    count: int
    onnx: Path | None
    tokenizer: Path | None


def run(options: Verification) -> None:
    """Prints one line about a sound package."""
    print(verify(options.package, options.texts, options.count, options.onnx, options.tokenizer))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("package", type=Path, help="directory of a model package")
    parser.add_argument(
        "--texts",
        type=Path,
        required=True,
        help="TSV of sentences that it was not trained on, as corpus --evaluate draws them",
    )
    parser.add_argument("--count", type=int, default=32)
    parser.add_argument(
        "--onnx", type=Path, help="the embedder's graph, if the package does not hold it"
    )
    parser.add_argument(
        "--tokenizer",
        type=Path,
        help="the embedder's tokenizer.json, if the package does not hold it",
    )
    set_command(parser, run, Verification)
