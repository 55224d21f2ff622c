"""Colour profiles are carried out and left out."""

import logging

import pytest
from PIL import Image, ImageCms

from rendering.imaging.reading.profiles import cached_transform

from ..pictures import SRGB, made, near, saved, shown


def adobe_like():
    """A profile whose red is much redder than sRGB's: sRGB's own with two primaries exchanged."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = (profile.index(tag, 128) for tag in (b"rXYZ", b"gXYZ"))
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)


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
    assert cached_transform(adobe_like(), "RGB") is not None


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        (b"garbage", "cannot be used"),
        (SRGB[:300], "cannot be used"),
        (SRGB + bytes(1024 * 1024), "bytes"),
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


def test_a_profile_for_other_colours_than_the_pictures_is_ignored():
    original = Image.new("L", (16, 16), 100)
    assert shown(made(saved(original, icc_profile=SRGB))).getpixel((8, 8)) == 100
