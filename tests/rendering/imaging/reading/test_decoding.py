"""A reduced decode shows the same as a full one."""

import pytest
from PIL import Image, ImageOps

from rendering.imaging.frame.geometry import Box, Fit

from ..pictures import corners, difference, gradient, made, saved, shown


@pytest.mark.parametrize("scale", [2, 3, 5, 8, 11, 12, 23])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_reduced_decode_shows_the_same_as_a_full_one(scale, mode):
    original = ImageOps.expand(gradient(60 * scale, 40 * scale), border=0).convert(mode)
    content = saved(original, "JPEG", quality=95)
    expected = original.convert("RGB" if mode == "CMYK" else mode).resize((60, 40), Image.Resampling.LANCZOS)
    assert difference(shown(made(content, width=60, height=40)), expected) < 2.5


@pytest.mark.parametrize("size", [(1000, 700), (997, 701), (1023, 769), (33, 4000)])
def test_a_reduced_decode_of_an_odd_size_is_not_shifted(size):
    original = corners(*size)
    content = saved(original, "JPEG", quality=95, subsampling=0)
    expected = original.resize((33, 27), Image.Resampling.LANCZOS, box=(3, 5, size[0] - 3, size[1] - 5))
    derivative = made(content, width=33, height=27, fit=Fit.STRETCH, crop=Box(3, 5, size[0] - 3, size[1] - 5))
    assert difference(shown(derivative), expected) < 4


def test_grey_is_decoded_as_grey():
    content = saved(gradient(1200, 800), "JPEG", quality=95)
    grey = shown(made(content, "grayscale()", width=60))
    assert grey.mode == "L"
    assert difference(grey, shown(made(content, width=60)).convert("L")) < 2
