"""Times the vec2text package's loop on a stand-in, every correction of 32 tokens, and says how much
memory it took.

    python training/tools/package_speed.py STANDIN TEXTS STEPSxBEAMS VECTORS-A-CALL THREADS

The other side is ``io.vec2text.bench.PublishedLoop`` of vec2text-bench, on the same weights,
converted, and the same texts, one a line. STANDIN is a directory that ``standins.py`` made; the
environment is that of ``package_parity.py``. A call warms up, on the first call's vectors; then all
are timed. Memory is VmHWM of the process; Linux only.
"""

import sys
import time
from pathlib import Path

import torch
from package_parity import Package, cosines

TOKENS = 32


def generate(package, vectors, steps, beams):
    package.corrector.return_best_hypothesis = beams > 1
    with torch.no_grad():
        return package.corrector.generate(
            inputs=dict(frozen_embeddings=vectors.clone()),
            num_recursive_steps=steps,
            sequence_beam_width=beams,
            generation_kwargs=dict(
                early_stopping=False,
                num_beams=1,
                do_sample=False,
                no_repeat_ngram_size=0,
                min_length=TOKENS,
                max_length=TOKENS + 1,
            ),
        )


def main():
    if len(sys.argv) != 6:
        raise SystemExit(__doc__)
    standin, texts, search, a_call, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    steps, beams = map(int, search.split("x"))
    package = Package(Path(standin))
    for recorder in package.recorders:
        recorder.listens = False
    lines = Path(texts).read_text(encoding="utf8").splitlines()
    vectors = torch.cat([package.embed_texts([line]) for line in lines])
    calls = vectors.split(int(a_call))
    generate(package, calls[0], steps, beams)
    started, cpu, found = time.time(), time.process_time(), []
    for call in calls:
        sequences = generate(package, call, steps, beams)
        found += [
            cosines(package.embed([s.tolist()]), v)[0] for s, v in zip(sequences, call, strict=True)
        ]
    seconds, cpu = (
        (t() - t0) / len(vectors) for t, t0 in ((time.time, started), (time.process_time, cpu))
    )
    peak = next(
        int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")
    )
    print(
        f"vec2text, {search}, {len(vectors)} vectors, {a_call} a call: {seconds:.3f} s a vector "
        f"(processor {cpu:.3f}), mean "
        f"cosine {sum(found) / len(found):.4f}, at most {peak / 1024:,.0f} MiB resident"
    )


if __name__ == "__main__":
    main()
