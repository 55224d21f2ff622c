"""Writes the rooms of the house into architecture.md: `python -m docs.make_rooms`. `make rooms` prints them.

A room is a folder with an `__init__.py`. The first line of its docstring says what lives there; the first sentence of a
module's docstring says what that module is for.
`tests/test_house.py` fails when the document is not what this would write.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ARCHITECTURE = ROOT / "docs/architecture.md"
#: The rooms at the top level, in the order in which one visits them.
HOUSE = ("imageservice", "rendering", "aliases", "deploy", "edge")
#: Folders without rooms: Django names them, or they hold no code.
UNLISTED = {"migrations", "static", "templates", "model", "__pycache__"}
WIDTH = 26


def rooms(folder: Path) -> Iterator[Path]:
    """The folder and the rooms in it, depth first, in alphabetical order."""
    yield folder
    for inner in sorted(path for path in folder.iterdir() if path.is_dir() and path.name not in UNLISTED):
        if (inner / "__init__.py").exists():
            yield from rooms(inner)


def modules(room: Path) -> list[Path]:
    return sorted(path for path in room.glob("*.py") if path.stem != "__init__")


def docstring(module: Path) -> str:
    return ast.get_docstring(ast.parse(module.read_text())) or ""


def first_line(module: Path) -> str:
    return docstring(module).partition("\n")[0]


def first_sentence(module: Path) -> str:
    paragraph = " ".join(docstring(module).partition("\n\n")[0].split())
    return re.split(r"(?<=\.) (?=[A-Z])", paragraph)[0]


def tree() -> Iterator[str]:
    """One line a room."""
    for name in HOUSE:
        for room in rooms(ROOT / name):
            depth = len(room.relative_to(ROOT).parts) - 1
            label = f"{'    ' * depth}{room.name}/"
            yield f"{label:<{WIDTH}} {first_line(room / '__init__.py')}".rstrip()


def index() -> Iterator[str]:
    """Every module under its room, in Markdown."""
    for name in HOUSE:
        for room in rooms(ROOT / name):
            if inside := modules(room):
                yield f"\n**{room.relative_to(ROOT).as_posix()}/**\n"
                yield from (f"- `{module.name}`: {first_sentence(module)}" for module in inside)


def written(text: str) -> str:
    """The document with both lists as they should be."""
    for mark, lines in (("tree", ["```text", *tree(), "```"]), ("index", list(index()))):
        begin, end = f"<!-- {mark}: written by `make docs` (docs/make_rooms.py) -->\n", f"<!-- end of {mark} -->\n"
        before, found, rest = text.partition(begin)
        _, closed, after = rest.partition(end)
        if not found or not closed:
            raise SystemExit(f"{ARCHITECTURE.name} has lost the comments around its {mark}")
        text = before + begin + "\n" + "\n".join(lines).strip("\n") + "\n\n" + end + after
    return text


if __name__ == "__main__":
    if "--print" in sys.argv:
        sys.stdout.writelines(f"{line}\n" for line in tree())
    else:
        ARCHITECTURE.write_text(written(ARCHITECTURE.read_text()))
