"""Reads checkpoint folders: tensors from safetensors or PyTorch files, whole or in shards; nothing
is executed.
"""

import json
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import safe_open
from torch import Tensor, nn

M = TypeVar("M", bound=nn.Module)
WHOLE = ("model.safetensors", "pytorch_model.bin")


def read_config(directory: str | Path) -> dict[str, Any]:
    return json.loads((Path(directory) / "config.json").read_text(encoding="utf8"))


def read_tensors(directory: str | Path, prefix: str = "") -> dict[str, Tensor]:
    """{name: float32 tensor} of those whose names begin with ``prefix``, which is cut off.

    Raises FileNotFoundError if the folder holds no weights or a shard is missing.
    """
    directory = Path(directory)
    for name in WHOLE:
        index = directory / f"{name}.index.json"
        if (directory / name).exists():
            files = [name]
        elif index.exists():
            files = sorted(set(json.loads(index.read_text(encoding="utf8"))["weight_map"].values()))
        else:
            continue
        out: dict[str, Tensor] = {}
        for file in files:
            if Path(file).name != file:
                raise ValueError(f"{index}: shard {file!r}, expected a plain file name")
            out |= _tensors(directory / file, prefix)
        return out
    raise FileNotFoundError(
        f"{directory} holds {sorted(p.name for p in directory.iterdir())}, "
        f"expected {' or '.join(WHOLE)}, or the index of its shards"
    )


def _tensors(path: Path, prefix: str) -> dict[str, Tensor]:
    if not path.exists():
        raise FileNotFoundError(f"{path}: shard named by the index is missing")
    if path.suffix == ".safetensors":
        with safe_open(str(path), "pt") as f:
            return {
                k[len(prefix) :]: f.get_tensor(k).float() for k in f.keys() if k.startswith(prefix)
            }
    tensors = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    return {k[len(prefix) :]: v.float().clone() for k, v in tensors.items() if k.startswith(prefix)}


def share_words(
    tensors: dict[str, Tensor], source: str | Path, prefix: str = ""
) -> dict[str, Tensor]:
    """Keeps one of the names that a T5's word matrix goes by; ValueError if input and output have
    different ones.
    """
    names = ("shared", "encoder.embed_tokens", "decoder.embed_tokens", "embed_tokens", "lm_head")
    found = [tensors.pop(k) for k in [f"{prefix}{n}.weight" for n in names] if k in tensors]
    if any(not torch.equal(found[0], f) for f in found[1:]):
        raise ValueError(
            f"{source}: word matrices differ, expected one that input and output share"
        )
    return tensors | ({f"{prefix}shared.weight": found[0]} if found else {})


def load(module: M, tensors: dict[str, Tensor], source: str | Path) -> M:
    """Gives a declared module (on ``meta``) its tensors; ValueError naming what is missing, unknown
    or of another shape.
    """
    expected = {k: tuple(v.shape) for k, v in module.state_dict().items()}
    missing, unknown = sorted(set(expected) - set(tensors)), sorted(set(tensors) - set(expected))
    if missing or unknown:
        raise ValueError(
            f"{source}: tensors missing: {missing or 'none'}; unknown: {unknown or 'none'}"
        )
    for k, shape in expected.items():
        if tuple(tensors[k].shape) != shape:
            raise ValueError(f"{source}: {k} has shape {tuple(tensors[k].shape)}, expected {shape}")
    module.load_state_dict(tensors, assign=True)
    return module.eval()
