"""Qualities are the lowest that keep a target, with the encoders' settings of a request."""

import pytest
from msgspec.structs import replace
from PIL import Image

from rendering.imaging.encoding import FORMATS, Encoding
from rendering.imaging.errors import BadRecipe
from rendering.imaging.filters import FILTERS
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.pipeline.render import render
from rendering.imaging.quality import calibration
from rendering.imaging.quality.calibration import (
    HIGHEST,
    LOWEST,
    crop_middle,
    find_lowest,
    find_qualities,
    lossy_formats,
    measure,
    render_subject,
)
from rendering.imaging.quality.similarity import ssim
from rendering.imaging.reading.opened import Opened
from rendering.imaging.recipe import Defaults, Recipe
from tests.drawings import photograph, textured
from tests.rendering.imaging.pictures import LIMITS, animation, disc, near, saved, shown

LOSSY = ("jpeg", "webp", "avif")


AUTO = Encoding(format="auto")


def settled(filters: str = "", encoding: Encoding = AUTO, **geometry) -> Recipe:
    return Recipe(Geometry(**geometry), encoding, FILTERS.read(filters)).settled("any", Defaults())


@pytest.mark.parametrize("name", LOSSY)
@pytest.mark.parametrize("target", [0.9, 0.95])
def test_the_lowest_quality_that_keeps_the_target_is_found(name, target):
    picture, encoding = textured(), settled().encoding
    found = find_lowest(picture, FORMATS[name], encoding, target)
    assert found.ssim >= target
    assert LOWEST < found.quality < HIGHEST
    below = measure(picture, FORMATS[name], encoding, found.quality - 1)
    assert below.ssim < target
    assert measure(picture, FORMATS[name], encoding, found.quality) == found


@pytest.mark.parametrize("name", LOSSY)
def test_what_is_measured_is_what_a_request_is_answered_with(name):
    content, encoding = photograph(), Encoding(format=name)
    recipe = settled(encoding=encoding, width=120)
    found = find_lowest(render_subject(Opened(content, LIMITS), recipe), FORMATS[name], recipe.encoding, 0.93)
    derivative = render(Opened(content, LIMITS), settled(f"quality({found.quality})", encoding, width=120))
    assert len(derivative.content) == found.bytes
    assert ssim(render_subject(Opened(content, LIMITS), recipe), shown(derivative)) == pytest.approx(found.ssim)


def test_where_no_quality_keeps_the_target_the_highest_is_taken():
    found = find_lowest(textured(contrast=255), FORMATS["jpeg"], settled().encoding, 0.9999)
    assert found.quality == HIGHEST
    assert found.ssim < 0.9999


def test_a_further_picture_only_raises_what_the_ones_before_it_took():
    calm, wild = textured(contrast=20), textured(contrast=120)
    encoding = settled().encoding
    start = dict.fromkeys(LOSSY, LOWEST)
    alone = {
        name: {format_: one.quality for format_, one in find_qualities(picture, encoding, 0.9, start).items()}
        for name, picture in (("calm", calm), ("wild", wild))
    }
    both = find_qualities(wild, encoding, 0.9, alone["calm"])
    for name in LOSSY:
        assert both[name].quality == max(alone["calm"][name], alone["wild"][name])


@pytest.mark.parametrize(
    ("encoding", "filters", "formats"),
    [
        (Encoding(format="auto"), "", LOSSY),
        (Encoding(format="auto", offers=("webp",)), "", ("jpeg", "webp")),
        (Encoding(format="original"), "", LOSSY),
        (Encoding(format="webp"), "", ("webp",)),
        (Encoding(format="png"), "", ()),
        (Encoding(format="gif"), "", ()),
        (Encoding(format="png"), "format(avif)", ("avif",)),
    ],
)
def test_the_formats_that_a_recipe_can_end_in(encoding, filters, formats):
    assert lossy_formats(settled(filters, encoding).encoding) == formats


def test_the_subject_is_the_finished_picture():
    picture = render_subject(Opened(saved(disc(120, 80)), LIMITS), settled("grayscale()", width=60))
    assert (picture.size, picture.mode) == ((60, 40), "LA")


def test_of_an_animation_the_first_frame_is_measured():
    picture = render_subject(Opened(animation(3), LIMITS), settled())
    assert near(picture.convert("RGB").getpixel((30, 20)), (0, 255, 90))


def test_of_a_large_picture_the_middle_is_measured_at_its_own_scale(monkeypatch):
    image = Image.new("RGB", (400, 200), "white")
    image.paste("red", (100, 50, 300, 150))
    assert crop_middle(image) is image
    monkeypatch.setattr(calibration, "PIXELS", 20_000)
    assert crop_middle(image).getcolors() == [(20_000, (255, 0, 0))]


def test_a_picture_that_is_smaller_than_the_window_is_refused_in_words():
    with pytest.raises(BadRecipe, match="10 x 6 pixels; its visual quality can be measured from 11 x 11 pixels on"):
        render_subject(Opened(saved(textured(100, 60)), LIMITS), settled(width=10))


@pytest.mark.parametrize("name", LOSSY)
def test_transparent_parts_are_compared_as_they_look_on_the_background(name):
    """WebP and AVIF keep no colour where nothing is seen of it."""
    image = textured().convert("RGBA")
    image.putalpha(Image.new("L", image.size, 0))
    found = measure(image, FORMATS[name], replace(settled().encoding, background="c8c8c8"), 50)
    assert found.ssim == pytest.approx(1, abs=1e-3)


def test_a_bound_on_bytes_does_not_disturb_the_measuring():
    picture, encoding = textured(), settled().encoding
    bounded = replace(encoding, max_bytes=100)
    assert measure(picture, FORMATS["jpeg"], bounded, 90) == measure(picture, FORMATS["jpeg"], encoding, 90)
