"""Text corpora to token sets.

A token set is a directory with ``tokens.npy`` (uint16, all texts end to end, without special
tokens) and ``lengths.npy`` (uint16, one entry a text), texts in random order. A corpus has three:
``train`` holds whole sentences, ``spans`` texts cut anywhere, ``passages`` long ones. Splits are by
article: the input files already hold disjoint articles. In addition no training text may have the
normal form (the embedder's token ids) of a text in an evaluation file, and no evaluation sentence
may have the normal form of a sentence that occurs anywhere in the training text.
"""

import argparse
import hashlib
import json
import logging
import lzma
import math
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np
from tokenizers import Tokenizer

from .command import set_command

MIN_TOKENS, MAX_TOKENS = 4, 32
MAX_SPAN_TOKENS = 128
MAX_PASSAGE_TOKENS = 254
BUCKETS = ((4, 8), (9, 16), (17, 32))
SPAN_BUCKETS = ((4, 16), (17, 32), (33, 64), (65, MAX_SPAN_TOKENS))
# A full stop after an initial or a common abbreviation ends no sentence.
_ABBREVIATIONS = (
    "Mr",
    "Mrs",
    "Ms",
    "Dr",
    "St",
    "Jr",
    "Sr",
    "No",
    "Gen",
    "Col",
    "Lt",
    "Capt",
    "Rev",
    "Prof",
    "Inc",
    "Ltd",
    "Co",
    "Corp",
    "Sgt",
    "Gov",
    "Sen",
    "Rep",
    "Hon",
    "Mt",
    "Ft",
    "vs",
    "pp",
    "vol",
    "Vol",
    "ca",
    "al",
    "ed",
    "eds",
    "approx",
    "p",
    "c",
    "v",
)
_NO_END = "".join(rf"(?<!\b{a}\.)" for a in ("[A-Z]", *_ABBREVIATIONS))
_SENTENCE_END = re.compile(rf"(?<=[.!?]){_NO_END}\s+(?=[A-Z0-9\"'(])")
_WHOLE_SENTENCE = re.compile(rf"[A-Z0-9\"'(].*[.!?]{_NO_END}[\"')]?$")
_CHUNK = 20_000

Bucket = tuple[int, int]
Ids = TypeVar("Ids", list[int], np.ndarray)

log = logging.getLogger(__name__)


def lines(path: str | Path) -> Iterator[str]:
    """Lines of ``path``: plain text, .xz, or JSONL of objects with a ``prompt`` or ``text``."""
    path = Path(path)
    opener = lzma.open if path.suffix == ".xz" else open
    jsonl = ".jsonl" in path.name
    with opener(path, "rt", encoding="utf8", errors="replace") as f:
        for line in f:
            line = line.strip()
            if line and jsonl:
                o = json.loads(line)
                line = " ".join((o.get("prompt") or o.get("text") or "").split())
            yield line


def sentences(paragraph: str) -> list[str]:
    return [s for s in _SENTENCE_END.split(paragraph) if 8 <= len(s) <= 300]


class Normaliser:
    """Texts to token ids without special tokens: the normal form in which texts are compared."""

    def __init__(self, tokenizer_file: str | Path) -> None:
        self.tokenizer = Tokenizer.from_file(str(tokenizer_file))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.unknown = self.tokenizer.token_to_id("[UNK]")

    def __call__(self, texts: Sequence[str]) -> Iterator[tuple[str, np.ndarray, bool]]:
        for i in range(0, len(texts), _CHUNK):
            chunk = texts[i : i + _CHUNK]
            encoded = self.tokenizer.encode_batch(chunk, add_special_tokens=False)
            for text, e in zip(chunk, encoded, strict=True):
                yield text, np.asarray(e.ids, np.uint16), self.unknown in e.ids


def collect_forms(paths: Iterable[str | Path], normalise: Normaliser) -> set[bytes]:
    """Normal forms of every line, and of every sentence of it, of the evaluation files."""
    forms: set[bytes] = set()
    for path in paths:
        texts = []
        for line in lines(path):
            if line:
                texts.append(line)
                texts.extend(sentences(line))
        forms.update(ids.tobytes() for _, ids, _ in normalise(texts))
    return forms


