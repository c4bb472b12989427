"""The graphs of a package as PyTorch modules: what runs one step at a time where ``model`` runs
whole texts.

Graphs (I items, R rows an item, t tokens written so far with the CLS token, S memory slots, V
words):

========  =======================================================================================
bag       vector [I, D] to scores [I, V], length probabilities [I, classes], most probable words
first     vector, scores to the decoder's memory: cross-attention caches, pointer keys, slot words
correct   the same, of vector, scores, the hypothesis [I, L] and its vector and scores
select    the memory of some of the items, for when others have finished
step      one decoder step for [I, R] rows: log-probabilities and ids of the best next words
edits     one teacher-forced pass over a text [I, t]: scores of all single-token edits
========  =======================================================================================
"""

import math

import torch
import torch.nn as nn

from .model import BAG_SHIFT, bag_difference

SHORTLIST = 2048
SAMPLED_SHORTLIST = 256  # of texts drawn while training, where speed counts more than rare words
BAG_WORDS, NEXT_WORDS, SUBSTITUTIONS, INSERTIONS = 128, 64, 64, 32
NEVER = -1e9
SIMILARITY = (
    40.0  # what a cosine of 1 between two words' vectors is worth, in nats, to a substitution
)
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
    """What a text may be made of: 0 for words and the end, a large negative number for other
    special ids.
    """
    allowed = torch.full((c.vocabulary,), NEVER)
    allowed[c.first_word :] = 0
    allowed[c.sep] = 0
    return allowed


class Memory(nn.Module):
    """What ``first`` and ``correct`` make of the encoder's memory, so that a step need not.

    The decoder chooses among a shortlist of C words an item: the bag's best, the end, and the
    hypothesis's. A step then multiplies by C rows of the word matrix instead of V.
    """

    def __init__(self, model, shortlist=SHORTLIST):
        super().__init__()
        self.model, self.shortlist = model, shortlist
        self.register_buffer("allowed", allowed_words(model.config))

    def caches(self, memory, slot_words, scores, difference, hypothesis=None):
        m, v = self.model, self.model.config.vocabulary
        out = []
        for layer in m.decoder:
            out += list(layer.cross_cache(memory))
        i = scores.shape[0]
        end = torch.zeros(v, device=scores.device).scatter(
            0, torch.tensor([m.config.sep], device=scores.device), 1e6
        )
        preference = scores + self.allowed + end
        if hypothesis is not None:
            preference = preference.scatter_add(
                1, hypothesis, torch.full_like(hypothesis, 1000).float()
            )
        words = preference.topk(min(self.shortlist, v), 1).indices
        c = words.shape[1]
        places = torch.zeros_like(scores, dtype=torch.long) + c  # c: not on the list
        places = places.scatter(
            1, words, torch.arange(c, device=scores.device)[None, :].expand(i, -1)
        )
        slot_places = torch.where(slot_words > 0, places.gather(1, slot_words), c)
        return (
            *out,
            m.point_k(memory),
            words,
            places,
            slot_places,
            m.words(words).transpose(1, 2).contiguous(),
            m.bias[words] + self.allowed[words],
            scores.gather(1, words),
            difference.gather(1, words),
        )


class First(Memory):
    def forward(self, vector, scores):
        memory, slot_words, _ = self.model.encode(vector, scores)
        return self.caches(memory, slot_words, scores, torch.zeros_like(scores))


class Correct(Memory):
    def forward(self, vector, scores, hypothesis, hypothesis_vector, hypothesis_scores):
        memory, slot_words, _ = self.model.encode(
            vector, scores, hypothesis, hypothesis_vector, hypothesis_scores
        )
        return self.caches(
            memory, slot_words, scores, bag_difference(scores, hypothesis_scores), hypothesis
        )


class Select(nn.Module):
    """The memory of some of the items."""

    def forward(self, item, *tensors):
        return tuple(t.index_select(0, item) for t in tensors)


def log_probabilities(
    m,
    y,
    own,
    point_k,
    slot_places,
    word_columns,
    word_bias,
    word_scores,
    word_difference,
    bias=None,
):
    """Log-probabilities [I, R, C] of the shortlisted words after states y [I, R, d].

    own [I, R, n]: places on the list, C for none, of the words written before each state.
    """
    i, r, d = y.shape
    a = m.point_q(y) @ point_k.transpose(1, 2) * (1 / math.sqrt(d))
    a = (a if bias is None else a + bias[:, 0]).float().softmax(-1)
    w = m.weights * (1 + m.gate(y))
    logits = m.head(y) @ word_columns + word_bias[:, None, :]
    logits = (
        logits + w[..., 0:1] * word_scores[:, None, :] + w[..., 2:3] * word_difference[:, None, :]
    )
    # One more place takes what is not on the list.
    zeros = torch.cat([torch.zeros_like(logits), torch.zeros_like(logits[..., :1])], -1)
    used = zeros.scatter(2, own, torch.ones_like(own).float())
    pointed = zeros.scatter_add(2, slot_places[:, None, :].expand(i, r, -1), a)
    extra = w[..., 1:2] * used + w[..., 3:4] * pointed
    return (logits + extra[..., :-1]).log_softmax(-1)


