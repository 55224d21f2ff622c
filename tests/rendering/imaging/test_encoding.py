import json
from pathlib import Path

import pytest

from rendering.imaging.encoding import (
    FORMATS,
    NEGOTIATED,
    ORIGINAL,
    Encoding,
    accept_class,
    better_options,
    choose,
    options,
)
from tests.drawings import textured

from .pictures import saved

#: What the edge's function is held to as well, in tests/edge/viewer_request.test.mjs.
ACCEPT = json.loads((Path(__file__).parents[2] / "accept.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("header", "accept"),
    [pytest.param(case["accept"], case["class"], id=case["why"]) for case in ACCEPT],
)
def test_an_accept_header_belongs_to_one_of_three_classes(header, accept):
    assert accept_class(header) == accept


def test_an_accept_header_is_read_in_linear_time():
    # A reader that looks back would take hours for this, not the moment it takes.
    assert accept_class("image/webp;q=0." * 100_000) == "any"
    assert accept_class("image/webp;" + " " * 1_000_000 + "q=1") == "webp"
    assert accept_class("," * 1_000_000) == "any"


@pytest.mark.parametrize(
    ("wanted", "accept", "original", "alpha", "animated", "chosen"),
    [
        ("png", "any", "jpeg", False, False, "png"),
        ("jpeg", "any", "gif", True, True, "jpeg"),
        (ORIGINAL, "any", "jpeg", False, False, "jpeg"),
        (ORIGINAL, "any", "webp", True, False, "webp"),
        (ORIGINAL, "any", "avif", False, False, "avif"),
        (ORIGINAL, "any", "gif", False, True, "gif"),
        (ORIGINAL, "any", "tiff", False, False, "png"),
        (NEGOTIATED, "any", "tiff", False, False, "jpeg"),
        (ORIGINAL, "any", "heif", False, False, "jpeg"),
        (ORIGINAL, "any", "tiff", True, False, "png"),
        (ORIGINAL, "any", "ico", True, False, "png"),
        (ORIGINAL, "any", "bmp", False, False, "jpeg"),
        (NEGOTIATED, "avif", "jpeg", False, False, "avif"),
        (NEGOTIATED, "webp", "png", True, False, "webp"),
        (NEGOTIATED, "any", "jpeg", False, False, "jpeg"),
        (NEGOTIATED, "any", "jpeg", True, False, "png"),
        (NEGOTIATED, "any", "png", False, False, "png"),
        (NEGOTIATED, "any", "gif", True, False, "gif"),
        (NEGOTIATED, "any", "webp", True, False, "png"),
        (NEGOTIATED, "any", "avif", False, False, "jpeg"),
        (NEGOTIATED, "avif", "gif", False, True, "webp"),
        (NEGOTIATED, "webp", "gif", False, True, "webp"),
        (NEGOTIATED, "any", "gif", False, True, "gif"),
        (NEGOTIATED, "any", "webp", True, True, "gif"),
        (NEGOTIATED, "any", "png", True, True, "png"),
    ],
)
def test_the_format_follows_from_the_recipe_the_browser_and_the_picture(
    wanted, accept, original, alpha, animated, chosen
):
    encoding = Encoding(format=wanted, accept=accept)
    assert choose(encoding, original, alpha, animated) is FORMATS[chosen]


@pytest.mark.parametrize("accept", ["avif", "webp", "any"])
@pytest.mark.parametrize("original", ["jpeg", "png", "webp", "avif", "gif", "tiff", "bmp", "ico"])
def test_negotiation_never_loses_transparency_or_movement(accept, original):
    encoding = Encoding(format=NEGOTIATED, accept=accept)
    assert choose(encoding, original, alpha=True, animated=False).alpha
    assert choose(encoding, original, alpha=True, animated=True).animated


@pytest.mark.parametrize("name", FORMATS)
def test_each_lossy_format_is_given_its_own_quality(name):
    encoding = Encoding(jpeg_quality=11, webp_quality=12, avif_quality=13)
    expected = {"jpeg": 11, "webp": 12, "avif": 13}
    assert options(FORMATS[name], encoding, pixels=1, animated=False).get("quality") == expected.get(name)


@pytest.mark.parametrize(
    ("pixels", "length", "fitted", "again"),
    [(90 * 90, 2_000, True, False), (800 * 600, 100_000, False, False), (800 * 600, 40_000, False, True)],
    ids=["small", "detailed", "smooth"],
)
def test_the_code_of_a_jpeg_is_fitted_to_it_where_that_saves_much(pixels, length, fitted, again):
    told = options(FORMATS["jpeg"], Encoding(jpeg_quality=80), pixels, animated=False)
    assert told["optimize"] is fitted
    assert better_options(FORMATS["jpeg"], told, pixels, length) == (told | {"optimize": True} if again else None)
    assert better_options(FORMATS["webp"], {"quality": 80}, pixels, 1) is None


def test_a_large_avif_is_encoded_at_the_speed_that_its_options_name():
    picture = textured(800, 600)
    said = options(FORMATS["avif"], Encoding(avif_quality=60), 800 * 600, animated=False)
    assert saved(picture, "AVIF", **said) == saved(picture, "AVIF", quality=60, max_threads=1, speed=9)
