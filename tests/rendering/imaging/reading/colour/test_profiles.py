"""Colour profiles are carried out and left out."""

import logging
from itertools import product
from struct import pack

import pytest
from PIL import Image, ImageCms

from benchmarks.fidelity.icc import adobe_rgb, grey_gamma, print_cmyk, profile
from rendering.imaging.reading.colour.profiles import cached_transform
from rendering.imaging.reading.limits import LARGEST_PROFILE

from ...colours import DISPLAY_P3, apart, bars, iccp, png, seen
from ...pictures import SRGB, made, near, saved, shown


def adobe_like():
    """A profile whose red is much redder than sRGB's: sRGB's own with two primaries exchanged."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = (profile.index(tag, 128) for tag in (b"rXYZ", b"gXYZ"))
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)


def luma_and_chroma():
    """A profile for RGB whose three channels are luma and two chromas, so that noughts are a lively green."""
    grid = bytearray()
    for luma, blue, red in product((0, 1), repeat=3):
        grid += pack(">HHH", luma * 0xFF00, 0x8000 + (red * 2 - 1) * 0x3000, 0x8000 + (blue * 2 - 1) * 0x3000)
    ramp = pack(">HH", 0, 65535)
    one = b"".join(pack(">i", round(value * 65536)) for value in (1, 0, 0, 0, 1, 0, 0, 0, 1))
    table = b"mft2" + bytes(4) + bytes([3, 3, 2, 0]) + one + pack(">HH", 2, 2) + ramp * 3 + bytes(grid) + ramp * 3
    return profile(b"scnr", b"RGB ", b"Lab ", {b"A2B0": table, b"A2B1": table}, version=2)


@pytest.mark.parametrize("pillow", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_a_profile_is_carried_out_and_left_out(pillow):
    original = Image.new("RGB", (16, 16), (200, 30, 30))
    derivative = shown(made(saved(original, pillow, icc_profile=adobe_like(), quality=95)))
    red, green, blue = derivative.getpixel((8, 8))
    assert green > 190 > 60 > red, (red, green, blue)
    assert "icc_profile" not in derivative.info


def test_a_profile_is_carried_out_beside_alpha():
    original = Image.new("RGBA", (16, 16), (200, 30, 30, 100))
    red, green, _, alpha = shown(made(saved(original, icc_profile=adobe_like()))).getpixel((8, 8))
    assert green > red
    assert alpha == 100


def test_srgb_by_any_name_changes_nothing():
    assert cached_transform(SRGB, "RGB") is None
    assert cached_transform(SRGB, "L") is None
    assert cached_transform(adobe_like(), "RGB") is not None


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        (b"garbage", "cannot be used"),
        (SRGB[:300], "cannot be used"),
        (SRGB[:132] + bytes(len(SRGB)), "cannot be used"),
        (SRGB + bytes(LARGEST_PROFILE), "bytes"),
        (ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(), "on a picture in RGB"),
    ],
)
def test_a_profile_that_cannot_be_used_is_ignored_and_logged(profile, said, caplog):
    cached_transform.cache_clear()
    original = Image.new("RGB", (16, 16), (200, 30, 30))
    with caplog.at_level(logging.WARNING):
        derivative = shown(made(saved(original, "JPEG", quality=95, icc_profile=profile)))
    assert near(derivative.getpixel((8, 8)), (200, 30, 30), 3)
    assert said in caplog.text


@pytest.mark.parametrize("pillow", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_profile_of_some_megabytes_is_carried_out(pillow):
    large = DISPLAY_P3 + bytes(3_000_000)
    large = len(large).to_bytes(4, "big") + large[4:]
    content = saved(bars(), pillow, icc_profile=large, **({"quality": 98} if pillow in ("JPEG", "WEBP") else {}))
    assert len(content) > 2000
    assert apart(seen(made(content)), seen(made(png(iccp(DISPLAY_P3))))) <= 3


def test_greys_are_converted_from_a_profile_for_colours():
    original = Image.new("L", (16, 16), 100)
    for pillow in ("JPEG", "PNG"):
        assert seen(made(saved(original, pillow, icc_profile=SRGB))) == [(100, 100, 100)]
        assert shown(made(saved(original, pillow, icc_profile=SRGB))).mode == "L"
    dark = Image.new("L", (16, 16), 17)
    for pillow in ("JPEG", "PNG"):
        assert apart(seen(made(saved(dark, pillow, icc_profile=adobe_rgb()))), [(9, 9, 9)]) <= 1
    # Its greens are greys.
    tinted = seen(made(saved(original, "JPEG", icc_profile=luma_and_chroma())))[0]
    assert max(tinted) - min(tinted) > 30
    half = original.convert("LA")
    half.putalpha(128)
    assert shown(made(saved(half, icc_profile=luma_and_chroma()))).getpixel((8, 8))[3] == 128


def test_greys_are_converted_from_their_own_profile():
    original = Image.new("L", (16, 16), 100)
    derivative = made(saved(original, icc_profile=grey_gamma()))
    assert apart(seen(derivative), [(119, 119, 119)]) <= 1
    assert shown(derivative).mode == "L"


def test_black_is_compensated_only_where_it_is_black():
    """lcms takes noughts for black. Where they are a bright green, everything else became far too dark."""
    original = Image.new("RGB", (16, 16), (128, 128, 128))
    assert apart(seen(made(saved(original, icc_profile=luma_and_chroma()))), [(119, 119, 119)]) <= 1
    inks = Image.new("CMYK", (16, 16), (0, 0, 0, 255))
    paper = seen(made(saved(inks, "JPEG", quality=95, icc_profile=print_cmyk())))[0]
    assert max(paper) < 50
