"""One command from an embedder's graph and text files to a verified package.

The stages are those of the other commands. Each makes its result under another name and renames it
when it is whole, and is skipped when its result is there: a run killed anywhere goes on where it
was, from the same command line. Everything but the package is kept in a work directory, with what
the stages print in ``log.txt``.
"""

import argparse
import contextlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from . import corpus, export, train, trigrams, words
from .command import log_to, set_command
from .embedder import CLS, SEP, EmbedderConfig
from .verify import agreement, verify

HELD_OUT = 50  # one article in so many is not trained on, if no other texts are
CHECKED = 200
BAG_MINUTES, BAG_SHARE = (
    5,
    6,
)  # of the bag's own training: at most, and as one in so many of the other


def stage(
    add_arguments: Callable[[argparse.ArgumentParser], None], words: Sequence[object]
) -> None:
    """Runs a command as its own command line would."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    args = parser.parse_args([str(w) for w in words])
    args.command(args)


@contextlib.contextmanager
def logged(file: Path) -> Iterator[None]:
    """What is printed and logged meanwhile goes to the end of a file."""
    with (
        open(file, "a", encoding="utf8") as out,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(out),
    ):
        log_to(out)
        try:
            yield
        finally:
            log_to(sys.__stderr__ or out)


def replace(partial: Path, target: Path) -> None:
    """Puts a whole directory in the place of an older one. Killed in between, neither is there: the
    stage runs again.
    """
    shutil.rmtree(target, ignore_errors=True)
    os.replace(partial, target)


def split(files: Sequence[Path], directory: Path) -> tuple[list[Path], list[Path]]:
    """Every ``HELD_OUT``th article (lines up to a blank one, or a line if there are none) into a
    file of its own.
    """
    with (
        open(directory / "train.txt", "w", encoding="utf8") as rest,
        open(directory / "held-out.txt", "w", encoding="utf8") as held,
    ):
        for file in files:
            articles = any(not line for line in corpus.lines(file))
            number = 0
            for line in corpus.lines(file):
                number += not (articles and line)
                print(line, file=rest if number % HELD_OUT else held)
    return [directory / "train.txt"], [directory / "held-out.txt"]


@dataclass(frozen=True, kw_only=True)
class PackageJob:
    """An embedder and texts, and the package to make of them.

    minutes: of training encoder and decoder; bag_minutes: of the bag alone before; bag_sentences:
    how many are embedded for it; count: held-out sentences to try the package on; work: directory
    for all else; training: further arguments of the train command.
    """

    onnx: Path
    tokenizer: Path
    embedder: Path
    text: Sequence[Path]
    held_out: Sequence[Path]
    minutes: float
    bag_minutes: float | None
    bag_sentences: int
    encoder_layers: int
    decoder_layers: int
    dtype: str
    device: str
    count: int
    work: Path | None
    output: Path
    training: Sequence[str]


class Pipeline:
    """The stages, and where each keeps what it made."""

    def __init__(self, options: PackageJob) -> None:
        self.options, self.output = options, options.output
        self.work = options.work or Path(f"{options.output}.work")
        self.embedder = [
            "--onnx",
            options.onnx,
            "--tokenizer",
            options.tokenizer,
            "--embedder",
            options.embedder,
        ]
        self.config = EmbedderConfig.read(options.embedder)
        self.work.mkdir(parents=True, exist_ok=True)
        self.corpus, self.bag, self.model, self.package = (
            self.work / n for n in ("corpus", "bag.pt", "model.pt", "package")
        )
        self.training = ["--corpus", self.corpus, *self.embedder, "--device", options.device]
        self.embedded = [
            "--sentences",
            options.bag_sentences,
            "--passages",
            options.bag_sentences // train.PASSAGES,
        ]

    def check_settings(self) -> None:
        """A work directory belongs to one embedder, one set of texts and one size of model."""
        a = self.options
        tokenizer = Tokenizer.from_file(str(a.tokenizer))
        special = {t: tokenizer.token_to_id(t) for t in ("[PAD]", "[CLS]", "[SEP]")}
        if (
            special != {"[PAD]": 0, "[CLS]": CLS, "[SEP]": SEP}
            or tokenizer.get_vocab_size() > trigrams.MOST_WORDS
        ):
            raise SystemExit(
                f"{a.tokenizer}: found special tokens {special} among "
                f"{tokenizer.get_vocab_size()}, expected those of BERT,"
                f" [PAD] 0, [CLS] {CLS}, [SEP] {SEP}, among at most {trigrams.MOST_WORDS}"
            )
        if self.output.exists() and not (self.output / "manifest.json").exists():
            raise SystemExit(
                f"{self.output}: found something that is no package, expected a package or nothing"
            )
        settings: dict[str, Any] = {
            k: {f.name: export.digest(f) for f in v}
            for k, v in dict(
                onnx=[a.onnx],
                tokenizer=[a.tokenizer],
                embedder=[a.embedder],
                text=a.text,
                held_out=a.held_out,
            ).items()
        }
        settings |= dict(encoder_layers=a.encoder_layers, decoder_layers=a.decoder_layers)
        file = self.work / "settings.json"
        if not file.exists():
            temporary = file.with_suffix(".tmp")
            temporary.write_text(json.dumps(settings))
            os.replace(temporary, file)
        found = json.loads(file.read_text())
        for key, value in settings.items():
            if found.get(key) != value:
                raise SystemExit(
                    f"{self.work}: was made with {key} {found.get(key)}, expected {value}: name "
                    f"another directory as --work"
                )

    def make_corpus(self) -> str | None:
        if self.corpus.exists():
            return None
        partial = self.work / "corpus.part"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        texts, held = (
            (self.options.text, self.options.held_out)
            if self.options.held_out
            else split(self.options.text, partial)
        )
        stage(
            corpus.add_arguments,
            [
                "--train",
                *texts,
                "--held-out",
                *held,
                "--tokenizer",
                self.options.tokenizer,
                "--evaluate",
                f"{held[0]}={partial / 'dev.tsv'}",
                "--output",
                partial,
            ],
        )
        os.replace(partial, self.corpus)
        return f"{len(train.TokenSet(self.corpus / 'train'))} sentences"

    def check_embedder(self) -> str | None:
        done = self.work / "embedder.txt"
        if done.exists():
            return None
        texts = train.TokenSet(self.corpus / "train")
        some = [texts[i] for i in range(min(CHECKED, len(texts)))]
        mean, least = agreement(self.options.onnx, self.config, self.options.tokenizer, some)
        line = (
            f"cosine {mean:.6f} of the graph's vectors with those of its weights in PyTorch, "
            f"at least {least:.6f}, {len(some)} sentences"
        )
        done.write_text(line)
        return line

    def train_bag(self) -> str | None:
        if self.bag.exists():
            return None
        a = self.options
        minutes = (
            min(BAG_MINUTES, a.minutes / BAG_SHARE) if a.bag_minutes is None else a.bag_minutes
        )
        stage(
            train.add_bag_arguments,
            [
                *self.training,
                "--checkpoint",
                self.bag,
                "--minutes",
                minutes,
                *self.embedded,
                "--encoder-layers",
                a.encoder_layers,
                "--decoder-layers",
                a.decoder_layers,
            ],
        )
        return f"{minutes:.1f} minutes"

    def train_model(self) -> str | None:
        if not self.model.exists():
            temporary = self.model.with_suffix(".part")
            shutil.copy(self.bag, temporary)
            os.replace(temporary, self.model)
        minutes = self.options.minutes
        left = minutes - train.load_checkpoint(self.model).get("minutes", 0.0)
        if left < 1e-3:
            return None
        stage(
            train.add_arguments,
            [
                *self.training,
                "--checkpoint",
                self.model,
                "--minutes",
                left,
                "--cooldown",
                minutes * 0.8,
                "--dev",
                self.corpus / "dev.tsv",
                *self.options.training,
            ],
        )
        state = train.load_checkpoint(self.model)
        return f"{state['minutes']:.1f} minutes, {state['seen']} sentences seen"

    def export(self) -> str | None:
        manifest = self.package / "manifest.json"
        wanted = dict(steps=train.load_checkpoint(self.model)["step"], weights=self.options.dtype)
        if (
            manifest.exists()
            and wanted.items()
            <= json.loads(manifest.read_text(encoding="utf8"))["training"].items()
        ):
            return None
        partial = self.work / "package.part"
        shutil.rmtree(partial, ignore_errors=True)
        stage(
            export.add_arguments,
            [
                "--checkpoint",
                self.model,
                *self.embedder,
                "--bundle",
                "--dtype",
                self.options.dtype,
                "--output",
                partial,
                "--corpora",
                *(t.name for t in self.options.text),
            ],
        )
        stage(trigrams.add_arguments, [partial, "--corpus", self.corpus])
        stage(words.add_arguments, [partial, *self.training, *self.embedded])
        replace(partial, self.package)
        return f"{sum(f.stat().st_size for f in self.package.iterdir()) / 1e6:.1f} MB"

    def verify(self) -> str | None:
        manifest = self.output / "manifest.json"
        if (
            manifest.exists()
            and manifest.read_bytes() == (self.package / "manifest.json").read_bytes()
        ):
            return None
        line = verify(self.package, self.corpus / "dev.tsv", self.options.count)
        partial = Path(f"{self.output}.part")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(self.package, partial)
        replace(partial, self.output)
        return line

    def run(self) -> None:
        self.check_settings()
        stages = dict(
            corpus=self.make_corpus,
            embedder=self.check_embedder,
            bag=self.train_bag,
            train=self.train_model,
            export=self.export,
            verify=self.verify,
        )
        for name, make in stages.items():
            start = time.time()
            with logged(self.work / "log.txt"):
                result = make()
            made = "there already" if result is None else f"{result} ({time.time() - start:.0f} s)"
            print(f"{name}: {made}", flush=True)
        print(f"{self.output}: verified package for {self.config.model_id}", flush=True)


def run(options: PackageJob) -> None:
    """Makes the package, or what is missing of it."""
    Pipeline(options).run()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--onnx", type=Path, required=True, help="the embedder's ONNX graph")
    parser.add_argument(
        "--tokenizer", type=Path, required=True, help="the embedder's tokenizer.json"
    )
    parser.add_argument(
        "--embedder", type=Path, required=True, help="JSON file of EmbedderConfig fields"
    )
    parser.add_argument("--text", type=Path, nargs="+", required=True, help="training text files")
    parser.add_argument(
        "--held-out",
        type=Path,
        nargs="*",
        default=[],
        help="evaluation files; by default one article in fifty of the text",
    )
    parser.add_argument(
        "--minutes",
        type=float,
        required=True,
        help="of training encoder and decoder; more, later, goes on",
    )
    parser.add_argument(
        "--bag-minutes",
        type=float,
        help="of training the bag alone, by default a sixth of the others, five at most",
    )
    parser.add_argument(
        "--bag-sentences", type=int, default=300_000, help="that are embedded for it"
    )
    parser.add_argument("--encoder-layers", type=int, default=train.ModelConfig.encoder_layers)
    parser.add_argument("--decoder-layers", type=int, default=train.ModelConfig.decoder_layers)
    parser.add_argument("--dtype", choices=("fp32", "fp16", "int8"), default="int8")
    parser.add_argument("--device", default="cpu")
    parser.add_argument(
        "--count",
        type=int,
        default=32,
        help="held-out sentences that the finished package is tried on",
    )
    parser.add_argument(
        "--work",
        type=Path,
        help="directory for all that is not the package, OUTPUT.work by default",
    )
    parser.add_argument("--output", type=Path, required=True, help="directory of the package")
    parser.add_argument("training", nargs="*", help="after --: further arguments of train")
    set_command(parser, run, PackageJob)
