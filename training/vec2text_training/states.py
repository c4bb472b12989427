"""States of a language model after prompts, and prompts as models that invert them write them."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor

FORMAT = "vec2text-language-model-1"
WINDOW = 512
"""Prompts of which those of one length share runs."""
TOKENS_A_RUN = 512

CLOSING = set(".,!?;:)%")
OPENING = set("($")
CONTRACTED = {"s", "t", "d", "m", "ll", "re", "ve"}
CONTINUATION = "##"
WORD = re.compile(r"[^\W_]+")
BEGINNING = re.compile(r"(?:^|[.!?] )\W*")


def encoder(tokenizer: Tokenizer) -> Callable[[str], list[int]]:
    return lambda text: list(tokenizer.encode(text, add_special_tokens=False).ids) if text else []


def opened(graph: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    return ort.InferenceSession(str(graph), options, ["CPUExecutionProvider"])


def last_states(session: ort.InferenceSession, rows: list[list[int]]) -> Iterator[np.ndarray]:
    """The last states [n, d] of all rows, some rows at a time; rows of one length share a run."""
    for start in range(0, len(rows), WINDOW):
        some = rows[start : start + WINDOW]
        out: dict[int, np.ndarray] = {}
        for length in sorted({len(r) for r in some}):
            same = [i for i, r in enumerate(some) if len(r) == length]
            step = max(1, TOKENS_A_RUN // length)
            for at in range(0, len(same), step):
                chosen = same[at : at + step]
                ids = np.array([some[i] for i in chosen], np.int64)
                (states,) = session.run(["states"], {"ids": ids})
                out.update(zip(chosen, states[:, -1], strict=True))
        yield np.stack([out[i] for i in range(len(some))])


def package_of(graph: Path) -> dict[str, Any] | None:
    """The manifest of the language model's package that a graph belongs to, if it does."""
    file = graph.parent / "manifest.json"
    if not file.is_file():
        return None
    manifest = json.loads(file.read_text(encoding="utf8"))
    ours = manifest.get("format") == FORMAT and manifest["graph"] == graph.name
    return manifest if ours else None


class PromptStates:
    """Vectors of prompts, given as the word pieces that inversion models write.

    A prompt's vector is the state after it less the mean of calibration prompts, of length 1. Word
    pieces have no capitals: prompts are read in the usual case of their words.
    """

    def __init__(self, graph: Path, pieces: Tokenizer, usual: Iterable[str]) -> None:
        manifest = package_of(graph)
        assert manifest
        folder = graph.parent
        self.encode = encoder(Tokenizer.from_file(str(folder / manifest["tokenizer"])))
        self.after: list[int] = manifest["template"]["afterIds"]
        self.mean = np.fromfile(folder / manifest["statistics"], "<f4", manifest["width"])
        self.session = opened(graph)
        self.pieces = [pieces.id_to_token(i) or "" for i in range(pieces.get_vocab_size())]
        self.truecaser = Truecaser(usual)

    def vectors(self, texts: Sequence[Sequence[int]]) -> Tensor:
        """Vectors float32 [n, D] of lists of word pieces' ids."""
        rows = [
            self.encode(self.truecaser(joined([self.pieces[i] for i in t]))) + self.after
            for t in texts
        ]
        states = np.concatenate(list(last_states(self.session, rows))) - self.mean
        return F.normalize(torch.from_numpy(states), dim=1)


def joined(pieces: Sequence[str]) -> str:
    """The text of word pieces, spaced as the library spaces it."""
    text = ""
    for i, piece in enumerate(pieces):
        if piece.startswith(CONTINUATION) and len(piece) > len(CONTINUATION):
            text += piece[len(CONTINUATION) :]
            continue
        clings = i > 0 and (
            piece in CLOSING
            or pieces[i - 1] in OPENING
            or _joins(pieces, i)
            or _joins(pieces, i - 1)
        )
        text += piece if i == 0 or clings else " " + piece
    return text


def _joins(pieces: Sequence[str], i: int) -> bool:
    """Whether a piece is punctuation inside a word or number."""
    if i == 0 or i + 1 == len(pieces):
        return False
    before, after = pieces[i - 1][-1:], pieces[i + 1][-1:]
    numbers = before.isdigit() and after.isdigit()
    match pieces[i]:
        case "-" | "/":
            return before.isalnum() and after.isalnum()
        case "'":
            return before.isalnum() and pieces[i + 1] in CONTRACTED
        case "." | ":":
            return numbers
        case ",":
            return numbers and len(pieces[i + 1]) == 3
    return False


class Truecaser:
    """Gives a text in lower case the capitals that it would usually have: each word in the form in
    which it is most frequent within sentences, and a capital at the beginning of each (the
    library's ``Truecaser``; Lita et al. 2003).
    """

    def __init__(self, texts: Iterable[str]) -> None:
        seen: dict[str, Counter[str]] = {}
        for text in texts:
            begins = {m.end() for m in BEGINNING.finditer(text)}
            for word in WORD.finditer(text):
                if word.start() not in begins:
                    seen.setdefault(word[0].lower(), Counter())[word[0]] += 1
        best = {w: max(c.items(), key=lambda x: (x[1], x[0]))[0] for w, c in seen.items()}
        self.forms = {w: form for w, form in best.items() if form != w}

    def __call__(self, text: str) -> str:
        begins = {m.end() for m in BEGINNING.finditer(text)}

        def usual(word: re.Match[str]) -> str:
            form = self.forms.get(word[0], word[0])
            return form[:1].upper() + form[1:] if word.start() in begins else form

        return WORD.sub(usual, text)
