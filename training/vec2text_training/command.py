"""From parsed arguments to the configuration of a command.

What a command does takes a frozen dataclass, so that it can be called from code and says what it
needs; only this module knows how a command line becomes one.
"""

import argparse
import logging
from collections.abc import Callable
from dataclasses import fields
from typing import TextIO, TypeVar

Options = TypeVar("Options")


def set_command(
    parser: argparse.ArgumentParser, run: Callable[[Options], None], options: type[Options]
) -> None:
    """Makes ``parser`` one of the command ``run``: its arguments are the fields of ``options``."""
    parser.set_defaults(command=lambda args: run(configured(options, args)))


def configured(options: type[Options], args: argparse.Namespace) -> Options:
    """The ``options`` that a command line asks for, each field by the argument of its name."""
    names = [f.name for f in fields(options)]  # type: ignore[arg-type]
    return options(**{name: getattr(args, name) for name in names})


def log_to(stream: TextIO) -> None:
    """Sends what the package logs to a stream, and nowhere else."""
    logger = logging.getLogger(__package__)
    logger.handlers = [logging.StreamHandler(stream)]
    logger.setLevel(logging.INFO)
    logger.propagate = False
