"""Every mode of pixels that files have becomes one that browsers show."""

import pytest
from PIL import Image, ImageCms

from ..pictures import corners, difference, gradient, made, near, saved, shown


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("1", "L"),
        ("L", "L"),
        ("P", "RGB"),
        ("LA", "L"),  # opaque
        ("RGBA", "RGB"),
        ("CMYK", "RGB"),
        ("YCbCr", "RGB"),
        ("LAB", "RGB"),
        ("I;16", "L"),
        ("I", "L"),
        ("F", "L"),
    ],
)
def test_every_mode_becomes_one_that_browsers_show(mode, expected):
    grey = gradient(mode="L")
    if mode == "LAB":
        profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        original = ImageCms.profileToProfile(gradient(), *profiles, outputMode="LAB")
    elif mode in ("I;16", "I"):
        original = grey.convert("I").point(lambda value: value * 257).convert(mode)
    else:
        original = gradient().convert(mode) if mode in ("RGBA", "CMYK", "YCbCr") else grey.convert(mode)
    if mode == "P":
        original = gradient().quantize(256)
    derivative = shown(made(saved(original, "TIFF")))
    assert derivative.mode == expected
    if mode != "1":
        wanted = grey if expected == "L" else gradient()
        assert difference(derivative, wanted) < 6, mode


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((0.0, 0.5, 1.0), (0, 127, 255)),
        ((0.0, 100.0, 255.0), (0, 100, 255)),
        ((-1.0, 0.0, 1.0), (0, 127, 255)),
        ((0.0, 5000.0, 10000.0), (0, 127, 255)),
        ((0.0, float("nan"), 1.0), None),
        ((0.0, float("inf"), 1.0), None),
    ],
)
def test_floating_point_greys_are_shown_from_black_to_white(values, expected):
    image = Image.new("F", (3, 1))
    image.putdata(values)
    derivative = shown(made(saved(image, "TIFF")))
    if expected:
        assert near(tuple(derivative.tobytes()), expected, 1)


@pytest.mark.parametrize("depth", [-1000, 100_000])
def test_greys_of_32_bits_are_shown_from_black_to_white(depth):
    image = Image.new("I", (3, 1))
    image.putdata((0, depth // 2, depth))
    assert near(tuple(shown(made(saved(image, "TIFF"))).tobytes()), sorted((0, 127, 255), reverse=depth < 0), 2)


def test_a_transparent_palette_colour_is_transparent():
    image = corners().quantize(4)
    transparent = image.getpixel((10, 10))
    derivative = shown(made(saved(image, "PNG", transparency=transparent)))
    assert derivative.mode == "RGBA"
    assert derivative.getpixel((10, 10))[3] == 0
    assert derivative.getpixel((110, 70))[3] == 255


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_transparent_colour_without_a_palette_is_transparent(mode):
    image = Image.new(mode, (8, 8), 0)
    derivative = shown(made(saved(image, "PNG", transparency=0 if mode == "L" else (0, 0, 0))))
    assert derivative.getchannel("A").getextrema() == (0, 0)
