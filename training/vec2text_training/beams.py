"""Token decoding as transformers 4.46 to 4.49 do it, from lists of the most probable next words;
and how close it was.

Greedy search, and beam search with length penalty 1 and early stopping off: of all continuations of
all beams the best 2 b count. Ends among the first b are finished texts, scored by their mean
log-probability, the end included; the first b others go on. An item is done when it has b finished
texts and the worst is at least as good as the best continuation, divided by the present length.
What is unfinished at the limit competes as it is.

``margin`` is the smallest difference of two scores that decided anything: were it 0, chance would
have decided.
"""

import math

import numpy as np


class Greedy:
    """One text. ``limit`` counts generated tokens, the end included."""

    def __init__(self, limit, end):
        self.limit, self.end = limit, end
        self.tokens, self.parents, self.finished, self.margin, self.score = (
            [[]],
            [0],
            False,
            math.inf,
            0.0,
        )

    def advance(self, scores, words):
        """Takes the falling scores and their words [rows, k] after each row."""
        self.margin = min(self.margin, float(scores[0, 0] - scores[0, 1]))
        self.tokens = [[*self.tokens[0], int(words[0, 0])]]
        self.score += float(scores[0, 0])
        self.finished = self.tokens[0][-1] == self.end or len(self.tokens[0]) == self.limit

    def texts(self):
        """[(mean log-probability, token ids with the end)], best first."""
        return [(self.score / len(self.tokens[0]), self.tokens[0])]


class Beams:
    """The ``width`` best texts."""

    def __init__(self, width, limit, end):
        self.width, self.limit, self.end = width, limit, end
        self.tokens, self.parents, self.scores = [[]], [0], [np.float32(0)]
        self.done, self.worst, self.finished, self.margin = [], math.inf, False, math.inf

    def advance(self, scores, words):
        length = len(self.tokens[0]) + 1
        every = [
            (self.scores[r] + scores[r, j], r, int(words[r, j]))
            for r in range(len(self.tokens))
            for j in range(min(scores.shape[1], 2 * self.width + 1))
        ]
        every.sort(key=lambda x: -x[0])
        kept, ended = self.outcome(every)
        for i in range(min(2 * self.width, len(every) - 1)):
            swapped = [*every[:i], every[i + 1], every[i], *every[i + 2 :]]
            if [set(s) for s in self.outcome(swapped)] != [set(kept), set(ended)]:
                self.margin = min(self.margin, float(every[i][0] - every[i + 1][0]))
        for score, row, _ in ended:
            self.add(float(score) / length, [*self.tokens[row], self.end])
        if len(self.done) == self.width:
            attainable = float(every[0][0]) / length
            if (
                every[0] not in ended or attainable != self.worst
            ):  # a text does not compete with itself
                self.margin = min(self.margin, abs(self.worst - attainable))
            self.finished = self.worst >= attainable
        self.tokens = [[*self.tokens[row], word] for _, row, word in kept]
        self.scores, self.parents = [s for s, _, _ in kept], [row for _, row, _ in kept]
        if length == self.limit and not self.finished:
            for score, text in zip(self.scores, self.tokens, strict=True):
                self.add(float(score) / length, text)
            self.finished = True

    def outcome(self, every):
        kept, ended = [], []
        for rank, candidate in enumerate(every[: 2 * self.width]):
            if candidate[2] != self.end:
                kept.append(candidate)
            elif rank < self.width:
                ended.append(candidate)
            if len(kept) == self.width:
                break
        return kept, ended

    def add(self, score, text):
        full = len(self.done) == self.width
        if full:
            self.margin = min(self.margin, abs(score - self.worst))
        if full and score <= self.worst:
            return
        self.done.append((score, text))
        if full:
            self.done.remove(min(self.done, key=lambda x: x[0]))
        self.worst = min(s for s, _ in self.done)

    def texts(self):
        return sorted(self.done, key=lambda x: -x[0])


def decoder(width, limit, end):
    return Greedy(limit, end) if width == 1 else Beams(width, limit, end)


class Selection:
    """Chooses among the candidates of an item: ``keep`` with the best scores and different ids."""

    def __init__(self, candidates, scores, keep):
        """``candidates``: id sequences; ``scores``: cosines with the target."""
        order, seen = sorted(range(len(candidates)), key=lambda i: -scores[i]), set()
        unique = [
            i for i in order if not (tuple(candidates[i]) in seen or seen.add(tuple(candidates[i])))
        ]
        self.chosen, rejected = unique[:keep], unique[keep:]
        self.margin = float(scores[self.chosen[-1]] - scores[rejected[0]]) if rejected else math.inf
