"""Writes the snippets in urls.md from those that the admin shows of each alias: `python -m docs.make_snippets`.

`tests/test_docs.py` fails when they are not what this would write. The aliases are those of the demo.
"""

import os
from pathlib import Path

from aliases.snippets import pages, signing
from aliases.snippets.picture import Picture, Snippet
from rendering.catalogue.alias import Alias
from rendering.imaging.encoding import Encoding
from rendering.imaging.focus.smart import Smart
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe

URLS = Path(__file__).parent / "urls.md"
BEGIN = "<!-- Written by `make docs` (docs/make_snippets.py) from aliases/snippets: {}. Do not edit. -->\n"
END = "<!-- As far as here. -->\n"
BASE = "https://images.example.com"

ICON = Alias("profile-image/ios", 1, "samples", Recipe(Geometry(90, 90, smart=Smart()), Encoding("png")), dprs=(2, 3))
HERO = Alias("hero", 1, "samples", Recipe(Geometry(960, 360), Encoding("auto")), widths=(320, 640))


def sections() -> dict[str, str]:
    """The snippets by the word at their beginning in the document."""
    icon = Picture.of(BASE, ICON, "people/astronaut.jpg")
    hero = Picture.of(BASE, HERO, "space/hubble.jpg")
    return {
        "ratios": fenced(pages.in_pages(icon)[:1]),
        "widths": fenced(pages.in_pages(hero)[:1]),
        "others": "\n".join(
            f"{one.title.replace('<picture>', '`<picture>`')}:\n\n{fenced([one])}" for one in pages.in_pages(hero)[1:]
        ),
        "signatures": fenced(signing.signing(icon)),
    }


def fenced(snippets: list[Snippet]) -> str:
    return "\n".join(f"```{one.language}\n{one.code}```\n" for one in snippets)


def written(text: str) -> str:
    """The document with the snippets as they should be."""
    for word, section in sections().items():
        before, begin, rest = text.partition(BEGIN.format(word))
        _, end, after = rest.partition(END)
        if not begin or not end:
            raise SystemExit(f"{URLS.name} has lost the comments between which the snippets of {word} stand")
        text = f"{before}{begin}\n{section}\n{end}{after}"
    return text


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imageservice.settings")
    URLS.write_text(written(URLS.read_text()))
