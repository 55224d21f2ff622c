"""What `make differential` asks, calls a difference and excuses. No Thumbor is needed for that."""

import contextlib
import re
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from benchmarks.differential import pictures, urls
from benchmarks.differential.__main__ import judged, table
from benchmarks.differential.compare import differences
from benchmarks.differential.excuses import EXCUSES
from benchmarks.differential.servers import Answer
from rendering.dialects.thumbor import read
from rendering.imaging.errors import BadRecipe
from rendering.imaging.filters import FILTERS
from rendering.imaging.reading.limits import Limits
from tests.docs import markdown
from tests.drawings import textured
from tests.tracked import ROOT


def answer(image: Image.Image, **options: object) -> Answer:
    file = BytesIO()
    image.save(file, "PNG", **options)
    return Answer(200, "image/png", file.getvalue())


SCENE = textured(160, 120)
MANY = urls.paths(3000, 1)


def test_a_seed_gives_the_same_urls_and_another_seed_others():
    assert urls.paths(300, 1) == urls.paths(300, 1)
    assert urls.paths(300, 1)[:200] == urls.paths(200, 1)
    assert len(set(urls.paths(300, 1)) & set(urls.paths(300, 2))) < 10


def test_every_filter_of_thumbor_is_asked_for_on_every_picture_in_urls_that_are_read():
    found = []
    for path in MANY:
        with contextlib.suppress(BadRecipe):  # a watermark without a path is refused
            found.append(read(path, Limits()))
    assert len(found) > 0.98 * len(MANY)
    assert {one.image for one in found} == {f"conf/{name}" for name in pictures.PICTURES}
    named = {call.filter.name for one in found for call in one.recipe.filters}
    assert named == set(urls.FILTERS)
    assert named < set(FILTERS)
    assert sum(bool(one.skipped) for one in found) > 100, "wrong spellings are asked for, too"


def test_the_originals_are_drawn(tmp_path):
    pictures.draw(tmp_path)
    for name in pictures.PICTURES:
        with Image.open(BytesIO((tmp_path / name).read_bytes())) as image:
            assert min(image.size) >= 60


def moved(by: int) -> Image.Image:
    image = SCENE.copy()
    ImageDraw.Draw(image).rectangle((20 + by, 20, 60 + by, 60), (255, 0, 0))
    return image


def clear(image: Image.Image, alpha: int) -> Image.Image:
    image = image.convert("RGBA")
    image.putalpha(alpha)
    return image


@pytest.mark.parametrize(
    ("theirs", "ours", "found"),
    [
        (answer(SCENE), answer(SCENE), []),
        (answer(SCENE), answer(SCENE.point(lambda level: min(255, level + 3))), []),
        (answer(SCENE), answer(SCENE.point(lambda level: min(255, level + 9))), ["pixels"]),
        (answer(moved(0)), answer(moved(0)), []),
        (answer(moved(0)), answer(moved(30)), ["pixels"]),
        (answer(SCENE), answer(SCENE.resize((161, 120))), ["size"]),
        (answer(SCENE), answer(clear(SCENE, 255)), []),
        (answer(SCENE), answer(clear(SCENE, 100)), ["alpha", "pixels"]),
        (answer(SCENE), Answer(200, "image/webp", answer(SCENE).body), ["type"]),
        (answer(Image.new("RGB", SCENE.size)), answer(SCENE), ["empty"]),
        (answer(SCENE), Answer(400), ["status"]),
        (Answer(500), answer(SCENE), ["status"]),
        (Answer(404), Answer(404), []),
    ],
)
def test_what_differs_is_told_and_what_scaling_and_encoding_explain_is_not(theirs, ours, found):
    assert differences(theirs, ours) == found


def test_a_difference_is_excused_only_where_an_excuse_says_so():
    other = answer(SCENE.point(lambda level: 255 - level))
    excused = judged("300x/filters:equalize()/conf/dark.jpg", answer(SCENE), other)
    new = judged("300x/conf/dark.jpg", answer(SCENE), other)
    agreed = judged("300x/filters:equalize()/conf/dark.jpg", answer(SCENE), answer(SCENE))
    assert [one.excuse and one.excuse.row for one in (excused, new, agreed)] == ["`equalize`", None, None]
    assert [one.new for one in (excused, new, agreed)] == [False, True, False]
    assert list(table([excused, agreed, new])) == [
        "     1 excused: `equalize` (D17)",
        "     3 new: pixels: 300x/conf/dark.jpg",
    ]


@pytest.mark.parametrize("statuses", [(200, 400), (200, 500), (200, 404), (400, 200)])
def test_no_excuse_hides_a_picture_that_is_lost(statuses):
    theirs, ours = (answer(SCENE) if status == 200 else Answer(status) for status in statuses)
    for path in urls.paths(300, 3):
        assert judged(path, theirs, ours).new


@pytest.mark.parametrize("excuse", EXCUSES, ids=lambda excuse: excuse.row)
def test_each_excuse_is_a_row_of_the_docs_and_has_its_decision(excuse):
    rows = [row[0] for row in markdown.table("docs/urls.md", "Where Thumbor URLs deviate")]
    assert excuse.row in rows
    assert re.search(rf"^### {excuse.decision} ", (ROOT / "docs/decisions.md").read_text(), re.MULTILINE)
    assert any(re.search(excuse.path, path) for path in MANY), "some URL is of this kind"
