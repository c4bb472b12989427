"""Text of e-mails: folders of RFC 822 files to paragraphs, one a line, without headers, quotations
and signatures.
"""

import argparse
import email.policy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

from .command import set_command

_QUOTED = re.compile(r"\s*([>|}]|On .* wrote:$|-{5,})")
_LINK = re.compile(r"https?://|www\.")


def paragraphs(data: bytes) -> Iterator[str]:
    """The paragraphs of a message's plain text."""
    message = message_from_bytes(data, policy=email.policy.default)
    part = message.get_body(preferencelist=("plain",))
    if part is None:
        return
    try:
        text = part.get_content()
    except (LookupError, UnicodeError, KeyError):
        return  # a character set that does not exist
    lines = []
    for line in [*text.split("\n-- \n")[0].splitlines(), ""]:
        line = line.strip()
        if line and not _QUOTED.match(line) and not _LINK.search(line):
            lines.append(line)
        elif lines:
            yield " ".join(" ".join(lines).split())
            lines = []


@dataclass(frozen=True, kw_only=True)
class MailFolders:
    """Folders whose files are e-mails, and the text file to write."""

    folders: Sequence[Path]
    output: Path


def write(options: MailFolders) -> None:
    seen, count = set(), 0
    with open(options.output, "w", encoding="utf8") as out:
        for folder in options.folders:
            for file in sorted(folder.iterdir()):
                for paragraph in paragraphs(file.read_bytes()):
                    # Footers of lists stand in every message.
                    if (
                        paragraph not in seen
                        and sum(c.isalpha() or c == " " for c in paragraph)
                        > 0.8 * len(paragraph)
                        > 8
                    ):
                        seen.add(paragraph)
                        out.write(paragraph + "\n")
                        count += 1
    print(count, "paragraphs")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folders", type=Path, nargs="+", help="folders whose files are e-mails")
    parser.add_argument("--output", type=Path, required=True, help="text file, a paragraph a line")
    set_command(parser, write, MailFolders)
