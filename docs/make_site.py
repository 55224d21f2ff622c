"""Copies what the site of the documentation is built from, the same Markdown that a repository shows: `make site`.

MkDocs then builds the pages that `mkdocs.yml` names. Nothing is rewritten: links between pages, also to those outside
of `docs/`, are the same in both. A dead link ends it.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = ROOT / "mkdocs.yml"
#: What is shown, not followed.
CODE = re.compile(r"^ *```.*?^ *```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
#: What leads to another file of the repository: links and pictures in Markdown, and elements of HTML.
LINK = re.compile(r"""(?:\]\(|(?:src|srcset|href)=")(?!\w+:|#)([^)"#\s]+)""")


class DeadLink(Exception):
    """A page links to a file that is not in the repository."""


def pages(nav: object) -> Iterator[str]:
    """The pages that a navigation names, whose sections may be nested."""
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, dict):
        for inner in nav.values():
            yield from pages(inner)
    elif isinstance(nav, list):
        for inner in nav:
            yield from pages(inner)


def linked(page: Path) -> Iterator[Path]:
    """The files that a page of Markdown links to. Raises DeadLink."""
    for link in LINK.findall(CODE.sub("", page.read_text())):
        path = (page.parent / link).resolve()
        if not path.exists() or not path.is_relative_to(ROOT):
            raise DeadLink(f"{page.relative_to(ROOT)} links to {link}, which is not in the repository.")
        if path.is_file():
            yield path


def files(first: list[Path]) -> list[Path]:
    """The pages, and whatever they or pages that they link to lead to."""
    found: list[Path] = []
    left = list(first)
    while left:
        path = left.pop()
        if path in found:
            continue
        found.append(path)
        if path.suffix == ".md":
            left += linked(path)
    return sorted(found)


def copy(to: Path) -> None:
    """Copy what the site consists of into a folder, which is emptied before."""
    shutil.rmtree(to, ignore_errors=True)
    settings = yaml.load(SETTINGS.read_text(), Loader=yaml.BaseLoader)  # noqa: S506  it makes nothing but text
    for path in files([ROOT / page for page in pages(settings["nav"])]):
        copied = to / path.relative_to(ROOT)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copied)


def slug(text: str, separator: str) -> str:
    """The anchor of a heading, as GitHub makes it, so that links to sections are the same on both."""
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", separator)


if __name__ == "__main__":
    try:
        copy(ROOT / "build/site/pages")
    except DeadLink as dead:
        sys.exit(str(dead))
