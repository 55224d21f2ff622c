"""Every file of a corpus of broken, hostile and merely odd pictures is either rendered or refused in words."""

import json
from pathlib import Path

import pytest

from rendering.imaging.encoding import Encoding
from rendering.imaging.errors import PictureError
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.pipeline.render import render
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened, identify
from rendering.imaging.recipe import Defaults, Recipe

CORPUS = Path(__file__).parents[5] / "shared" / "hardening"
INDEX = CORPUS / "index_public.json"
FILES = [file for file in json.loads(INDEX.read_text()) if file["tier"] == "core"] if INDEX.exists() else []
RECIPE = Recipe(Geometry(width=100, height=100), Encoding()).settled("any", Defaults())

#: Files that Pillow alone refuses, and that are read here, as browsers read them.
READ_ALL_THE_SAME = {
    "crafted-png-ztxt-x70-1MB.png",
    "libpng-empty-ancillary-chunks-bdc133.png",
    "pillow-pal8os2v2-16-8085c6.bmp",
    "pillow-rgb16-231-f8ae32.bmp",
    "pillow-rgb32-111110-5045e0.bmp",
    "pillow-rgba32abf-1d2183.bmp",
}

pytestmark = [
    pytest.mark.skipif(not FILES, reason="The corpus of hostile pictures is not beside this checkout"),
    # What Pillow's readers mumble about broken files.
    pytest.mark.filterwarnings("ignore"),
]


@pytest.mark.parametrize("expected", ["decodes", "must-reject", "either-but-no-crash"])
def test_every_file_is_rendered_or_refused(expected):
    wrong = []
    files = [file for file in FILES if file["expected"] == expected]
    assert files
    for file in files:
        content = (CORPUS / "corpus" / file["file"]).read_bytes()
        try:
            render(Opened(content, Limits()), RECIPE)
            outcome = "decodes"
        except PictureError:
            outcome = "must-reject"
        wanted = "decodes" if file["file"] in READ_ALL_THE_SAME else expected
        if wanted not in (outcome, "either-but-no-crash"):
            wrong.append((file["file"], file["special"], outcome))
    assert not wrong


def test_every_file_is_probed_or_refused():
    probed = 0
    for file in FILES:
        content = (CORPUS / "corpus" / file["file"]).read_bytes()
        try:
            picture = identify(Opened(content, Limits()))
        except PictureError:
            continue
        assert picture.width >= 1
        assert picture.height >= 1
        probed += 1
    assert 0 < probed < len(FILES)
