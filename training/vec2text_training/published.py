"""The published vec2text models (Morris et al. 2023, arXiv 2310.06816): T5 behind projections of
vectors.

A clean re-implementation from the papers under the parameter names of the checkpoints. D components
of a vector, d the width of T5, R repeated tokens (16), L tokens of a hypothesis, B items.
"""

import torch
import torch.nn as nn

from .t5 import MASKED, T5, Stack


def projection(dimension, width, repeat):
    """[B, D] to [B, R * d]; the second place is dropout's, which does nothing here."""
    return nn.Sequential(
        nn.Linear(dimension, dimension),
        nn.Identity(),
        nn.GELU(),
        nn.Linear(dimension, width * repeat),
    )


class Inverter(nn.Module):
    """A vector to a first guess: T5 reads R tokens made of it."""

    def __init__(self, config, dimension, repeat=16):
        super().__init__()
        self.dimension, self.repeat = dimension, repeat
        self.encoder_decoder = T5(config)
        self.embedding_transform = projection(dimension, config.width, repeat)

    def memory(self, vector):
        """States [B, R, d] and which of them are masked [B, R] (none)."""
        t5 = self.encoder_decoder
        x = self.embedding_transform(vector.to(self.embedding_transform[0].weight.dtype))
        x = x.reshape(x.shape[0], self.repeat, -1)
        return t5.encoder.encode(x), torch.zeros_like(x[..., 0], dtype=torch.float32)


class Corrector(nn.Module):
    """A vector, a hypothesis and the hypothesis's vector to a better one.

    T5 reads [S, e, S, hypothesis's vector, S, difference, S, hypothesis], S the embedding of the
    end token, all through one layer norm: 4 + 3 R + L slots. Ids of 0 are masked; that includes the
    start token, which moves what follows it by one position.
    """

    def __init__(self, config, dimension, repeat=16, feedback=True, norm=True):
        super().__init__()
        self.dimension, self.repeat, self.feedback = dimension, repeat, feedback
        self.encoder_decoder = T5(config)
        for i in (1, 2, 3):
            self.add_module(f"embedding_transform_{i}", projection(dimension, config.width, repeat))
        self.layernorm = nn.LayerNorm(config.width) if norm else nn.Identity()

    def memory(self, vector, hypothesis_vector, hypothesis):
        """States [B, S, d] and biases [B, S] that mask slots; ``hypothesis`` int64 [B, L] with its
        start token.
        """
        t5 = self.encoder_decoder
        # Like the graphs for single precision, so that differences of near vectors keep their
        # digits.
        e, own = vector, hypothesis_vector if self.feedback else vector
        b, dtype = e.shape[0], t5.shared.weight.dtype

        def tokens(mlp, v):
            return mlp(v.to(dtype)).reshape(b, self.repeat, -1)

        separator = t5.shared(torch.full_like(hypothesis[:, :1], t5.config.eos))
        x = torch.cat(
            [
                separator,
                tokens(self.embedding_transform_1, e),
                separator,
                tokens(self.embedding_transform_3, own),
                separator,
                tokens(self.embedding_transform_2, e - own),
                separator,
                t5.shared(hypothesis),
            ],
            1,
        )
        bias = torch.where(hypothesis == t5.config.pad, MASKED, 0.0)
        bias = torch.cat(
            [torch.zeros_like(x[:, : 4 + 3 * self.repeat, 0], dtype=torch.float32), bias], 1
        )
        return t5.encoder.encode(self.layernorm(x), bias), bias


class T5Embedder(nn.Module):
    """The encoder of a T5 as an embedder: states of all tokens, to be pooled by their mean.

    ``dense`` is the linear layer that sentence-transformers puts after pooling. It has no bias, so
    it may as well come before: the mean of its outputs is its output for the mean.
    """

    def __init__(self, config, dense=None):
        super().__init__()
        self.shared = nn.Embedding(config.vocabulary, config.width)
        self.encoder = Stack(config, False)
        self.dense = None if dense is None else nn.Linear(config.width, dense, bias=False)

    def forward(self, input_ids, attention_mask):
        """States float32 [B, T, D] of ids int64 [B, T]."""
        x = self.encoder.encode(
            self.shared(input_ids), torch.where(attention_mask == 0, MASKED, 0.0)
        )
        return (x if self.dense is None else self.dense(x)).float()
