"""``python -m vec2text_training COMMAND``: package, corpus, sample, excerpt, generate, mail, views,
given, bridge, bag, train, adapt, prefix, export, trigrams, words, fingerprint, verify, restore,
convert, lm-package, lm-prompts, lm-states, pack, unpack.
"""

import argparse
import sys
from collections.abc import Sequence

from . import (
    adapt,
    bridge,
    causal_package,
    convert,
    corpus,
    export,
    fingerprint,
    generated,
    mail,
    package,
    prefix,
    train,
    transfer,
    trigrams,
    verify,
    views,
    words,
)
from .command import log_to


def main(argv: Sequence[str] | None = None) -> None:
    """Runs one command; results go to standard output, the log to standard error."""
    parser = argparse.ArgumentParser(prog="vec2text_training", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    package.add_arguments(
        commands.add_parser(
            "package", help="an embedder's graph and text files to a verified package"
        )
    )
    corpus.add_arguments(commands.add_parser("corpus", help="text files to token sets"))
    corpus.add_sample_arguments(commands.add_parser("sample", help="training sentences as text"))
    corpus.add_excerpt_arguments(
        commands.add_parser("excerpt", help="evaluation texts that occur in no training set")
    )
    generated.add_arguments(
        commands.add_parser("generate", help="made-up sentences of names, numbers, dates and codes")
    )
    mail.add_arguments(commands.add_parser("mail", help="paragraphs of e-mails"))
    views.add_arguments(
        commands.add_parser("views", help="texts as another embedder's mapped vectors show them")
    )
    views.add_given_arguments(
        commands.add_parser("given", help="texts with vectors that they have already")
    )
    bridge.add_arguments(
        commands.add_parser("bridge", help="learn a package's bridge anew, from more texts")
    )
    train.add_bag_arguments(commands.add_parser("bag", help="train the bag of words and lengths"))
    train.add_arguments(commands.add_parser("train", help="train encoder and decoder"))
    adapt.add_arguments(
        commands.add_parser("adapt", help="a checkpoint for another embedder, to be trained on")
    )
    prefix.add_arguments(
        commands.add_parser(
            "prefix", help="train and export the baseline that sees the vector once"
        )
    )
    export.add_arguments(commands.add_parser("export", help="a checkpoint to a model package"))
    trigrams.add_arguments(
        commands.add_parser("trigrams", help="add the language's trigram model to a package")
    )
    words.add_arguments(
        commands.add_parser("words", help="add what each word adds to a vector to a package")
    )
    fingerprint.add_arguments(
        commands.add_parser(
            "fingerprint", help="add how the embedder's vectors are distributed to a package"
        )
    )
    verify.add_arguments(commands.add_parser("verify", help="put a model package to the test"))
    export.add_restore_arguments(
        commands.add_parser("restore", help="a model package back to a checkpoint")
    )
    convert.add_arguments(
        commands.add_parser("convert", help="a published vec2text checkpoint to a model package")
    )
    causal_package.add_arguments(
        commands.add_parser("lm-package", help="a language model's GGUF file to a package")
    )
    causal_package.add_prompts_arguments(
        commands.add_parser("lm-prompts", help="prompts to learn a language model's space from")
    )
    causal_package.add_states_arguments(
        commands.add_parser("lm-states", help="a language model's states after prompts")
    )
    transfer.add_pack_arguments(
        commands.add_parser("pack", help="files to pieces for a machine without network")
    )
    transfer.add_unpack_arguments(commands.add_parser("unpack", help="pieces back to files"))
    args = parser.parse_args(argv)
    log_to(sys.stderr)
    args.command(args)


if __name__ == "__main__":
    main()
