"""Draws the texts from which bridges to other embedders are learned, one a line.

Whole sentences of every length bucket, and passages of several sentences; of each file as many as
its share says. No sentence has the normal form of an evaluation text; passages are of other
articles than those.
"""

import argparse
import random
from pathlib import Path

from vec2text_training.corpus import (
    BUCKETS,
    Normaliser,
    choose,
    collect_forms,
    sentences,
)
from vec2text_training.fingerprint import draw

PARAGRAPHS = 150_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text", type=Path, nargs="+")
    parser.add_argument("--shares", type=float, nargs="+", required=True)
    parser.add_argument("--exclude", type=Path, nargs="+", required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--passages", type=float, default=0.1, help="share of passages")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    rng = random.Random(0)
    normalise = Normaliser(options.tokenizer)
    known = collect_forms(options.exclude, normalise)
    chosen: list[str] = []
    for path, share in zip(options.text, options.shares, strict=True):
        count = round(options.count * share)
        passages = round(count * options.passages)
        paragraphs = draw(path, PARAGRAPHS, rng)
        some = [s for p in paragraphs for s in sentences(p)]
        rng.shuffle(some)
        per_bucket = -(-(count - passages) // len(BUCKETS))
        by_length = choose(some[: 12 * count], normalise, known, BUCKETS, per_bucket)
        texts = [t for texts in by_length.values() for t in texts][: count - passages]
        for paragraph in paragraphs:
            if len(texts) >= count:
                break
            parts = sentences(paragraph)
            n = rng.randint(2, 5)
            if len(parts) >= n:
                start = rng.randint(0, len(parts) - n)
                passage = " ".join(parts[start : start + n])
                if len(passage) <= 600:
                    texts.append(passage)
        chosen += texts
    rng.shuffle(chosen)
    options.output.write_text("\n".join(chosen) + "\n", encoding="utf8")
    print(f"{options.output}: {len(chosen):,} texts")


if __name__ == "__main__":
    main()
