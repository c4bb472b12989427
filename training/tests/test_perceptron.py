"""The graph that trains a perceptron from Java against PyTorch's AdamW."""

import sys
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from perceptron_graph import STATE, TARGET

RATE, DECAY = 1e-2, 0.05


def test_fifty_steps_are_those_of_adamw():
    graph = ort.InferenceSession(str(TARGET))
    names = [output.name for output in graph.get_outputs()]
    rng = np.random.default_rng(0)

    def draw(*shape):
        return rng.normal(size=shape).astype(np.float32)

    state = {"w1": draw(10, 16), "w2": draw(16, 7)}
    state |= {name: np.zeros_like(state[name[-2:]]) for name in STATE if name not in state}
    w1, w2 = (torch.nn.Parameter(torch.tensor(state[w])) for w in ("w1", "w2"))
    optimizer = torch.optim.AdamW([w1, w2], lr=RATE, betas=(0.9, 0.98), weight_decay=DECAY)
    for t in range(1, 51):
        x, y = draw(32, 10), draw(32, 7)
        scalars = dict(
            rate_m=RATE / (1 - 0.9**t), unbias_v=1 / (1 - 0.98**t), shrink=1 - RATE * DECAY
        )
        inputs = state | dict(x=x, y=y) | {k: np.array(v, np.float32) for k, v in scalars.items()}
        found = dict(zip(names, graph.run(None, inputs), strict=True))
        loss = (F.silu(torch.tensor(x) @ w1) @ w2 - torch.tensor(y)).square().sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        state = {name: found[f"new_{name}"] for name in STATE}
        assert abs(found["loss"] - loss.item() / 32) < 1e-4 * found["loss"]
    assert abs(state["w1"] - w1.detach().numpy()).max() < 1e-5
    assert abs(state["w2"] - w2.detach().numpy()).max() < 1e-5
