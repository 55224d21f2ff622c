"""What is done before a picture is reduced, and how much of it."""

import pytest
from PIL import Image

from benchmarks.fidelity.spaces import cicp, gama
from rendering.imaging.reading.checks import bytes_per_pixel
from rendering.imaging.reading.colour import codes, tones
from rendering.imaging.reading.colour.claims import space_of
from rendering.imaging.reading.colour.conversion import MANY, prepare
from rendering.imaging.reading.limits import Limits
from rendering.imaging.reading.opened import Opened

from ...colours import apart, png, seen
from ...pictures import gradient, made

PQ, HLG = space_of(codes.BT2020, codes.PQ), space_of(codes.BT2020, codes.HLG)


def fine(bright, mode="RGB"):
    """Black and white in turns, pixel by pixel."""
    image = Image.new("L", (64, 64))
    image.putdata([bright * ((x + y) % 2) for y in range(64) for x in range(64)])
    return image.convert(mode)


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize(
    ("chunk", "bright", "shown"),
    [(gama(1), 255, 255), (cicp(1, 8, 0, 1), 255, 255), (cicp(9, 16, 0, 1), 148, 188), (cicp(9, 18, 0, 1), 191, 188)],
    ids=["gAMA", "linear", "PQ", "HLG"],
)
def test_averages_are_those_of_what_is_shown(chunk, bright, shown, mode):
    derivative = made(png(chunk, image=fine(bright, mode)), width=16)
    assert apart(seen(derivative), [(shown / 2,) * 3]) <= 3


@pytest.mark.parametrize("colours", [PQ, HLG], ids=["PQ", "HLG"])
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_tones_of_large_pictures_are_mapped_when_they_are_smaller(colours, mode):
    large = gradient(2000, 1500).convert(mode)
    prepared, factor = prepare(large, colours, shrink=8)
    assert (factor, prepared.mode) == (2, mode)
    assert prepared.width * prepared.height <= MANY
    for shrink in (1, 3.9):  # there is too little left to reduce
        assert prepare(large, colours, shrink)[1] == 1
    assert prepare(large.resize((500, 400)), colours, shrink=20)[1] == 1


def test_alpha_has_no_levels():
    image = gradient().convert("RGBA")
    image.putalpha(100)
    for colours in (PQ, HLG, space_of(codes.BT709, 8)):
        prepared, _ = prepare(image, colours, 1)
        assert prepared.getchannel("A").getextrema() == (100, 100)
        assert prepared.getchannel("R").tobytes() != image.getchannel("R").tobytes()


def test_a_large_picture_is_shown_as_a_small_one():
    small = Image.new("RGB", (40, 40), (120, 90, 60))
    one = seen(made(png(cicp(9, 16, 0, 1), image=small), width=20))
    other = seen(made(png(cicp(9, 16, 0, 1), image=small.resize((1600, 1600))), width=20))
    assert apart(one, other) <= 1


def test_memory_is_reckoned_with_for_the_second_picture():
    plain, linear, mapped = (
        Opened(png(*chunks, image=gradient()), Limits()).header for chunks in ([], [gama(1)], [cicp(9, 18, 0, 1)])
    )
    assert bytes_per_pixel(linear, 1) == bytes_per_pixel(mapped, 1) == 2 * bytes_per_pixel(plain, 1)


def test_lookups_are_made_once():
    tones.profile_of.cache_clear()
    for _ in range(2):
        made(png(cicp(9, 16, 0, 1)))
    assert tones.profile_of.cache_info().misses == 1
