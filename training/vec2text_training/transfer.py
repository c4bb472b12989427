"""Carries training to a machine without network, and weights back, in pieces of limited size.

``pack`` writes an xz-compressed tar of files in numbered pieces with their hashes, ``unpack``
checks and joins them. A checkpoint packed with ``--half`` travels as float16 without optimizer
state.
"""

import argparse
import hashlib
import io
import json
import lzma
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from .command import set_command

INDEX = "pieces.json"


@dataclass(frozen=True, kw_only=True)
class Packing:
    """files: and directories, relative to the working directory; half: checkpoints as float16."""

    files: Sequence[str]
    output: Path
    piece_mib: int
    half: bool


def pack(options: Packing) -> None:
    out = options.output
    out.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    with (
        lzma.open(buffer, "wb", preset=1) as compressed,
        tarfile.open(fileobj=compressed, mode="w|") as tar,
    ):
        for name in options.files:
            if options.half and name.endswith(".pt"):
                _add_half(tar, name)
            else:
                tar.add(name, filter=lambda t: None if "__pycache__" in t.name else t)
    data, size = buffer.getvalue(), options.piece_mib << 20
    pieces = {}
    for i in range(0, len(data), size):
        name = f"piece-{i // size:03d}"
        (out / name).write_bytes(data[i : i + size])
        pieces[name] = hashlib.sha256(data[i : i + size]).hexdigest()
    (out / INDEX).write_text(json.dumps(pieces, indent=1))
    print(f"{len(pieces)} pieces, {len(data) / 2**20:.1f} MiB")


def _add_half(tar: tarfile.TarFile, name: str) -> None:
    def half(x: Any) -> Any:
        if isinstance(x, dict):
            return {k: half(v) for k, v in x.items() if k not in ("optimizers", "average")}
        return x.half() if torch.is_tensor(x) and x.is_floating_point() else x

    state = torch.load(name, map_location="cpu", weights_only=True)
    if "average" in state:
        state["model"] = state["average"]
    data = io.BytesIO()
    torch.save(half(state), data)
    info = tarfile.TarInfo(name)
    info.size = data.tell()
    data.seek(0)
    tar.addfile(info, data)


@dataclass(frozen=True, kw_only=True)
class Unpacking:
    """Where the pieces are, and where their files go."""

    pieces: Path
    output: Path


def unpack(options: Unpacking) -> None:
    source = options.pieces
    data = []
    for name, digest in json.loads((source / INDEX).read_text()).items():
        piece = (source / name).read_bytes()
        found = hashlib.sha256(piece).hexdigest()
        if found != digest:
            raise SystemExit(f"{name}: SHA-256 is {found}, expected {digest}")
        data.append(piece)
    with lzma.open(io.BytesIO(b"".join(data))) as f, tarfile.open(fileobj=f, mode="r|") as tar:
        tar.extractall(options.output, filter="data")


def add_pack_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="+", help="files and directories, relative to the working directory"
    )
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--piece-mib", type=int, default=16)
    parser.add_argument(
        "--half", action="store_true", help="checkpoints as float16, without optimizer state"
    )
    set_command(parser, pack, Packing)


def add_unpack_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pieces", type=Path, help="directory made by pack")
    parser.add_argument("--output", type=Path, default=".")
    set_command(parser, unpack, Unpacking)
