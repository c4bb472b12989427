"""How words are written in prompts: guesses come from models that write lower case, but a language
model sees case.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
ENDS = ".?!"


def initial(text: str, start: int) -> bool:
    """Whether the word at ``start`` begins a sentence."""
    before = text[:start].rstrip(" \"'(")
    return not before or (before[-1] in ENDS and text[start - 1] in " \"'(")


class Surface:
    """The usual form of each word, and whether sentences begin with a capital."""

    def __init__(self, forms: dict[str, str], capitals: bool) -> None:
        self.forms, self.capitals = forms, capitals

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Surface":
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        starts: Counter[bool] = Counter()
        for text in texts:
            for m in WORD.finditer(text):
                if initial(text, m.start()):
                    starts[m.group()[0].isupper()] += 1
                else:
                    counts[m.group().lower()][m.group()] += 1
        best = {w: c.most_common(1)[0][0] for w, c in counts.items()}
        return cls({w: f for w, f in sorted(best.items()) if w != f}, starts[True] > starts[False])

    def apply(self, text: str) -> str:
        lower = text.lower()

        def form(m: re.Match) -> str:
            word = self.forms.get(m.group(), m.group())
            if self.capitals and initial(lower, m.start()):
                return word[0].upper() + word[1:]
            return word

        return WORD.sub(form, lower)

    def write(self, file: Path) -> None:
        file.write_text("".join(f"{w}\t{f}\n" for w, f in self.forms.items()), encoding="utf8")
