"""Writes the contents of decisions.md from its headings: `python -m docs.make_decisions`.

`tests/test_docs.py` fails when the contents are not what this would write.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

DECISIONS = Path(__file__).parent / "decisions.md"
BEGIN = "<!-- Written by `make docs` (docs/make_decisions.py) from the headings below. Do not edit. -->\n"
END = "<!-- As far as here. -->\n"
HEADING = re.compile(r"### D(?P<number>[1-9]\d*) \((?P<date>\d{4}-\d\d-\d\d)\): (?P<title>\S.*\S)")


@dataclass(frozen=True)
class Decision:
    number: int
    date: date
    title: str
    heading: str


@dataclass(frozen=True)
class Room:
    name: str
    decisions: list[Decision] = field(default_factory=list)


def rooms(text: str) -> list[Room]:
    """The rooms below the contents with their decisions, in the document's order.

    Raises SystemExit where a heading is not of the form `### D17 (2026-11-22): Title`.
    """
    return list(_rooms(split(text)[2]))


def _rooms(below: str) -> Iterator[Room]:
    room = Room("")
    for line in below.splitlines():
        if line.startswith("## "):
            room = Room(line.removeprefix("## "))
            yield room
        elif line.startswith("#"):
            found = HEADING.fullmatch(line)
            if not found:
                raise SystemExit(f"{DECISIONS.name}: write “{line}” as “### D17 (2026-11-22): Title”")
            day = date.fromisoformat(found["date"])
            room.decisions.append(Decision(int(found["number"]), day, found["title"], line))


def contents(text: str) -> str:
    parts = []
    for room in rooms(text):
        links = [f"- [D{one.number}: {one.title}](#{anchor(one.heading)})\n" for one in room.decisions]
        parts.append(f"**[{room.name}](#{anchor(room.name)})**\n\n{''.join(links)}")
    return "\n".join(parts)


def anchor(heading: str) -> str:
    """The name that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lstrip("# ").lower()).replace(" ", "-")


def split(text: str) -> tuple[str, str, str]:
    """What precedes the contents, the contents, and what follows them."""
    before, begin, rest = text.partition(BEGIN)
    within, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{DECISIONS.name} has lost the comments around its contents")
    return before, within, after


def written(text: str) -> str:
    """The document with the contents as they should be."""
    before, _, after = split(text)
    return f"{before}{BEGIN}\n{contents(text)}\n{END}{after}"


if __name__ == "__main__":
    DECISIONS.write_text(written(DECISIONS.read_text()))
