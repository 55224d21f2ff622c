"""The report of a comparison: a page with the pictures of both services side by side, in a folder of its own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from .asking import Answer
from .differences import Kind, Pair, words

#: What the files of pictures are called. Others, such as SVG, which may hold scripts, are not written.
ENDINGS = {
    "image/avif": "avif",
    "image/gif": "gif",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
}
PAGE = "index.html"


class NotWritten(Exception):
    """The message is a sentence for those who run the command."""


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Write into the folder of a report meanwhile. Raises NotWritten where that fails."""
    try:
        yield
    except OSError as error:
        raise NotWritten(f"The folder {folder} cannot be written: {error.strerror}.") from error


def prepare(folder: Path) -> None:
    """Make the folder. Raises NotWritten if it holds anything, or cannot be made."""
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise NotWritten(f"The folder {folder} is not empty; name a new one for the report.")
        for name in ("old", "new"):
            (folder / name).mkdir()


def write(
    folder: Path, rows: Sequence[dict[str, Any]], services: tuple[str, str], counts: Sequence[tuple[str, int]]
) -> Path:
    """Write the page with these rows. Returns its path. Raises NotWritten."""
    context = {"rows": rows, "old": services[0], "new": services[1], "counts": counts}
    page = folder / PAGE
    text = render_to_string("aliases/comparison.html", context)
    with writing(folder):
        page.write_text(text, encoding="utf-8", errors="replace")
    return page


def row(folder: Path, number: int, pair: Pair) -> dict[str, Any]:
    """What the page says of a pair, whose pictures are written now: memory could not hold those of all pairs. Raises
    NotWritten."""
    pictures = [picture(folder, name, number, answer) for name, answer in (("old", pair.old), ("new", pair.new))]
    said = any(one.kind is Kind.PIXELS for one in pair.differences)
    alike = words(pair.compared) if pair.compared and not said else ""
    return {"number": number, "path": pair.path, "differences": pair.differences, "alike": alike, "pictures": pictures}


def picture(folder: Path, name: str, number: int, answer: Answer) -> dict[str, Any]:
    """Write the picture of an answer, if it is one that browsers show without harm."""
    ending = ENDINGS.get(answer.type) if answer.picture and answer.content else None
    shown = f"{name}/{number:04}.{ending}" if ending else ""
    if shown:
        with writing(folder):
            (folder / shown).write_bytes(answer.content)
    said = answer.failure or f"{answer.status} {answer.type}, {len(answer.content):,} bytes"
    return {"name": name, "src": shown, "said": said}