class Step(nn.Module):
    """``bias`` [I, 1, 1, S] hides slots of padding, which the exported graph never has."""

    def __init__(self, model, bias=None):
        super().__init__()
        self.model, self.bias = model, bias

    def forward(
        self,
        written,
        rows,
        point_k,
        words,
        places,
        slot_places,
        word_columns,
        word_bias,
        word_scores,
        word_difference,
        *caches,
    ):
        m, n = self.model, len(self.model.decoder)
        cross, past = caches[: 2 * n], caches[2 * n :]
        i, r, t = written.shape
        h, d = m.config.heads, m.config.width
        x = m.norm(m.words(written[:, :, t - 1]) + m.positions[t - 1]).reshape(i * r, 1, d)
        present = []
        for depth, layer in enumerate(m.decoder):
            q, k, v = layer.split(layer.qkv(x), 3)
            k = torch.cat([past[2 * depth].index_select(0, rows), k], 2)
            v = torch.cat([past[2 * depth + 1].index_select(0, rows), v], 2)
            present += [k, v]
            x = layer.norm1(x + layer.out(layer.attend(q, k, v, None)))
            # The rows of an item share its memory: they are the queries of one attention.
            q = layer.cross_q(x).reshape(i, r, h, d // h).transpose(1, 2)
            y = layer.attend(q, cross[2 * depth], cross[2 * depth + 1], self.bias)
            x = layer.cross_norm(x + layer.cross_out(y.reshape(i * r, 1, d)))
            x = layer.feed_forward(x)
        own = places.gather(1, written.reshape(i, r * t)).reshape(i, r, t)
        lp = log_probabilities(
            m,
            x.reshape(i, r, d),
            own,
            point_k,
            slot_places,
            word_columns,
            word_bias,
            word_scores,
            word_difference,
            self.bias,
        )
        top, best = lp.topk(min(NEXT_WORDS, m.config.vocabulary), -1)
        following = words.gather(1, best.reshape(i, -1)).reshape(best.shape)
        return (top, following.to(torch.int32), *present)


@torch.no_grad()
def sample(
    model,
    memory,
    slot_words,
    bias,
    scores,
    hypothesis=None,
    hypothesis_scores=None,
    temperature=0.7,
):
    """A text (list of ids) for every item, each word drawn from the decoder's own distribution."""
    c, i = model.config, scores.shape[0]
    difference = (
        torch.zeros_like(scores)
        if hypothesis is None
        else bag_difference(scores, hypothesis_scores)
    )
    caches = (
        Memory(model, SAMPLED_SHORTLIST)
        .to(scores.device)
        .caches(memory, slot_words, scores, difference, hypothesis)
    )
    n, rows, step = 2 * len(model.decoder), torch.arange(i, device=scores.device), Step(model, bias)
    past = [caches[0].new_zeros(i, c.heads, 0, c.width // c.heads)] * n
    written = rows.new_full((i, 1, 1), c.cls)
    ended = torch.zeros_like(rows, dtype=torch.bool)
    while written.shape[2] <= c.max_tokens and not bool(ended.all()):
        top, words, *past = step(written, rows, *caches[n:], *caches[:n], *past)
        noise = -torch.log(-torch.log(torch.rand_like(top[:, 0].float()).clamp(1e-9, 1 - 1e-7)))
        best = (top[:, 0].float() + temperature * noise).argmax(1, keepdim=True)
        word = words[:, 0].long().gather(1, best)
        ended |= word[:, 0] == c.sep
        written = torch.cat([written, torch.where(ended[:, None], 0, word)[:, None]], 2)
    return [[w for w in row if w > 0] for row in written[:, 0, 1:].tolist()]


class Edits(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(
        self,
        written,
        scores,
        hypothesis_scores,
        weight,
        point_k,
        words,
        places,
        slot_places,
        word_columns,
        word_bias,
        word_scores,
        word_difference,
        *cross,
    ):
        m = self.model
        i, t = written.shape
        c, v = words.shape[1], m.config.vocabulary
        x = m.norm(m.words(written) + m.positions[:t])
        causal = torch.full((t, t), -1e4).triu(1)
        for depth, layer in enumerate(m.decoder):
            x = layer(x, causal, cross[2 * depth : 2 * depth + 2], None)
        own = places.gather(1, written)
        prefixes = torch.where(torch.ones(t, t).tril()[None] > 0, own[:, None, :], c)
        lp = log_probabilities(
            m,
            x,
            prefixes,
            point_k,
            slot_places,
            word_columns,
            word_bias,
            word_scores,
            word_difference,
        )
        following = torch.cat([written[:, 1:], torch.full_like(written[:, :1], m.config.sep)], 1)
        following_places = places.gather(1, following)
        unlisted = torch.full_like(lp[..., :1], UNLISTED)
        token_lp = torch.cat([lp, unlisted], -1).gather(2, following_places[..., None])[..., 0]
        difference = weight * bag_difference(scores, hypothesis_scores)
        ending = torch.where(words == m.config.sep, torch.tensor(NEVER), torch.tensor(0.0))
        insert = lp + (difference.gather(1, words) + ending)[:, None, :]
        lost = token_lp + difference.gather(1, following)
        # A wrong word is often nearly the right one: its vector is similar.
        unit = nn.functional.normalize
        similarity = unit(m.words(following), dim=2) @ unit(word_columns, dim=1)
        substitute = insert - lost[..., None] + SIMILARITY * similarity
        # Writing what stands there is no edit, and nothing stands at the last position but the end.
        same = torch.arange(c) == following_places[..., None]
        last = (torch.arange(t) == t - 1)[:, None]
        substitute = torch.where(same | last, torch.tensor(NEVER), substitute)

        def best(table, n):
            top, index = table.reshape(i, -1).topk(n, 1)
            position = torch.div(index, c, rounding_mode="floor")
            return top, position * v + words.gather(1, index - position * c)

        return (
            *best(substitute, SUBSTITUTIONS),
            *best(insert, INSERTIONS),
            -lost[:, : t - 1],
            token_lp,
        )


def graphs(model, i=3, r=5, t=7, length=9):
    """{name: (module, example inputs by name, output names, dynamic axes)} for i items, r rows, t
    and ``length`` tokens.
    """
    c, n = model.config, model.config.decoder_layers
    g = torch.Generator().manual_seed(3)

    def unit():
        return nn.functional.normalize(torch.randn(i, c.components, generator=g), dim=1)

    def words(*shape):
        return torch.randint(c.first_word, c.vocabulary, shape, generator=g)

    e, e_hat = unit(), unit()
    with torch.no_grad():
        bag = BagGraph(model).eval()
        # Two words of one score may be listed in either order: a little noise leaves none.
        z, z_hat = (
            s + 0.01 * torch.randn(s.shape, generator=g) for s in (bag(e)[0], bag(e_hat)[0])
        )
        h = words(i, length)
        h[:, -1] = c.sep
        first = First(model).eval()
        caches = first(e, z)
    cross_names = [f"cross_{kv}_{layer}" for layer in range(n) for kv in "kv"]
    step_names = [
        "point_k",
        "words",
        "places",
        "slot_places",
        "word_columns",
        "word_bias",
        "word_scores",
        "word_difference",
    ]
    memory_names = [*cross_names, *step_names]
    items = {0: "items"}
    axes = {
        k: items
        for k in (
            "vector",
            "scores",
            "hypothesis_vector",
            "hypothesis_scores",
            "difference",
            "lengths",
            "probabilities",
            "words",
            "places",
            "word_columns",
            "word_bias",
            "word_scores",
            "word_difference",
            "substitution_scores",
            "substitutions",
            "insertion_scores",
            "insertions",
        )
    }
    axes |= {k: {0: "items", 2: "slots"} for k in cross_names}
    axes |= {k: {0: "items", 1: "slots"} for k in ("point_k", "slot_places")}
    axes |= {
        "hypothesis": {0: "items", 1: "tokens"},
        "token_log_probabilities": {0: "items", 1: "tokens"},
        "deletion_scores": {0: "items", 1: "positions"},
        "rows": {0: "row"},
        "item": {0: "chosen"},
        "log_probabilities": {0: "items", 1: "rows"},
        "next_words": {0: "items", 1: "rows"},
    }
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
    memory = dict(zip(memory_names, caches, strict=True))
    selected = {
        f"selected_{k}": {0: "chosen"} | {a: v for a, v in axes[k].items() if a}
        for k in memory_names
    }
    cross = {k: memory[k] for k in cross_names}
    specs = {
        "bag": (bag, {"vector": e}, ["scores", "lengths", "probabilities", "words"]),
        "first": (first, {"vector": e, "scores": z}, memory_names),
        "correct": (
            Correct(model).eval(),
            {
                "vector": e,
                "scores": z,
                "hypothesis": h,
                "hypothesis_vector": e_hat,
                "hypothesis_scores": z_hat,
            },
            memory_names,
        ),
        "select": (Select(), {"item": torch.arange(i - 1, 0, -1)} | memory, list(selected)),
        "step": (
            Step(model).eval(),
            {"written": written, "rows": rows}
            | {k: memory[k] for k in step_names}
            | cross
            | dict(zip(past_names, past, strict=True)),
            ["log_probabilities", "next_words", *present_names],
        ),
        "edits": (
            Edits(model).eval(),
            {"written": text, "scores": z, "hypothesis_scores": z_hat, "weight": torch.tensor(0.5)}
            | {k: memory[k] for k in step_names}
            | cross,
            [
                "substitution_scores",
                "substitutions",
                "insertion_scores",
                "insertions",
                "deletion_scores",
                "token_log_probabilities",
            ],
        ),
    }
    own = {
        "step": {"written": {0: "items", 1: "rows", 2: "tokens"}},
        "edits": {"written": {0: "items", 1: "tokens"}},
        "select": selected,
    }
    return {name: (*spec, axes | own.get(name, {})) for name, spec in specs.items()}