def save_token_set(directory: Path, texts: Sequence[np.ndarray]) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    np.save(directory / "lengths.npy", np.array([len(t) for t in texts], np.uint16))
    np.save(directory / "tokens.npy", np.concatenate(texts))
    log.info("%s %d texts", directory.name, len(texts))


def load_token_set(directory: Path) -> tuple[np.ndarray, np.ndarray]:
    """(tokens uint16 [total], start offsets int64 [n + 1]) of a token set, memory-mapped."""
    directory = Path(directory)
    lengths = np.load(directory / "lengths.npy").astype(np.int64)
    return np.load(directory / "tokens.npy", mmap_mode="r"), np.concatenate([[0], lengths.cumsum()])


def evaluation_sentences(
    path: str | Path,
    normalise: Normaliser,
    train_forms: set[bytes],
    per_bucket: int,
    rng: random.Random,
) -> dict[Bucket, list[str]]:
    """{bucket: [text]}: whole sentences, no duplicates, none of training, no unknown tokens."""
    texts = [s for line in lines(path) for s in sentences(line) if _WHOLE_SENTENCE.match(s)]
    rng.shuffle(texts)
    return choose(texts, normalise, train_forms, BUCKETS, per_bucket)


def choose(
    texts: Sequence[str],
    normalise: Normaliser,
    known: set[bytes],
    buckets: Iterable[Bucket],
    per_bucket: int,
) -> dict[Bucket, list[str]]:
    """{bucket: [text]}: the first texts of each length, no duplicates, none of ``known`` forms, no
    unknown tokens.
    """
    chosen: dict[Bucket, list[str]] = {b: [] for b in buckets}
    seen: set[bytes] = set()
    for text, ids, unknown in normalise(texts):
        if all(len(c) == per_bucket for c in chosen.values()):
            break
        form = ids.tobytes()
        if unknown or form in seen or form in known:
            continue
        seen.add(form)
        for bucket in buckets:
            if bucket[0] <= len(ids) <= bucket[1] and len(chosen[bucket]) < per_bucket:
                chosen[bucket].append(text)
    return chosen


def span(ids: Ids, rng: random.Random) -> Ids:
    """Part of a paragraph's ids, cut anywhere; how long it is, is uniform in the logarithm."""
    n = min(len(ids), round(math.exp(rng.uniform(math.log(MIN_TOKENS), math.log(MAX_SPAN_TOKENS)))))
    start = rng.randint(0, len(ids) - n)
    return ids[start : start + n]


def span_buckets(
    path: str | Path, normalise: Normaliser, per_bucket: int, rng: random.Random
) -> dict[Bucket, list[str]]:
    """{bucket: [text]}: spans of the paragraphs of a file, as text in normal form; none with
    unknown tokens.
    """
    chosen: dict[Bucket, list[str]] = {b: [] for b in SPAN_BUCKETS}
    paragraphs = [line for line in lines(path) if line]
    rng.shuffle(paragraphs)
    for _, ids, unknown in normalise(paragraphs):
        if unknown or len(ids) < MIN_TOKENS:
            continue
        part = span(ids.tolist(), rng)
        text = normalise.tokenizer.decode(part)
        for (low, high), found in chosen.items():
            if (
                low <= len(part) <= high
                and len(found) < per_bucket
                and normalise.tokenizer.encode(text, add_special_tokens=False).ids == part
            ):
                found.append(text)
        if all(len(c) == per_bucket for c in chosen.values()):
            break
    return chosen


@dataclass(frozen=True, kw_only=True)
class CorpusJob:
    """What to make token sets of; see the help of each argument."""

    train: Sequence[Path]
    held_out: Sequence[Path]
    evaluate: Sequence[str] | None
    evaluate_spans: Sequence[str] | None
    per_bucket: int
    spans: int
    passages: int
    tokenizer: Path
    output: Path
    seed: int


