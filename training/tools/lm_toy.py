"""Makes the toy language model that the tests of ``vec2text-lm`` attack, and what must come out.

    python training/tools/lm_toy.py vec2text-lm/src/test/resources/io/vec2text/lm/toy

Its weights are drawn, not learned: a state depends on every word of a prompt and on their order,
which is all that the tests need. DIR gets the package, and ``expected.json``: prompts, their states
and log-probabilities by PyTorch, over the whole text without a cache.
"""

import itertools
import json
import random
import sys
from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

sys.path.insert(0, str(Path(__file__).parents[1]))
from vec2text_training.causal import (  # noqa: E402
    CausalConfig,
    CausalFile,
    CausalModel,
    Template,
)
from vec2text_training.causal_package import (  # noqa: E402
    LanguageModelJob,
    encoder,
    package,
)

VOCABULARY = 420
CONFIG = CausalConfig(
    width=24,
    vocabulary=VOCABULARY,
    layers=2,
    heads=4,
    key_heads=2,
    inner=48,
    rope_base=10000.0,
    epsilon=1e-5,
    context=64,
)
TEMPLATE = Template("<|begin|>user\n", "<|end|>\n<|begin|>assistant\n")
VERBS = "write explain translate describe summarize list compare find".split()
OBJECTS = "a poem|the news|this letter|a recipe|the weather|two rivers|my garden|an old song".split(
    "|"
)
ENDS = (
    "for a child|in French|with three examples|in one sentence|about the sea|for my mother".split(
        "|"
    )
)
EXPECTED = ["Write a poem about the sea.", "list", "Compare two rivers: in 2 sentences?"]


def prompts() -> list[str]:
    made = [f"{v} {o} {e}" for v, o, e in itertools.product(VERBS, OBJECTS, ENDS)]
    random.Random(1).shuffle(made)
    return [m[0].upper() + m[1:] + "." if i % 2 else m for i, m in enumerate(made)]


def toy_tokenizer(texts: list[str]) -> Tokenizer:
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
        ]
    )
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - 2,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(texts, trainer)
    made.add_special_tokens(
        [AddedToken(t, special=True, normalized=False) for t in ("<|begin|>", "<|end|>")]
    )
    return made


def main() -> None:
    folder = Path(sys.argv[1])
    torch.manual_seed(1)
    torch.set_num_threads(1)
    texts = prompts()
    tokenizer = toy_tokenizer(texts)
    size = tokenizer.get_vocab_size()
    assert size <= VOCABULARY, size
    model = CausalModel(CONFIG).eval()
    with torch.no_grad():
        model.words.weight.normal_(0, 1)
        model.output.normal_(0, 0.4)
        for layer in model.layers:
            for part in (layer.q, layer.k, layer.v, layer.o, layer.gate, layer.up, layer.down):
                part.weight.normal_(0, 1.2 * part.in_features**-0.5)
    source = CausalFile("toy", "Apache-2.0", model, tokenizer, TEMPLATE)
    package(
        source,
        texts,
        LanguageModelJob(
            gguf=Path("toy"),
            text=[],
            output=folder,
            prompts=300,
            max_tokens=40,
            model_id="vec2text/toy-language-model",
            bare=False,
        ),
    )
    encode = encoder(tokenizer)
    rows = []
    for prompt in EXPECTED:
        ids = encode(TEMPLATE.before + prompt + TEMPLATE.after)
        with torch.no_grad():
            state = model(torch.tensor([ids]))[0][0, -1]
            logs = model.log_probabilities(state)
        rows.append(
            dict(
                prompt=prompt,
                ids=encode(prompt),
                state=[round(float(x), 6) for x in state],
                logProbabilities=[round(float(x), 6) for x in logs],
            )
        )
    (folder / "expected.json").write_text(json.dumps(rows) + "\n", encoding="utf8")
    (folder / "prompts.txt").write_text("".join(t + "\n" for t in texts), encoding="utf8")


if __name__ == "__main__":
    main()
