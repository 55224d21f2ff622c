"""The parts of our Markdown that claim to work: fenced blocks, code in lines, links, tables, each with its place.

A comment `<!-- not run: REASON -->` before a block says that it cannot be run on the machine of the tests, and why.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from tests.tracked import ROOT, tracked

PAGES = tuple(tracked("*.md"))
FENCE = re.compile(r" *```(?P<language>.*)")
MARK = re.compile(r" *<!-- not run: ?(?P<reason>.*?) ?-->$")
CODE = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")


#: Commands that serve until they are ended.
SERVE = {
    "make run",
    "IMAGE_HANDLER_BUCKETS=samples,brand ALLOW_UNSAFE_URL=true make run",
    "DIALECT=imagor THUMBOR_BUCKET=samples ALLOW_UNSAFE_URL=true make run",
}


@dataclass(frozen=True)
class Block:
    """Lines that stand together: what is between two fences, or a paragraph, a list or a table."""

    page: str
    #: Of its first line, counted from 1.
    line: int
    text: str
    #: The word behind the fence; None for what is in no fence.
    language: str | None = None
    #: Why it cannot be run here; None where it can.
    reason: str | None = None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def code(self) -> list[str]:
        """The code in its lines, outside of fences. In a table \\| stands for |."""
        return [span.replace("\n", " ").replace("\\|", "|") for span in CODE.findall(self.text)] if self.prose else []

    @property
    def links(self) -> list[str]:
        return LINK.findall(CODE.sub("", self.text)) if self.prose else []

    @property
    def commands(self) -> list[str]:
        """Its lines as a shell reads them: without comments, continued ones in one."""
        lines = self.text.replace("\\\n", " ").splitlines()
        return [
            " ".join(line.partition(" #")[0].split()) for line in lines if line.strip() and not line.startswith("#")
        ]

    @property
    def prose(self) -> bool:
        return self.language is None

    @property
    def rows(self) -> list[list[str]]:
        """The cells of a table's rows, without the head."""
        lines = [line for line in self.text.splitlines() if line.startswith("|")]
        return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


@cache
def blocks(page: str) -> tuple[Block, ...]:
    return tuple(read(page, (ROOT / page).read_text().splitlines()))


def read(page: str, lines: list[str]) -> Iterator[Block]:
    number, reason = 0, None
    while number < len(lines):
        first, line = number, lines[number]
        number += 1
        if fence := FENCE.fullmatch(line):
            while number < len(lines) and lines[number].strip() != "```":
                number += 1
            inner = lines[first + 1 : number]
            assert number < len(lines), f"{page}:{first + 1}: this fence is never closed"
            number += 1
            indented = len(line) - len(line.lstrip())
            text = "".join(f"{one[indented:]}\n" for one in inner)
            yield Block(page, first + 2, text, fence["language"].strip(), reason)
        elif mark := MARK.fullmatch(line):
            reason = mark["reason"]
            continue
        elif line.strip():
            while number < len(lines) and lines[number].strip() and not FENCE.fullmatch(lines[number]):
                number += 1
            yield Block(page, first + 1, "\n".join(lines[first:number]), None, reason)
        else:
            continue  # a blank line between a mark and its block
        reason = None


def everything() -> list[Block]:
    return [block for page in PAGES for block in blocks(page)]


def fenced(*languages: str) -> list[Block]:
    return [block for block in everything() if block.language in languages]


def table(page: str, heading: str) -> list[list[str]]:
    """The rows of the first table below a heading."""
    found = iter(blocks(page))
    next(block for block in found if block.prose and re.match(rf"#+ {re.escape(heading)}$", block.text))
    return next(block.rows for block in found if block.rows)
