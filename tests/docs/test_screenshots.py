"""The pictures of the admin that the docs show: there, light and dark, small, and of pages that there are."""

import re

import pytest
from django.urls import resolve

from tests.docs import markdown
from tests.screenshots.pages import PAGES, SCHEMES, WIDTHS
from tests.tracked import ROOT, tracked

#: What all of them together may have in a checkout.
MOST_BYTES = 1_500_000
FOLDER = ROOT / "docs" / "pictures"
TEXTS = {name: (ROOT / name).read_text() for name in tracked("*.md")}
SHOWN = {found for text in TEXTS.values() for found in re.findall(r"pictures/([a-z]+-\d+-[a-z]+\.webp)", text)}


def test_each_is_there_light_and_dark_and_none_is_left_over():
    assert len(SHOWN) > 10
    there = {path.name for path in FOLDER.glob("*-*-*.webp")}
    assert there == SHOWN, "run make screenshots, and remove what no page shows"
    for name in SHOWN:
        page, width, scheme = name.removesuffix(".webp").split("-")
        assert page in PAGES
        assert int(width) in WIDTHS
        assert {f"{page}-{width}-{other}.webp" for other in SCHEMES} <= SHOWN, f"{scheme} alone"
    assert sum((FOLDER / name).stat().st_size for name in SHOWN) < MOST_BYTES


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_that_are_taken_exist(name: str):
    path = PAGES[name].path.format(alias=1, bucket=1).partition("?")[0]
    assert resolve(path).route is not None  # or it has raised Resolver404


def test_whoever_cannot_see_a_picture_is_told_what_it_shows():
    shown = [one for one in markdown.everything() if one.prose and one.text.startswith("<picture>")]
    assert len(shown) > 4
    for block in shown:
        assert re.search(r'<img alt="[^"]{20,}" src="', block.text), f"{block}: {block.text}"