def build(options: CorpusJob) -> None:
    rng = random.Random(options.seed)
    normalise = Normaliser(options.tokenizer)
    held_out = collect_forms(options.held_out, normalise)
    log.info("held-out normal forms %d", len(held_out))
    train_forms: set[bytes] = set()
    texts: list[np.ndarray] = []
    spans: list[np.ndarray] = []
    passages: list[np.ndarray] = []
    for path in options.train:
        kept = 0
        paragraphs = [line for line in lines(path) if line]
        rng.shuffle(paragraphs)
        found = []
        for paragraph in paragraphs:
            found.extend(sentences(paragraph))
        for _, ids, unknown in normalise(found):
            form = ids.tobytes()
            fresh = form not in train_forms
            train_forms.add(form)
            if (
                fresh
                and not unknown
                and MIN_TOKENS <= len(ids) <= MAX_TOKENS
                and form not in held_out
            ):
                texts.append(ids)
                kept += 1
        left = options.spans
        for _, ids, unknown in normalise(
            paragraphs[: max(options.passages * 2, options.spans * 5 // 4)]
        ):
            if unknown or len(ids) < MIN_TOKENS:
                continue
            if len(ids) > MAX_TOKENS and len(passages) < options.passages:
                # Passages of every length up to the embedder's limit, cut where a store would cut.
                passages.append(ids[: rng.randint(MAX_TOKENS + 1, MAX_PASSAGE_TOKENS)])
            if left and (part := span(ids, rng)).tobytes() not in held_out:
                spans.append(part)
                left -= 1
        log.info("%s %d sentences, %d kept", path.name, len(found), kept)
    rng.shuffle(texts)
    rng.shuffle(spans)
    rng.shuffle(passages)
    out = options.output
    save_token_set(out / "train", texts)
    if spans:
        save_token_set(out / "spans", spans)
    save_token_set(out / "passages", passages)
    for pair in options.evaluate or []:
        source, target = pair.split("=", 1)
        chosen = evaluation_sentences(source, normalise, train_forms, options.per_bucket, rng)
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        with open(target, "w", encoding="utf8") as f:
            for (low, high), found in chosen.items():
                for text in found:
                    f.write(f"{low}-{high}\t{text}\n")
        log.info("%s %s", target, {b: len(v) for b, v in chosen.items()})
    for pair in options.evaluate_spans or []:
        source, target = pair.split("=", 1)
        chosen = span_buckets(source, normalise, options.per_bucket, rng)
        with open(target, "w", encoding="utf8") as f:
            f.writelines(
                f"cut {low}-{high}\t{text}\n"
                for (low, high), found in chosen.items()
                for text in found
            )
        log.info("%s %s", target, {b: len(v) for b, v in chosen.items()})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--train", type=Path, nargs="+", required=True, help="training text files")
    parser.add_argument(
        "--held-out",
        type=Path,
        nargs="*",
        default=[],
        help="evaluation files: nothing in them is trained on",
    )
    parser.add_argument(
        "--evaluate", nargs="*", help="SOURCE=TARGET: draw evaluation sentences into a TSV file"
    )
    parser.add_argument(
        "--evaluate-spans", nargs="*", help="SOURCE=TARGET: draw spans cut anywhere into a TSV file"
    )
    parser.add_argument("--per-bucket", type=int, default=500)
    parser.add_argument(
        "--spans",
        type=int,
        default=0,
        help="texts cut anywhere, 4 to 128 tokens, of each training file at most",
    )
    parser.add_argument("--passages", type=int, default=60_000)
    parser.add_argument(
        "--tokenizer", type=Path, required=True, help="the embedder's tokenizer.json"
    )
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    set_command(parser, build, CorpusJob)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """How many texts of a corpus to write: the first sentences or, with a seed, sentences and texts
    cut anywhere of at most ``longest`` tokens, drawn and mixed. With ``tokens``, each token of the
    vocabulary alone in their place.
    """

    corpus: Path
    tokenizer: Path
    count: int
    spans: int
    longest: int
    tokens: bool
    seed: int | None
    output: Path


def drawn(options: Sample) -> list[np.ndarray]:
    """The texts of a sample."""
    wanted = [("train", options.count, MAX_TOKENS)]
    if options.spans:
        wanted.append(("spans", options.spans, options.longest))
    texts = []
    rng = np.random.default_rng(options.seed)
    for name, count, longest in wanted:
        tokens, starts = load_token_set(options.corpus / name)
        lengths = np.diff(starts)
        (fitting,) = np.nonzero((lengths >= MIN_TOKENS) & (lengths <= longest))
        if options.seed is None:
            chosen = fitting[:count]
        elif len(fitting) < count:
            raise SystemExit(
                f"{options.corpus / name}: found {len(fitting):,} texts of {MIN_TOKENS} to "
                f"{longest} tokens, expected at least the {count:,} asked for"
            )
        else:
            chosen = rng.choice(fitting, count, replace=False)
        texts += [tokens[starts[i] : starts[i + 1]] for i in chosen]
    if options.seed is not None:
        random.Random(options.seed).shuffle(texts)
    return texts


def sample(options: Sample) -> None:
    """Texts of a corpus, in normal form, one a line."""
    tokenizer = Tokenizer.from_file(str(options.tokenizer))
    if options.tokens:
        alone = (tokenizer.id_to_token(i) or "" for i in range(tokenizer.get_vocab_size()))
        lines = [t.removeprefix("##") or t for t in alone]
    else:
        lines = [tokenizer.decode(text.tolist()) for text in drawn(options)]
    options.output.write_text("\n".join(lines) + "\n", encoding="utf8")


def add_sample_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--corpus", type=Path, required=True, help="directory made by the corpus command"
    )
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--count", type=int, default=100_000, help="sentences")
    parser.add_argument("--spans", type=int, default=0, help="texts cut anywhere")
    parser.add_argument(
        "--longest", type=int, default=MAX_SPAN_TOKENS, help="tokens of those at most"
    )
    parser.add_argument(
        "--tokens", action="store_true", help="each token of the vocabulary alone, in their place"
    )
    parser.add_argument("--seed", type=int, help="draw them at random; default: the first")
    parser.add_argument("--output", type=Path, required=True)
    set_command(parser, sample, Sample)


_QUESTION = re.compile(
    r"(who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|can|could|will)\b|.*\?$",
    re.I,
)


def half(text: str) -> str:
    """``dev`` or ``test``: the half of a collection without splits that a line belongs to."""
    return "dev" if hashlib.md5(text.lower().encode()).hexdigest()[-1] < "8" else "test"


@dataclass(frozen=True, kw_only=True)
class Excerpt:
    """Which lines of a file to draw, that are in no training set of the corpus."""

    corpus: Path
    tokenizer: Path
    text: Path
    half: str | None
    questions: bool | None
    tokens: Sequence[int]
    count: int
    output: Path
    seed: int


def excerpt(options: Excerpt) -> None:
    """Whole lines of an evaluation file of a length, none of which occurs in training."""
    normalise = Normaliser(options.tokenizer)
    tokens, starts = load_token_set(options.corpus / "train")
    known = {
        tokens[a:b].tobytes()
        for a, b in pairwise(starts)
        if options.tokens[0] <= b - a <= options.tokens[1]
    }
    texts = [t for t in lines(options.text) if t and options.half in (None, half(t))]
    if options.questions is not None:
        texts = [t for t in texts if bool(_QUESTION.match(t)) == options.questions]
    random.Random(options.seed).shuffle(texts)
    bucket = (options.tokens[0], options.tokens[1])
    chosen = choose(texts, normalise, known, [bucket], options.count)[bucket]
    options.output.write_text("".join(t + "\n" for t in chosen), encoding="utf8")
    print(len(chosen), "texts")


def add_excerpt_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--corpus", type=Path, required=True, help="directory made by the corpus command"
    )
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument(
        "--text", type=Path, required=True, help="a line is a text; .txt, .jsonl, each also as .xz"
    )
    parser.add_argument(
        "--half",
        choices=("dev", "test"),
        help="of a collection without splits, by the MD5 of its lines",
    )
    parser.add_argument(
        "--questions", action=argparse.BooleanOptionalAction, help="only questions, or none"
    )
    parser.add_argument("--tokens", type=int, nargs=2, default=(9, 16), metavar=("MIN", "MAX"))
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    set_command(parser, excerpt, Excerpt)
